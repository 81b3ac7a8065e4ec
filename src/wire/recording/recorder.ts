import { Child, type ChildEnd } from '../../child/child.ts';
import type { Sample } from '../../sample/sample.ts';
import { encodeSample } from '../ndjson.ts';

/** Writes Samples to a file, in a process of its own. Nothing here waits, and nothing throws. */
export interface Recorder {
  /** Takes a Sample. While the disk does not keep up Samples wait, in bounded memory; those beyond that are left out. */
  readonly write: (sample: Sample) => void;
  /** Ends the recording. A writer that the disk holds up is let go after `patienceMs`: the answer always comes. */
  readonly close: (patienceMs?: number) => Promise<RecorderState>;
}

export interface RecorderState {
  /** `failed`: it writes no more, `detail` says why. `ended`: closed, and all is in the file. */
  readonly status: 'starting' | 'recording' | 'ended' | 'failed';
  readonly file: string;
  /** Bytes of the recording, all its parts together. */
  readonly bytes: number;
  /** Samples that are safe in the file. */
  readonly samples: number;
  /** Samples that were left out because the disk did not keep up. */
  readonly leftOut: number;
  /** One line for a person; null when there is nothing to say. */
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

/** What the writer says after each flush, as a line of JSON. */
export interface WriterReport {
  readonly bytes: number;
  readonly samples: number;
}

/** Half a minute of a node with ten thousand containers. */
const maxWaitingBytes = 64 * 1024 * 1024;
const defaultPatienceMs = 5000;

/**
 * Starts recording to a file.
 *
 * The file is written by a child, because the disk it is on may be the one that hangs: a write that hangs in the kernel
 * cannot be cancelled, and a Node process with one cannot even exit.
 */
export function openRecorder(options: RecorderOptions): Recorder {
  return new ChildRecorder(options);
}

class ChildRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #child: Child;
  readonly #ended = Promise.withResolvers<void>();
  #state: RecorderState;
  #closing = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#state = { status: 'starting', file: options.file, bytes: 0, samples: 0, leftOut: 0, detail: null };
    this.#child = new Child({
      // `--` so that no name of a file is taken for an option.
      command: [...options.command, 'write-recording', ...options.args, '--', options.file],
      hasInput: true,
      onLine: (line) => this.#hear(line),
      onEnd: (end) => this.#end(end),
    });
  }

  readonly write = (sample: Sample): void => {
    if (this.#closing || this.#isOver()) return;
    if (this.#child.waitingBytes > maxWaitingBytes) {
      const leftOut = this.#state.leftOut + 1;
      this.#tell({ leftOut, detail: `the disk does not keep up: ${leftOut} Samples were left out` });
      return;
    }
    this.#child.write(encodeSample(sample));
  };

  readonly close = async (patienceMs = defaultPatienceMs): Promise<RecorderState> => {
    this.#closing = true;
    this.#child.endInput();
    const patience = setTimeout(() => {
      this.#tell({ status: 'failed', detail: `${this.#options.file}: the disk does not take it; given up waiting` });
      this.#child.abandon();
      this.#ended.resolve();
    }, patienceMs);
    await this.#ended.promise;
    clearTimeout(patience);
    return this.#state;
  };

  #hear(line: string): void {
    const { bytes, samples } = JSON.parse(line) as WriterReport;
    if (!this.#isOver()) this.#tell({ status: 'recording', bytes, samples });
  }

  #end({ kind, code, signal, error, complaint }: ChildEnd): void {
    if (!this.#isOver()) {
      const isGood = code === 0 && this.#closing;
      const how = kind === 'signal' ? `the writer got ${signal}` : 'the writer ended';
      const reason = error === null ? how : `the writer cannot be run: ${error.message}`;
      this.#tell(isGood ? { status: 'ended' } : { status: 'failed', detail: complaint ?? reason });
    }
    this.#ended.resolve();
  }

  #isOver(): boolean {
    return this.#state.status === 'ended' || this.#state.status === 'failed';
  }

  #tell(change: Partial<RecorderState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState(this.#state);
  }
}
