import path from 'node:path';
import { Child } from '../child/child.ts';
import type { Sample } from '../sample/sample.ts';
import { openRecorder, type Recorder, type RecorderState } from '../wire/recording/recorder.ts';

export interface KeyRecorderOptions {
  /** How to run this program. */
  readonly command: readonly string[];
  /** Where recordings go; made when it is not there. */
  readonly folder: string;
}

const maxBytes = 1_000_000_000;
const folderDeadlineMs = 5000;
const quitPatienceMs = 2000;

/** The recording that a key starts and ends. Whatever becomes of it, the screen goes on. */
export class KeyRecorder {
  readonly #options: KeyRecorderOptions;
  #recorder: Recorder | null = null;
  #state: RecorderState | null = null;
  #onState: (state: RecorderState) => void = () => {};
  /** Counts the starts: what is said of an older recording is nobody's. */
  #starts = 0;

  constructor(options: KeyRecorderOptions) {
    this.#options = options;
  }

  /** Whether one is being made, or about to be. */
  get isOn(): boolean {
    return this.#state !== null && (this.#state.status === 'starting' || this.#state.status === 'recording');
  }

  /** The newest state of the present recording, or of the last one; null before the first. */
  get state(): RecorderState | null {
    return this.#state;
  }

  /**
   * Begins a new file.
   *
   * @param host name of the node, for the name of the file
   * @param before what came in the last while: why one presses the key has been on the screen already
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
    void Promise.all([makeFolder(folder), collect(before)]).then(([, earlier]) => {
      if (!isStill()) return;
      this.#recorder = openRecorder({
        ...{ command, file, args: ['--max-size', String(maxBytes)] },
        onState: (state) => {
          if (start === this.#starts) this.#tell(state);
        },
      });
      for (const sample of [...earlier, ...waiting]) this.#recorder.write(sample);
    });
  }

  write(sample: Sample): void {
    if (this.isOn) this.#recorder?.write(sample);
  }

  /** Ends it; the answer always comes. */
  async stop(patienceMs?: number): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (recorder !== null && this.isOn) this.#tell(await recorder.close(patienceMs));
  }

  /** Ends it because the screen does: briefly. */
  async close(): Promise<void> {
    this.#onState = () => {};
    await this.stop(quitPatienceMs);
  }

  #tell(state: RecorderState): void {
    this.#state = state;
    this.#onState(state);
  }

  /** Nothing was written yet. */
  #end(file: string): RecorderState {
    return { status: 'ended', file, bytes: 0, samples: 0, dropped: 0, detail: null };
  }
}

async function collect(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const sample of samples) all.push(sample);
  return all;
}

/** In a process of its own: the disk may hang, and a call that hangs in this one would keep it from ending. */
function makeFolder(folder: string): Promise<void> {
  return new Promise((resolve) => {
    new Child({
      command: ['mkdir', '-p', '-m', '0700', '--', folder],
      deadlineMs: folderDeadlineMs,
      // The writer of the file says what is wrong with the folder.
      onEnd: () => resolve(),
    });
  });
}
