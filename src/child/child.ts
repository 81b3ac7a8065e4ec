import type { ChildProcess } from 'node:child_process';
import { Lines } from './lines.ts';
import { restBetweenReads } from './rest-between-reads.ts';
import { startProgram } from './start.ts';

export interface ChildOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Called with each line of standard output. If it throws, the child is stopped with that error. */
  readonly onLine?: (line: string) => void;
  /** Called with standard output as it comes, instead of lines. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** Called with standard error as it comes; its tail is kept in any case. */
  readonly onComplaint?: (text: string) => void;
  /** Called once, when the child exits or its deadline passes; never after `abandon`. */
  readonly onEnd?: (end: ChildEnd) => void;
  /** Enables `write` and `endInput`; otherwise standard input is empty. */
  readonly hasInput?: boolean;
  /** The descriptor of an open file that is its standard input. The caller closes it. */
  readonly inputFd?: number | undefined;
  /**
   * It gets a session of its own: it has no terminal, so it can ask nothing there, and `abandon` also kills what it started. Without it,
   * Ctrl-C and a terminal that goes reach it.
   */
  readonly hasOwnSession?: boolean;
  /** After this it is abandoned, in milliseconds. Default: never. */
  readonly deadlineMs?: number;
  /** A longer line, in characters, stops the child. Default: 64 Mi. */
  readonly maxLineLength?: number;
  /** Lines that come within this after others, in milliseconds, may be given with them. Default: 0. */
  readonly restMs?: number;
}

export interface ChildEnd {
  /** `deadline`: abandoned after its deadline, or after the grace of `stop`; `failed`: it did not start, or `onLine` threw. */
  readonly kind: 'exited' | 'signal' | 'deadline' | 'failed';
  /** The exit code; null unless it exited. */
  readonly code: number | null;
  /** Null unless a signal killed it. */
  readonly signal: NodeJS.Signals | null;
  /** Null unless it failed. */
  readonly error: Error | null;
  /** The line of standard error that says why; null if there is none. */
  readonly complaint: string | null;
}

/** Kept characters of standard error. */
const keptComplaint = 4000;

/**
 * An expendable child process. A read or write that hangs in the kernel ignores SIGKILL, and a Node process that waits for
 * such a child cannot exit: so nothing here waits. An abandoned child calls back no more, and neither it nor its pipes
 * keep this process running.
 */
export class Child {
  readonly #child: ChildProcess;
  readonly #onEnd: (end: ChildEnd) => void;
  #deadline: NodeJS.Timeout | undefined;
  readonly #hasOwnSession: boolean;
  #complaint = '';
  #isOver = false;

  constructor(options: ChildOptions) {
    const { command, hasInput = false, hasOwnSession = false, deadlineMs } = options;
    this.#onEnd = options.onEnd ?? (() => {});
    this.#hasOwnSession = hasOwnSession;
    const input = options.inputFd ?? (hasInput ? 'pipe' : 'ignore');
    this.#child = startProgram(command, { stdio: [input, 'pipe', 'pipe'], detached: hasOwnSession });
    const { stdin, stdout, stderr } = this.#child;
    // EPIPE: the exit of the child says why.
    stdin?.on('error', () => {});
    if (options.onBytes !== undefined) stdout?.on('data', options.onBytes);
    else this.#readLines(options);
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-keptComplaint);
      options.onComplaint?.(text);
    });
    this.#child.on('error', (error) => this.#end('failed', { error }));
    this.#child.on('close', (code, signal) => this.#end(signal === null ? 'exited' : 'signal', { code, signal }));
    if (deadlineMs !== undefined) this.#endWithin(deadlineMs);
  }

  /** Whether the process still exists: a hung read may ignore SIGKILL. */
  get isLeft(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The tail of standard error. */
  get complaints(): string {
    return this.#complaint;
  }

  /** Bytes that the child has not read yet. */
  get waitingBytes(): number {
    return this.#child.stdin?.writableLength ?? 0;
  }

  /** Writes to standard input. Unread bytes are buffered in memory. */
  write(text: string): void {
    const { stdin } = this.#child;
    if (!this.#isOver && stdin?.writable) stdin.write(text);
  }

  endInput(text = ''): void {
    if (!this.#isOver) this.#child.stdin?.end(text);
  }

  /** Asks it to exit; `onEnd` is still called. */
  signal(name: NodeJS.Signals): void {
    if (this.isLeft) this.#kill(name);
  }

  /** Asks it to exit. After the grace, in milliseconds, it is abandoned; `onEnd` is called in either case. */
  stop(graceMs: number): void {
    if (this.#isOver) return;
    this.signal('SIGTERM');
    this.#endWithin(graceMs);
  }

  /** Sends SIGKILL and does not wait: it may never exit. */
  abandon(): void {
    this.#isOver = true;
    this.#letGo();
  }

  #readLines({ onLine = () => {}, maxLineLength, restMs = 0 }: ChildOptions): void {
    const lines = new Lines(maxLineLength);
    const take = (whole: () => readonly string[]): void => {
      try {
        for (const line of whole()) if (!this.#isOver) onLine(line);
      } catch (error) {
        this.#letGo();
        this.#end('failed', { error: error instanceof Error ? error : new Error(String(error)) });
      }
    };
    const { stdout } = this.#child;
    stdout?.setEncoding('utf8').on('data', (text: string) => take(() => lines.feed(text)));
    if (stdout && restMs > 0) restBetweenReads(stdout, restMs);
    // The last line may lack its newline.
    stdout?.on('end', () => take(() => [lines.rest()].filter((rest) => rest !== '')));
  }

  #endWithin(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.#letGo();
      this.#end('deadline', {});
    }, ms);
  }

  #letGo(): void {
    clearTimeout(this.#deadline);
    if (this.isLeft) this.#kill('SIGKILL');
    for (const stream of this.#child.stdio ?? []) stream?.destroy();
    this.#child.unref();
  }

  #kill(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (!this.#hasOwnSession || pid === undefined) {
      this.#child.kill(name);
      return;
    }
    try {
      process.kill(-pid, name);
    } catch {
      // ESRCH: it has just exited.
    }
  }

  #end(kind: ChildEnd['kind'], known: Partial<ChildEnd>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    const complaint = complaintOf(this.#complaint);
    this.#onEnd({ kind, code: null, signal: null, error: null, complaint, ...known });
  }
}

/** The line that says why: our errors have one line, and Node prints a stack below its message. */
function complaintOf(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((line) => /^(?:\w*Error|rtwatch): /.test(line)) ?? lines.at(-1);
  return line?.replace(/^rtwatch: /, '').trim() ?? null;
}
