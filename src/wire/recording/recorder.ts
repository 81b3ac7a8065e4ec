import { Child, type ChildEnd } from '../../child/child.ts';
import type { Sample } from '../../sample/sample.ts';
import { SampleEncoder } from '../sample-encoder.ts';

/** Writes samples to a file in a child process. Never waits, never throws. */
export interface Recorder {
  /** Queues a sample. When a slow disk has filled the queue, samples are dropped. */
  readonly write: (sample: Sample) => void;
  /** Ends the recording. A writer that hangs is abandoned after `patienceMs`, so this always resolves. */
  readonly close: (patienceMs?: number) => Promise<RecorderState>;
}

export interface RecorderState {
  /** `failed`: writing stopped, `detail` says why. `ended`: closed, and everything is in the file. */
  readonly status: 'starting' | 'recording' | 'ended' | 'failed';
  readonly file: string;
  /** Bytes of all parts of the recording. */
  readonly bytes: number;
  /** Samples that are safe in the file. */
  readonly samples: number;
  /** Samples dropped because the disk was too slow. */
  readonly dropped: number;
  /** One line for the reader; null if there is nothing to say. */
  readonly detail: string | null;
}

interface RecorderOptions {
  /** How to run this program: node, its flags, the script. */
  readonly command: readonly string[];
  readonly file: string;
  /** Options of the writer: `--max-size`, `--max-age`. */
  readonly args: readonly string[];
  readonly onState: (state: RecorderState) => void;
}

/** The JSON line that the writer prints after each flush. */
export interface WriterReport {
  readonly bytes: number;
  readonly samples: number;
}

/** 30s of a node with 10,000 containers. */
const maxWaitingBytes = 64 * 1024 * 1024;
const defaultPatienceMs = 5000;

/**
 * Starts recording to a file.
 *
 * A child writes the file, because its disk may be the one that hangs: a write that hangs in the kernel cannot be
 * cancelled, and a Node process blocked in one cannot exit.
 */
export function openRecorder(options: RecorderOptions): Recorder {
  return new ChildRecorder(options);
}

class ChildRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #child: Child;
  readonly #encoder = new SampleEncoder();
  readonly #ended = Promise.withResolvers<void>();
  #state: RecorderState;
  #closing = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#state = { status: 'starting', file: options.file, bytes: 0, samples: 0, dropped: 0, detail: null };
    this.#child = new Child({
      // `--`: a file name must not be taken for an option.
      command: [...options.command, 'write-recording', ...options.args, '--', options.file],
      hasInput: true,
      onLine: (line) => this.#hear(line),
      onEnd: (end) => this.#end(end),
    });
  }

  readonly write = (sample: Sample): void => {
    if (this.#closing || this.#isOver()) return;
    if (this.#child.waitingBytes > maxWaitingBytes) {
      const dropped = this.#state.dropped + 1;
      this.#update({ dropped, detail: `${dropped} samples dropped: the disk is too slow` });
      return;
    }
    this.#child.write(this.#encoder.encode(sample));
  };

  readonly close = async (patienceMs = defaultPatienceMs): Promise<RecorderState> => {
    this.#closing = true;
    this.#child.endInput();
    const patience = setTimeout(() => {
      this.#update({ status: 'failed', detail: `${this.#options.file}: writing hangs, gave up` });
      this.#child.abandon();
      this.#ended.resolve();
    }, patienceMs);
    await this.#ended.promise;
    clearTimeout(patience);
    return this.#state;
  };

  #hear(line: string): void {
    const { bytes, samples } = JSON.parse(line) as WriterReport;
    if (!this.#isOver()) this.#update({ status: 'recording', bytes, samples });
  }

  #end({ kind, code, signal, error, complaint }: ChildEnd): void {
    if (!this.#isOver()) {
      const isGood = code === 0 && this.#closing;
      const how = kind === 'signal' ? `the writer got ${signal}` : 'the writer exited';
      const reason = error === null ? how : `the writer does not start: ${error.message}`;
      this.#update(isGood ? { status: 'ended' } : { status: 'failed', detail: complaint ?? reason });
    }
    this.#ended.resolve();
  }

  #isOver(): boolean {
    return this.#state.status === 'ended' || this.#state.status === 'failed';
  }

  #update(change: Partial<RecorderState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState(this.#state);
  }
}
