import { formatSeconds } from '../../base/durations.ts';
import type { Known } from '../../export/known.ts';
import type { Sample } from '../../sample/sample.ts';
import { clean } from '../../view/text.ts';
import { openRecorder, type Recorder } from '../../wire/recording/recorder.ts';
import { passOnBounds, type RecordingBounds } from '../options/recording-bounds.ts';
import { newRecordingIn } from '../recording/recording-folder.ts';

interface FlightRecorderOptions extends RecordingBounds {
  /** How to run this program. */
  readonly command: readonly string[];
  readonly folder: string;
  /** From a failure to the next file. Default: 1m. */
  readonly retryMs?: number;
}

const defaultRetryMs = 60_000;
const closePatienceMs = 3000;

/** Records beside the metrics. What fails here never stops them: the disk is often what the node is sick of. */
export class FlightRecorder {
  readonly #options: FlightRecorderOptions;
  #recorder: Recorder | null = null;
  #retry: NodeJS.Timeout | undefined;
  #isUp = false;
  /** Dropped by the recordings before this one, and by this one. */
  #droppedBefore = 0;
  #dropped = 0;
  #isClosing = false;

  constructor(options: FlightRecorderOptions) {
    this.#options = options;
    this.#open();
  }

  get known(): NonNullable<Known['recorder']> {
    return { isUp: this.#isUp, droppedSamples: this.#droppedBefore + this.#dropped };
  }

  write(sample: Sample): void {
    this.#recorder?.write(sample);
  }

  /** Ends the recording; always resolves. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#retry);
    await this.#recorder?.close(closePatienceMs);
  }

  #open(): void {
    const file = newRecordingIn(this.#options.folder);
    this.#recorder = openRecorder({
      command: this.#options.command,
      file,
      args: [...passOnBounds(this.#options), '--prune'],
      onState: ({ status, dropped, detail }) => {
        this.#dropped = dropped;
        const isUp = status === 'recording';
        if (isUp && !this.#isUp) process.stderr.write(`rtwatch: recording to ${clean(file)}\n`);
        this.#isUp = isUp;
        if (status === 'failed') this.#failed(detail ?? file);
      },
    });
  }

  #failed(detail: string): void {
    const { retryMs = defaultRetryMs } = this.#options;
    const next = this.#isClosing ? '' : `. The metrics go on; the next try is in ${formatSeconds(retryMs / 1000)}`;
    process.stderr.write(`rtwatch: not recording: ${clean(detail)}${next}\n`);
    this.#recorder = null;
    this.#droppedBefore += this.#dropped;
    this.#dropped = 0;
    if (!this.#isClosing) this.#retry = setTimeout(() => this.#open(), retryMs);
  }
}
