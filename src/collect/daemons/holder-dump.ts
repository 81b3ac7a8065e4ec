import { formatMs } from '../../base/durations.ts';
import { WholeDumpParser } from '../../parse/go/goroutines/whole.ts';
import { failed, ok, type Reading } from '../../sample/reading.ts';
import type { FoldedStacks, WholeDump } from '../../sample/stacks.ts';
import { reasonOf } from '../reason.ts';
import type { DebugClient } from './debug-client.ts';
import { pileUps } from './pile-ups.ts';

const path = '/debug/pprof/goroutine?debug=2';
/** Listing each stops the daemon's world: for some ten milliseconds with so many. */
const maxGoroutines = 1000;
const minPeriodMs = 10 * 60_000;
const deadlineMs = 10_000;
/** A goroutine takes one to two kilobytes. */
const maxBytes = 8 * 1024 ** 2;

/**
 * The one whole dump that names the holder of a lock. It is requested when a pile-up is there in two folded reads in a row
 * and the daemon has few goroutines: once for that pile-up, answered or not, and never within ten minutes of another.
 */
export class HolderDump {
  readonly #client: DebugClient;
  #before: ReadonlySet<string> = new Set();
  /** Pile-ups that a dump was requested for; those that are over are forgotten. */
  #handled: ReadonlySet<string> = new Set();
  #requestedAt = Number.NEGATIVE_INFINITY;
  #abort: AbortController | null = null;
  #unsent: Reading<WholeDump> | null = null;

  constructor(client: DebugClient) {
    this.#client = client;
  }

  /** A request waits for its answer. */
  get open(): boolean {
    return this.#abort !== null;
  }

  /** Takes note of a folded read, and sends the request when it is time for it. */
  consider(folded: FoldedStacks): void {
    const now = pileUps(folded);
    const lasting = [...now].filter((name) => this.#before.has(name));
    this.#before = now;
    this.#handled = new Set([...this.#handled].filter((name) => now.has(name)));
    const isNew = lasting.some((name) => !this.#handled.has(name));
    const isAllowed = folded.total <= maxGoroutines && performance.now() - this.#requestedAt >= minPeriodMs;
    if (!isNew || !isAllowed || this.open) return;
    this.#handled = new Set([...this.#handled, ...lasting]);
    this.#requestedAt = performance.now();
    void this.#request();
  }

  /** The answer, once. */
  take(): Reading<WholeDump> | null {
    const reading = this.#unsent;
    this.#unsent = null;
    return reading;
  }

  stop(): void {
    this.#abort?.abort();
  }

  async #request(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const started = performance.now();
    const deadline = setTimeout(() => abort.abort(), deadlineMs);
    try {
      this.#unsent = ok(await readWhole(this.#client, abort.signal), performance.now() - started);
    } catch (error) {
      const reason = abort.signal.aborted ? `no answer within ${formatMs(deadlineMs)}` : reasonOf(error);
      this.#unsent = failed(`GET ${path}: ${reason}`);
    } finally {
      clearTimeout(deadline);
      this.#abort = null;
    }
  }
}

async function readWhole(client: DebugClient, signal: AbortSignal): Promise<WholeDump> {
  const parser = new WholeDumpParser();
  await client.read(path, { signal, maxBytes }, (piece) => parser.feed(piece));
  const { dump, error } = parser.end();
  if (dump.stacks.length === 0) throw new Error(error ?? 'no goroutines in it');
  return dump;
}
