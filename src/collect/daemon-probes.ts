import { parseDebugVars } from '../parse/debug-vars.ts';
import { parseInfoGoroutines } from '../parse/engine-info.ts';
import { parseEngineVersion } from '../parse/engine-version.ts';
import { parseGoroutineCount } from '../parse/pprof-index.ts';
import type { DaemonVersion, GoHeap } from '../sample/daemons.ts';
import type { Reading } from '../sample/reading.ts';
import type { DebugClient } from './debug-client.ts';
import { Probe } from './probe.ts';

const heapPeriodMs = 5000;
const pingPeriodMs = 5000;
const versionPeriodMs = 60_000;
const infoPeriodMs = 10_000;
const deadlineMs = 5000;

/** The questions to one daemon's HTTP endpoint, each in its own period: cheap ones only, never a profile. */
export class DaemonProbes {
  readonly client: DebugClient;
  readonly heap: Probe<GoHeap>;
  readonly ping: Probe<{ readonly ms: number }> | null;
  readonly version: Probe<{ readonly own: DaemonVersion; readonly containerd: DaemonVersion | null }> | null;
  readonly #index: Probe<number>;
  readonly #info: Probe<number> | null;

  /**
   * @param isEngine the endpoint is dockerd's API, which tells more than debug pages
   * @param periodMs of the cheapest question
   */
  constructor(client: DebugClient, isEngine: boolean, periodMs: number) {
    const probe = <T>(path: string, every: number, parse: (body: string) => T): Probe<T> =>
      new Probe({
        what: `GET ${path}`,
        periodMs: Math.max(every, periodMs),
        deadlineMs,
        ask: async (signal) => parse(await client.get(path, signal)),
      });
    this.client = client;
    // The slash matters: without it Go answers with a redirect.
    this.#index = probe('/debug/pprof/', periodMs, parseGoroutineCount);
    this.#info = isEngine ? probe('/info', infoPeriodMs, parseInfoGoroutines) : null;
    this.heap = probe('/debug/vars', heapPeriodMs, parseDebugVars);
    this.version = isEngine ? probe('/version', versionPeriodMs, parseEngineVersion) : null;
    this.ping = isEngine ? this.#pingProbe(Math.max(pingPeriodMs, periodMs)) : null;
  }

  /** The goroutine count: of the index page, else of `GET /info`, which is dearer and asked only where there is no such page. */
  get goroutines(): Reading<number> {
    return (this.#hasNoPages ? this.#info : null)?.reading ?? this.#index.reading;
  }

  /** Asks what is due. */
  async poll(): Promise<void> {
    // Before the first question, so that they are asked in their order.
    await this.client.prepare();
    const due = this.#all.filter((probe) => probe !== this.#info || this.#hasNoPages);
    await Promise.all(due.map((probe) => probe.poll()));
  }

  /** Asks everything again at the next poll: it is another daemon now. */
  expire(): void {
    for (const probe of this.#all) probe.expire();
  }

  close(): void {
    for (const probe of this.#all) probe.stop();
    this.client.close();
  }

  /** dockerd up to 17.06 has debug pages only with `"debug": true`. */
  get #hasNoPages(): boolean {
    const { reading } = this.#index;
    return this.#info !== null && reading.status === 'failed' && reading.detail.endsWith('HTTP 404');
  }

  /** One connection, one request at a time: the ping goes first, or its time would be the others'. */
  get #all(): Probe<unknown>[] {
    return [this.ping, this.#index, this.#info, this.heap, this.version].filter((probe) => probe !== null);
  }

  #pingProbe(periodMs: number): Probe<{ readonly ms: number }> {
    return new Probe({
      what: 'GET /_ping',
      periodMs,
      deadlineMs,
      ask: async (signal) => {
        const started = performance.now();
        await this.client.get('/_ping', signal);
        return { ms: performance.now() - started };
      },
    });
  }
}
