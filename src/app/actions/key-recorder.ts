import path from 'node:path';
import type { Sample } from '../../sample/sample.ts';
import { openRecorder, type Recorder, type RecorderState } from '../../wire/recording/recorder.ts';

export interface KeyRecorderOptions {
  /** How to run this program. */
  readonly command: readonly string[];
  /** Where recordings go; created if missing. */
  readonly folder: string;
}

const maxBytes = 1_000_000_000;
const quitPatienceMs = 2000;

/** The recording that a key starts and stops. Its errors never stop the screen. */
export class KeyRecorder {
  readonly #options: KeyRecorderOptions;
  #recorder: Recorder | null = null;
  #state: RecorderState | null = null;
  #onState: (state: RecorderState) => void = () => {};
  /** Counts the starts: states of older recordings are ignored. */
  #starts = 0;

  constructor(options: KeyRecorderOptions) {
    this.#options = options;
  }

  /** Whether a recording is running or starting. */
  get isOn(): boolean {
    return this.#state !== null && (this.#state.status === 'starting' || this.#state.status === 'recording');
  }

  /** State of the current or last recording; null before the first. */
  get state(): RecorderState | null {
    return this.#state;
  }

  /**
   * Starts a new file.
   *
   * @param host name of the node, for the name of the file
   * @param before the samples just before: they show why the key was pressed
   */
  start(host: string, before: AsyncIterable<Sample>, onState: (state: RecorderState) => void): void {
    const { command, folder } = this.#options;
    const name = host.replaceAll(/[^A-Za-z0-9.-]+/g, '-').slice(0, 64);
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    const file = path.join(folder, `rtwatch-${name}-${time}Z.zst`);
    const start = ++this.#starts;
    this.#onState = onState;
    this.#state = { status: 'starting', file, bytes: 0, samples: 0, dropped: 0, detail: null };
    const waiting: Sample[] = [];
    this.#recorder = { write: (sample) => void waiting.push(sample), close: () => Promise.resolve(this.#end(file)) };
    const isStill = (): boolean => start === this.#starts && this.isOn;
    void collect(before).then((earlier) => {
      if (!isStill()) return;
      this.#recorder = openRecorder({
        command,
        file,
        args: ['--make-folder', '--max-size', String(maxBytes)],
        onState: (state) => {
          if (start === this.#starts) this.#update(state);
        },
      });
      for (const sample of [...earlier, ...waiting]) this.#recorder.write(sample);
    });
  }

  write(sample: Sample): void {
    if (this.isOn) this.#recorder?.write(sample);
  }

  /** Stops it; always resolves. */
  async stop(patienceMs?: number): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (recorder !== null && this.isOn) this.#update(await recorder.close(patienceMs));
  }

  /** Stops it with little patience, because the screen quits. */
  async close(): Promise<void> {
    this.#onState = () => {};
    await this.stop(quitPatienceMs);
  }

  #update(state: RecorderState): void {
    this.#state = state;
    this.#onState(state);
  }

  /** Nothing is written yet. */
  #end(file: string): RecorderState {
    return { status: 'ended', file, bytes: 0, samples: 0, dropped: 0, detail: null };
  }
}

async function collect(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const sample of samples) all.push(sample);
  return all;
}
