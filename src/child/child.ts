import { type ChildProcess, spawn } from 'node:child_process';
import { Lines } from './lines.ts';

export interface ChildOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Called with each whole line of standard output. What it throws ends the child, and is the error of its end. */
  readonly onLine?: (line: string) => void;
  /** Called with standard output as it comes, instead of lines. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** Called with standard error as it comes; its tail is kept in any case. */
  readonly onComplaint?: (text: string) => void;
  /** Called once, when the child ended by itself or its deadline is over; never after `abandon`. */
  readonly onEnd?: (end: ChildEnd) => void;
  /** It gets `write` and `endInput`; else its standard input is empty. */
  readonly hasInput?: boolean;
  /** After this it is abandoned, in milliseconds. Default: never. */
  readonly deadlineMs?: number;
  /** A line longer than this, in characters, ends the child. Default: 64 Mi. */
  readonly maxLineLength?: number;
}

export interface ChildEnd {
  /** `deadline`: it was abandoned because its time was over; `failed`: it did not start, or what it wrote was refused. */
  readonly kind: 'exited' | 'signal' | 'deadline' | 'failed';
  /** Its exit code; null unless it exited. */
  readonly code: number | null;
  /** Null unless a signal ended it. */
  readonly signal: NodeJS.Signals | null;
  /** Null unless it failed. */
  readonly error: Error | null;
  /** The line of standard error that says why; null when there is none. */
  readonly complaint: string | null;
}

/** Characters of standard error that are kept. */
const keptComplaint = 4000;

/**
 * A child process that can be done without. A read or write that hangs in the kernel ignores SIGKILL for as long as it
 * hangs, and a Node process that waits for one cannot exit: so nothing here waits. Nothing is heard of a child after it was
 * abandoned, and neither it nor its pipes keep this process running.
 */
export class Child {
  readonly #child: ChildProcess;
  readonly #onEnd: (end: ChildEnd) => void;
  readonly #deadline: NodeJS.Timeout | undefined;
  #complaint = '';
  #isOver = false;

  constructor(options: ChildOptions) {
    const { command, hasInput = false, deadlineMs } = options;
    const [program = '', ...args] = command;
    this.#onEnd = options.onEnd ?? (() => {});
    this.#child = spawn(program, args, { stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#child;
    // The reader is gone: how the child ended says why.
    stdin?.on('error', () => {});
    if (options.onBytes !== undefined) stdout?.on('data', options.onBytes);
    else this.#readLines(options);
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-keptComplaint);
      options.onComplaint?.(text);
    });
    this.#child.on('error', (error) => this.#end('failed', { error }));
    this.#child.on('close', (code, signal) => this.#end(signal === null ? 'exited' : 'signal', { code, signal }));
    if (deadlineMs !== undefined) {
      this.#deadline = setTimeout(() => {
        this.#letGo();
        this.#end('deadline', {});
      }, deadlineMs);
    }
  }

  /** Whether the kernel still has it: a read that hangs may ignore SIGKILL for as long as it hangs. */
  get isLeft(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The tail of standard error. */
  get complaints(): string {
    return this.#complaint;
  }

  /** Bytes that wait for the child to read them. */
  get waitingBytes(): number {
    return this.#child.stdin?.writableLength ?? 0;
  }

  /** Writes to its standard input; what it does not read waits in memory. */
  write(text: string): void {
    const { stdin } = this.#child;
    if (!this.#isOver && stdin !== null && stdin.writable) stdin.write(text);
  }

  endInput(text = ''): void {
    if (!this.#isOver) this.#child.stdin?.end(text);
  }

  /** Asks it to exit; how it ended is still heard. */
  signal(name: NodeJS.Signals): void {
    if (this.isLeft) this.#child.kill(name);
  }

  /** Sends SIGKILL and lets go of it without waiting: it may never exit. */
  abandon(): void {
    this.#isOver = true;
    this.#letGo();
  }

  #readLines({ onLine = () => {}, maxLineLength }: ChildOptions): void {
    const lines = new Lines(maxLineLength);
    const take = (whole: () => readonly string[]): void => {
      try {
        for (const line of whole()) if (!this.#isOver) onLine(line);
      } catch (error) {
        this.#letGo();
        this.#end('failed', { error: error instanceof Error ? error : new Error(String(error)) });
      }
    };
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => take(() => lines.feed(text)));
    // The last line may lack its newline.
    this.#child.stdout?.on('end', () => take(() => [lines.rest()].filter((rest) => rest !== '')));
  }

  #letGo(): void {
    clearTimeout(this.#deadline);
    this.#child.kill('SIGKILL');
    for (const stream of this.#child.stdio) stream?.destroy();
    this.#child.unref();
  }

  #end(kind: ChildEnd['kind'], known: Partial<ChildEnd>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    const complaint = complaintOf(this.#complaint);
    this.#onEnd({ kind, code: null, signal: null, error: null, complaint, ...known });
  }
}

/** The line that says why: Node prints a stack below its message, and our own errors have one line. */
function complaintOf(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((line) => /^(?:\w*Error|rtwatch): /.test(line)) ?? lines.at(-1);
  return line?.replace(/^rtwatch: /, '').trim() ?? null;
}
