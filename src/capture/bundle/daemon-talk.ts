import { formatMs } from '../../base/durations.ts';
import { reasonOf } from '../../collect/reason.ts';

/** The body of a GET as it arrives. */
export type Ask = (path: string, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** A whole answer, or as much of it as came. */
interface Answer {
  readonly bytes: Uint8Array;
  readonly tookMs: number;
  /** Why the rest is missing; null when it is whole. */
  readonly cut: string | null;
}

/** Why there is no answer. */
export class NoAnswer extends Error {
  /** It did not answer in time. */
  readonly silent: boolean;
  /** It did answer, with this HTTP status; null when it did not. */
  readonly status: number | null;

  constructor(reason: string, silent: boolean, status: number | null = null) {
    super(reason);
    this.silent = silent;
    this.status = status;
  }
}

/** A daemon that left so many requests unanswered gets no more: each one stays open in it. */
const maxSilences = 2;

/**
 * One conversation with one daemon: one question at a time, each with a deadline, all together with one too.
 */
export class DaemonTalk {
  readonly #ask: Ask;
  readonly #until: number;
  readonly #deadline: (ms: number) => AbortSignal;
  #silences = 0;
  /** Whether it ever said anything. */
  answered = false;

  /**
   * @param untilMs when it has to be over, on the clock of `performance.now()`
   * @param deadline aborts after so many milliseconds
   */
  constructor(ask: Ask, untilMs: number, deadline = (ms: number): AbortSignal => AbortSignal.timeout(ms)) {
    this.#ask = ask;
    this.#until = untilMs;
    this.#deadline = deadline;
  }

  /**
   * Sends one request, for an answer of so many bytes at most. An answer that breaks off is returned as far as it arrived.
   *
   * @throws NoAnswer
   */
  async get(path: string, deadlineMs: number, maxBytes: number): Promise<Answer> {
    if (this.#silences >= maxSilences) throw new NoAnswer('not requested: earlier requests got no answer', false);
    const leftMs = Math.floor(Math.min(deadlineMs, this.#until - performance.now()));
    if (leftMs <= 0) throw new NoAnswer('not requested: no time left', false);
    const signal = this.#deadline(leftMs);
    const started = performance.now();
    const parts: Uint8Array[] = [];
    let length = 0;
    let cut: string | null = null;
    try {
      for await (const part of await this.#ask(path, signal)) {
        parts.push(part);
        length += part.length;
        if (length <= maxBytes) continue;
        cut = `cut off at ${maxBytes} bytes`;
        break;
      }
    } catch (error) {
      const reason = signal.aborted ? `no answer within ${formatMs(leftMs)}` : reasonOf(error);
      if (length === 0) {
        if (signal.aborted) this.#silences++;
        const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : null;
        throw new NoAnswer(reason, signal.aborted, status);
      }
      cut = signal.aborted ? `cut off after ${formatMs(leftMs)}` : `broke off: ${reason}`;
    }
    this.#silences = 0;
    this.answered = true;
    return { bytes: Buffer.concat(parts).subarray(0, maxBytes), tookMs: performance.now() - started, cut };
  }

  /** Allows one more request: those before were about something else, and their silence may say nothing about the next. */
  forgive(): void {
    this.#silences = Math.min(this.#silences, maxSilences - 1);
  }
}
