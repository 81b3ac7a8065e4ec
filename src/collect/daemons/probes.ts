import { parseEngineSettings, parseInfoGoroutines } from '../../parse/engine/info.ts';
import { parseEngineVersion } from '../../parse/engine/version.ts';
import { parseDebugVars } from '../../parse/go/debug-vars.ts';
import { parseGoroutineCount } from '../../parse/go/pprof-index.ts';
import type { DaemonVersion, EngineSettings, GoHeap } from '../../sample/daemons.ts';
import type { Reading } from '../../sample/reading.ts';
import { Probe } from '../probe.ts';
import type { DebugClient } from './debug-client.ts';

const heapPeriodMs = 5000;
const pingPeriodMs = 5000;
const versionPeriodMs = 60_000;
const infoPeriodMs = 10_000;
const settingsPeriodMs = 600_000;
const deadlineMs = 5000;

/** The questions to one daemon's HTTP endpoint, each in its own period: cheap ones only, never a profile. */
export class DaemonProbes {
  readonly client: DebugClient;
  readonly heap: Probe<GoHeap>;
  readonly ping: Probe<{ readonly ms: number }> | null;
  readonly version: Probe<{ readonly own: DaemonVersion; readonly containerd: DaemonVersion | null }> | null;
  /** The engine's own settings. An expensive request: once for each process, and every ten minutes. */
  readonly settings: Probe<EngineSettings> | null;
  readonly #index: Probe<number>;
  readonly #info: Probe<number> | null;
  readonly #engine: DebugClient | null;
  #settingsAt = 0;

  /**
   * @param engine set if the endpoint is dockerd's API, which has more than debug pages: a separate connection for the requests that
   *   can take long, so that the others do not wait; open only during one of them. `/info` starts programs (dockerd up to 23); it
   *   and `/version` query containerd (dockerd 28 with containerd's image store), and hang with it
   * @param periodMs of the cheapest request
   */
  constructor(client: DebugClient, engine: DebugClient | null, periodMs: number) {
    const isEngine = engine !== null;
    const probe = <T>(path: string, every: number, parse: (body: string) => T): Probe<T> =>
      new Probe({
        what: `GET ${path}`,
        periodMs: Math.max(every, periodMs),
        deadlineMs,
        ask: async (signal) => parse(await client.get(path, signal)),
      });
    this.client = client;
    this.#engine = engine;
    // The slash matters: without it Go answers with a redirect.
    this.#index = probe('/debug/pprof/', periodMs, parseGoroutineCount);
    this.#info = isEngine ? probe('/info', infoPeriodMs, parseInfoGoroutines) : null;
    this.heap = probe('/debug/vars', heapPeriodMs, parseDebugVars);
    this.version = engine && slowProbe(engine, '/version', Math.max(versionPeriodMs, periodMs), parseEngineVersion);
    this.settings = engine && slowProbe(engine, '/info', settingsPeriodMs, parseEngineSettings);
    this.ping = isEngine ? this.#pingProbe(Math.max(pingPeriodMs, periodMs)) : null;
  }

  /**
   * The goroutine count: from the index page, otherwise from `GET /info`, which is more expensive and used only if there is
   * no such page.
   */
  get goroutines(): Reading<number> {
    return (this.#hasNoPages ? this.#info : null)?.reading ?? this.#index.reading;
  }

  /** Sends the requests that are due. */
  async poll(): Promise<void> {
    // One at a time: the settings take the connection of the version.
    const settling = this.settings?.open === true;
    const asked = this.#all.filter(
      (probe) => (probe !== this.#info || this.#hasNoPages) && (probe !== this.version || !settling || probe.open),
    );
    // Before the first request, so that they are sent in order.
    if (asked.some((probe) => probe.due)) await this.client.prepare();
    await Promise.all([...asked.map((probe) => probe.poll()), this.#pollSettings()]);
  }

  /** Repeats every request at the next poll: it is another daemon now. */
  expire(): void {
    for (const probe of this.#all) probe.expire();
    this.settings?.expire();
    this.#settingsAt = 0;
  }

  close(): void {
    for (const probe of this.#all) probe.stop();
    this.settings?.stop();
    this.client.close();
    this.#engine?.close();
  }

  /**
   * Only of an engine that answers, and never again soon, whatever came of it: one that hangs keeps every question that was
   * given up, with its goroutines.
   */
  async #pollSettings(): Promise<void> {
    await this.ping?.poll();
    if (this.settings === null || this.ping?.reading.status !== 'ok') return;
    // It has the same connection.
    await this.version?.poll();
    if (this.settings.open || performance.now() < this.#settingsAt) return;
    if (this.settings.due) this.#settingsAt = performance.now() + settingsPeriodMs;
    await this.settings.poll();
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

function slowProbe<T>(engine: DebugClient, path: string, periodMs: number, parse: (body: string) => T): Probe<T> {
  return new Probe({
    what: `GET ${path}`,
    periodMs,
    deadlineMs,
    ask: async (signal) => {
      try {
        return parse(await engine.get(path, signal));
      } finally {
        engine.close();
      }
    },
  });
}
