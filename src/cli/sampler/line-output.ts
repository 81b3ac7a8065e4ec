import fs from 'node:fs';
import { codeOf } from '../../base/system-error.ts';

/** How long a line that must be out may block the sampler, in milliseconds. */
const longestWaitMs = 1000;
const stepMs = 2;
const retryMs = 20;
/** Standard output. */
const output = 1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes lines to standard output, in order.
 *
 * A Node.js stream buffers what a full pipe does not take, and writes it later. A sampler that announces a read and hangs in
 * it has no later: the last line that the reader gets then names an innocent file. Here, a line that must be out is in the
 * pipe before `write` returns, unless the reader takes nothing for a second.
 */
export class LineOutput {
  readonly #onClosed: (error: unknown) => void;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  /** The reader is stalled: do not wait for it again until it has taken everything. */
  #isStalled = false;
  #isClosed = false;

  /** @param onClosed called with the reason why writing is over (EPIPE: the reader went away) */
  constructor(onClosed: (error: unknown) => void) {
    this.#onClosed = onClosed;
  }

  /** What the reader has not taken yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** @param mustBeOut the next step may hang */
  write(line: string, mustBeOut: boolean): void {
    if (this.#isClosed) return;
    const length = Buffer.byteLength(line);
    // Mostly nothing waits and the pipe takes all: no copy is made.
    const written = this.#waitingBytes === 0 ? this.#tryWrite(line) : 0;
    if (written === length || this.#isClosed) return;
    this.#waiting.push(Buffer.from(line).subarray(written));
    this.#waitingBytes += length - written;
    this.#flush();
    if (mustBeOut) this.#wait();
  }

  /** The bytes that the reader's pipe took. */
  #tryWrite(line: string): number {
    try {
      return fs.writeSync(output, line);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') this.#close(error);
      return 0;
    }
  }

  #wait(): void {
    if (this.#isStalled) return;
    const until = performance.now() + longestWaitMs;
    while (this.#waitingBytes > 0) {
      if (performance.now() >= until) {
        this.#isStalled = true;
        return;
      }
      Atomics.wait(sleeper, 0, 0, stepMs);
      this.#flush();
    }
  }

  #flush(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    try {
      // One write for many small lines.
      while (this.#waitingBytes > 0) {
        // Kept joined: a reader that is stopped is tried fifty times a second, and each try would copy megabytes.
        if (this.#waiting.length > 1) this.#waiting = [Buffer.concat(this.#waiting)];
        const [all = Buffer.alloc(0)] = this.#waiting;
        const written = fs.writeSync(output, all);
        this.#waiting = written === all.length ? [] : [all.subarray(written)];
        this.#waitingBytes -= written;
      }
      this.#isStalled = false;
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') this.#retry = setTimeout(() => this.#flush(), retryMs);
      else this.#close(error);
    }
  }

  #close(error: unknown): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#onClosed(error);
  }
}
