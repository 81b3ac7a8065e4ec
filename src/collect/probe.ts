import { formatMs } from '../base/durations.ts';
import { absent, failed, ok, pending, type Reading } from '../sample/reading.ts';
import { meansAbsent, reasonOf } from './reason.ts';

interface ProbeOptions<T> {
  /** The request, for error texts: `GET /_ping`. */
  readonly what: string;
  /** From one question to the next, in milliseconds. */
  readonly periodMs: number;
  /** When an unanswered question is given up. */
  readonly deadlineMs: number;
  /** Sends the request; must return soon after the signal aborts. */
  readonly ask: (signal: AbortSignal) => Promise<T>;
}

/** An answer that takes longer than this shows as pending. */
const patienceMs = 1000;
/**
 * A failed request is repeated after this at the latest, the first time: a restart must not hide the version for a minute.
 */
const firstBackOffMs = 5000;
const longestBackOffMs = 30_000;

/**
 * A request that is repeated, never twice at once, always with a deadline, and less often while it fails. Callers read
 * `reading` and never wait.
 */
export class Probe<T> {
  readonly #options: ProbeOptions<T>;
  #reading: Reading<T>;
  #inFlight: { readonly since: number; readonly done: Promise<void>; readonly abort: AbortController } | null = null;
  #dueAt = 0;
  #failures = 0;
  #void = false;

  constructor(options: ProbeOptions<T>) {
    this.#options = options;
    this.#reading = pending(0, `${options.what}: not requested yet`);
  }

  /** The newest answer; `pending` while a question stays open for longer than a second. */
  get reading(): Reading<T> {
    const openMs = this.#inFlight === null ? 0 : performance.now() - this.#inFlight.since;
    if (openMs < patienceMs && this.#reading.status !== 'pending') return this.#reading;
    return this.#inFlight === null ? this.#reading : pending(openMs, `${this.#options.what}: no answer yet`);
  }

  /** Whether a question waits for its answer. */
  get open(): boolean {
    return this.#inFlight !== null;
  }

  /** Whether a request is due. */
  get due(): boolean {
    return this.#void || performance.now() >= this.#dueAt;
  }

  /**
   * Sends the request, if it is due and none is open. Resolves when the open request, if any, has finished; never rejects.
   */
  poll(): Promise<void> {
    if (this.#inFlight !== null) return this.#inFlight.done;
    if (!this.due) return Promise.resolve();
    const abort = new AbortController();
    const since = performance.now();
    const done = this.#ask(abort, since).finally(() => {
      this.#inFlight = null;
    });
    this.#inFlight = { since, done, abort };
    return done;
  }

  /** Makes the next poll send the request at once, or as soon as the open one has finished: what is known is void. */
  expire(): void {
    this.#void = true;
  }

  /** Gives up an open question. */
  stop(): void {
    this.#inFlight?.abort.abort(new Error('stopped'));
  }

  async #ask(abort: AbortController, since: number): Promise<void> {
    const { what, deadlineMs, periodMs, ask } = this.#options;
    const deadline = setTimeout(() => abort.abort(), deadlineMs);
    this.#void = false;
    try {
      // Not every library ends its promise when it is aborted (dockerode does not, once the headers have come).
      const value = await Promise.race([ask(abort.signal), rejectedBy(abort.signal)]);
      this.#reading = ok(value, performance.now() - since);
      this.#failures = 0;
      this.#dueAt = since + periodMs;
    } catch (error) {
      if (abort.signal.aborted) this.#reading = failed(`${what}: no answer within ${formatMs(deadlineMs)}`);
      else this.#reading = meansAbsent(error) ? absent(reasonOf(error)) : failed(`${what}: ${reasonOf(error)}`);
      this.#failures++;
      const backOff = Math.min(
        longestBackOffMs,
        Math.min(periodMs, firstBackOffMs) * 2 ** Math.min(this.#failures - 1, 5),
      );
      // Jitter, so that many rtwatch on a node do not send requests in step.
      this.#dueAt = performance.now() + backOff * (0.9 + Math.random() * 0.2);
    } finally {
      clearTimeout(deadline);
    }
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
