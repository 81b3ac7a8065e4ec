import { parseDebugVars } from '../parse/debug-vars.ts';
import { parseEngineVersion } from '../parse/engine-version.ts';
import { parseOpenFilesLimit } from '../parse/pid-limits.ts';
import { parsePidStatus } from '../parse/pid-status.ts';
import { parseGoroutineCount } from '../parse/pprof-index.ts';
import { ticksPerSecond } from '../parse/proc-stat.ts';
import { parseUptime } from '../parse/uptime.ts';
import type { DaemonProcess, DaemonsValue, DaemonValue, DaemonVersion, GoHeap } from '../sample/daemons.ts';
import { absent, failed, ok, type Reading } from '../sample/reading.ts';
import { DebugClient } from './debug-client.ts';
import { findDebugSocket, listeningSockets } from './debug-socket.ts';
import type { Endpoint } from './endpoint.ts';
import { Probe } from './probe.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';
import type { World } from './world.ts';

export interface DaemonsOptions {
  readonly engine: Endpoint;
  /** `--pprof NAME=URL`, by name. */
  readonly pprof: ReadonlyMap<string, string>;
  /** Period of the cheap questions, in milliseconds; the dearer ones come less often. */
  readonly periodMs: number;
}

const heapPeriodMs = 5000;
const pingPeriodMs = 5000;
const versionPeriodMs = 60_000;
const deadlineMs = 5000;
/** How long a tick waits for answers on the way; later ones go with the next tick. */
const graceMs = 250;
/** How long after a look for a debug socket found none the next look is taken. */
const lookAgainMs = 30_000;

/**
 * dockerd, containerd and every `--pprof` daemon: the process as the kernel tells it, the Go runtime as its pprof index
 * page and `/debug/vars` tell it. Never a profile: those stop the daemon's world.
 */
export class DaemonsCollector {
  readonly #daemons: readonly Daemon[];
  readonly #world: World;

  constructor(world: World, table: ProcessTable, options: DaemonsOptions) {
    this.#world = world;
    const named = [...options.pprof].filter(([name]) => name !== 'dockerd' && name !== 'containerd');
    const dockerd = new Daemon('dockerd', world, table, options);
    const containerd = new Daemon('containerd', world, table, options);
    containerd.partner = dockerd;
    this.#daemons = [dockerd, containerd, ...named.map(([name]) => new Daemon(name, world, table, options))];
  }

  /** Looks once; waits for the network a quarter of a second at most. */
  async collect(): Promise<DaemonsValue> {
    const uptimeSeconds = parseUptime(this.#world.readText(this.#world.proc('uptime')));
    for (const daemon of this.#daemons) daemon.find();
    const answers = Promise.all(this.#daemons.map((daemon) => daemon.poll()));
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([answers, new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
    clearTimeout(timer);
    return { daemons: this.#daemons.map((daemon) => daemon.tell(uptimeSeconds)) };
  }

  close(): void {
    for (const daemon of this.#daemons) daemon.close();
  }
}

/** The questions to one endpoint. */
interface Probes {
  readonly client: DebugClient;
  readonly goroutines: Probe<number>;
  readonly heap: Probe<GoHeap>;
  readonly ping: Probe<{ ms: number }> | null;
  readonly version: Probe<{ own: DaemonVersion; containerd: DaemonVersion | null }> | null;
}

class Daemon {
  /** The dockerd that a containerd works for. */
  partner: Daemon | null = null;
  readonly #name: string;
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #options: DaemonsOptions;
  #entry: ProcessEntry | null = null;
  #identity = '';
  #probes: Probes | null = null;
  #lookAgainAt = 0;

  constructor(name: string, world: World, table: ProcessTable, options: DaemonsOptions) {
    this.#name = name;
    this.#world = world;
    this.#table = table;
    this.#options = options;
    const url = options.pprof.get(name);
    if (url !== undefined) this.#probes = this.#probesOf(DebugClient.forUrl(url), false);
    else if (name === 'dockerd') {
      const client = DebugClient.forEngine(options.engine);
      this.#probes = client === null ? null : this.#probesOf(client, true);
    }
  }

  /** Finds its process, and its debug socket when it is not told. */
  find(): void {
    this.#entry = this.#choose(this.#table.named(this.#name));
    const identity = this.#entry === null ? '' : identityOf(this.#entry);
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#lookAgainAt = 0;
      for (const probe of probesIn(this.#probes)) probe.expire();
    }
    if (this.#name === 'containerd' && !this.#options.pprof.has(this.#name)) this.#findDebugSocket();
  }

  /** Asks what is due. */
  async poll(): Promise<void> {
    await Promise.all(probesIn(this.#probes).map((probe) => probe.poll()));
  }

  tell(uptimeSeconds: number): DaemonValue {
    const noEndpoint = absent(
      this.#name === 'containerd'
        ? 'no debug socket (set [debug] address in containerd’s config.toml)'
        : 'the engine’s endpoint carries no debug pages',
    );
    return {
      name: this.#name,
      process: this.#tellProcess(uptimeSeconds),
      endpoint: this.#probes?.client.url ?? null,
      goroutines: this.#probes?.goroutines.reading ?? noEndpoint,
      heap: this.#probes?.heap.reading ?? noEndpoint,
      version: this.#tellVersion(),
      ping: this.#probes?.ping?.reading ?? absent('only dockerd answers pings'),
    };
  }

  close(): void {
    for (const probe of probesIn(this.#probes)) probe.stop();
    this.#probes?.client.close();
  }

  /**
   * A node can have several of the same name (docker-in-docker, kind, a test). The one that is meant listens where we ask;
   * a containerd is dockerd's child, or listens where dockerd was told to find it. Another one is not taken for it, not
   * even when it is the only one left. Where listening cannot be told (a captured tree, tcp), the oldest is taken.
   */
  #choose(candidates: readonly ProcessEntry[]): ProcessEntry | null {
    const known = candidates.find((entry) => identityOf(entry) === this.#identity);
    if (known !== undefined) return known;
    const dockerd = this.partner === null ? null : this.partner.#entry;
    const child = candidates.find((entry) => entry.stat.ppid === dockerd?.stat.pid);
    if (child !== undefined) return child;
    const socketPath = this.#askedSocket(dockerd);
    if (socketPath === null || !this.#world.live) return candidates[0] ?? null;
    const sockets = candidates.map((entry) => listeningSockets(this.#world, entry.stat.pid));
    const listener = candidates.find((_, index) => sockets[index]?.some((path) => isSame(path, socketPath)));
    // Without permission nobody's sockets are seen: then one process of the name is better than none.
    return listener ?? (sockets.every((paths) => paths.length === 0) ? (candidates[0] ?? null) : null);
  }

  /** The socket that the wanted process listens on, as far as it is known. */
  #askedSocket(dockerd: ProcessEntry | null): string | null {
    const endpoint =
      this.#options.pprof.get(this.#name) ?? (this.partner === null ? this.#probes?.client.url : undefined);
    const path = /^unix:\/\/(.*)$/.exec(endpoint ?? '')?.[1];
    if (path !== undefined || dockerd === null) return path ?? null;
    // A command line hangs where another thread of its process waits with the memory map's lock.
    if (dockerd.stat.state === 'D' || dockerd.blockedThreads.length > 0) return null;
    const words = this.#world.tryText(this.#world.proc(`${dockerd.stat.pid}/cmdline`), true)?.split('\0') ?? [];
    const joined = words.find((word) => word.startsWith('--containerd='))?.slice('--containerd='.length);
    const told = joined ?? words[words.indexOf('--containerd') + 1 || words.length];
    return told ?? null;
  }

  #findDebugSocket(): void {
    if (this.#entry === null || performance.now() < this.#lookAgainAt) return;
    this.#lookAgainAt = performance.now() + lookAgainMs;
    const url = findDebugSocket(this.#world, this.#entry.stat.pid);
    if (url === (this.#probes?.client.url ?? null)) return;
    this.close();
    this.#probes = url === null ? null : this.#probesOf(DebugClient.forUrl(url), false);
  }

  #probesOf(client: DebugClient, engine: boolean): Probes {
    const { periodMs } = this.#options;
    const probe = <T>(path: string, every: number, parse: (body: string) => T): Probe<T> =>
      new Probe({
        what: `GET ${path}`,
        periodMs: Math.max(every, periodMs),
        deadlineMs,
        ask: async (signal) => parse(await client.get(path, signal)),
      });
    return {
      client,
      // The slash matters: without it Go answers with a redirect.
      goroutines: probe('/debug/pprof/', periodMs, parseGoroutineCount),
      heap: probe('/debug/vars', heapPeriodMs, parseDebugVars),
      ping: engine
        ? new Probe({
            what: 'GET /_ping',
            periodMs: Math.max(pingPeriodMs, periodMs),
            deadlineMs,
            ask: async (signal) => {
              await client.prepare();
              const started = performance.now();
              await client.get('/_ping', signal);
              return { ms: performance.now() - started };
            },
          })
        : null,
      version: engine ? probe('/version', versionPeriodMs, parseEngineVersion) : null,
    };
  }

  #tellProcess(uptimeSeconds: number): Reading<DaemonProcess> {
    const started = performance.now();
    if (!this.#table.scanned) return failed('the source "processes" is off, which finds it');
    if (this.#entry === null) return absent(`no ${this.#name} process`);
    const { pid, starttime } = this.#entry.stat;
    try {
      const status = parsePidStatus(this.#world.readText(this.#world.proc(`${pid}/status`)));
      const limits = this.#world.tryText(this.#world.proc(`${pid}/limits`));
      return ok(
        {
          pid,
          starttime,
          ageSeconds: Math.max(0, uptimeSeconds - starttime / ticksPerSecond),
          rssBytes: status.rssBytes ?? 0,
          fds: this.#countFds(pid),
          fdLimit: limits === null ? null : parseOpenFilesLimit(limits),
          threads: status.threads,
        },
        performance.now() - started,
      );
    } catch (error) {
      return failed(`/proc/${pid}/status: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #countFds(pid: number): number | null {
    const path = this.#world.proc(`${pid}/fd`);
    const size = this.#world.live ? this.#world.trySize(path) : 0;
    return size !== null && size > 0 ? size : (this.#world.tryList(path)?.length ?? null);
  }

  #tellVersion(): Reading<DaemonVersion> {
    if (this.#probes?.version != null) {
      const { reading } = this.#probes.version;
      return reading.status === 'ok' ? { ...reading, value: reading.value.own } : reading;
    }
    const engine = this.partner === null ? undefined : this.partner.#probes?.version?.reading;
    if (engine?.status === 'ok' && engine.value.containerd !== null)
      return { ...engine, value: engine.value.containerd };
    return absent('only the engine’s API tells versions');
  }
}

function probesIn(probes: Probes | null): Probe<unknown>[] {
  if (probes === null) return [];
  // One connection, one request at a time: the ping goes first, or its time would be the others'.
  return [probes.ping, probes.goroutines, probes.heap, probes.version].filter((probe) => probe !== null);
}

const identityOf = ({ stat }: ProcessEntry): string => `${stat.pid} ${stat.starttime}`;

/** `/var/run` is a link to `/run` on every distribution of the last ten years. */
function isSame(a: string, b: string): boolean {
  const short = (path: string): string => path.replace(/^\/var\/run\//, '/run/');
  return short(a) === short(b);
}
