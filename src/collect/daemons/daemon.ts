import type { DaemonProcess, DaemonValue, DaemonVersion } from '../../sample/daemons.ts';
import { absent, failed, ok, type Reading } from '../../sample/reading.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import type { Gate } from '../engine/gate.ts';
import type { ProcessEntry, ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';
import { DaemonChoice } from './choice.ts';
import { DebugClient } from './debug-client.ts';
import { findDebugSocket } from './debug-socket.ts';
import { DaemonDescriptors } from './fds.ts';
import { Healthz } from './healthz.ts';
import { Listening } from './listening.ts';
import { PodmanService } from './podman-service.ts';
import { DaemonProbes } from './probes.ts';
import { readDaemonProcess } from './process.ts';
import type { StackTarget } from './stacks.ts';

export interface DaemonsOptions {
  readonly engine: Endpoint;
  /** `--pprof NAME=URL`, by name. */
  readonly pprof: ReadonlyMap<string, string>;
  /** Period of the cheap requests, in milliseconds; the expensive ones are less frequent. */
  readonly periodMs: number;
  readonly gate: Gate;
}

/** How long after a search for a debug socket failed the next one runs. */
const retryMs = 30_000;

/** One dockerd, containerd, CRI-O or kubelet: its process, found or given, and what it answers. */
export class Daemon {
  /** The dockerd that a containerd works for. */
  partner: Daemon | null = null;
  readonly name: string;
  /** What the kernel calls its process. */
  readonly #comm: string;
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #options: DaemonsOptions;
  readonly #descriptors: DaemonDescriptors;
  #entry: ProcessEntry | null = null;
  #identity = '';
  /** Its partner started it, and stops it. */
  #isOfPartner = false;
  #probes: DaemonProbes | null = null;
  #retryAt = 0;
  readonly #choice = new DaemonChoice();
  readonly #listening: Listening;
  readonly #healthz: Healthz | null;
  readonly #podman: PodmanService;

  constructor(name: string, world: World, table: ProcessTable, options: DaemonsOptions, comm = name) {
    this.name = name;
    this.#comm = comm;
    this.#world = world;
    this.#table = table;
    this.#options = options;
    this.#descriptors = new DaemonDescriptors(world);
    this.#listening = new Listening(world);
    this.#podman = new PodmanService(world);
    this.#healthz = name === 'kubelet' ? new Healthz(world) : null;
    const url = options.pprof.get(name);
    const { engine, gate } = options;
    if (url !== undefined) this.#ask(DebugClient.forUrl(url, gate));
    else if (name === 'dockerd') this.#ask(DebugClient.forEngine(engine, gate), DebugClient.forEngine(engine, gate));
  }

  get pid(): number | null {
    return this.#entry?.stat.pid ?? null;
  }

  get stackTarget(): StackTarget | null {
    if (this.#probes === null) return null;
    const { client, goroutines } = this.#probes;
    return { daemon: this.name, client, goroutines };
  }

  get rootDir(): string | null {
    const settings = this.#probes?.settings?.reading;
    return settings?.status === 'ok' ? settings.value.rootDir : null;
  }

  /**
   * Finds its process, and its debug socket if it was not given.
   *
   * @param isFree whether a process is no other daemon's
   */
  find(isFree: (entry: ProcessEntry) => boolean): void {
    const candidates = this.#table.named(this.#comm).filter(isFree);
    // Only dockerd is checked for where it listens; a debug socket belongs to the process it was found with.
    const asked =
      this.#options.pprof.get(this.name) ?? (this.partner === null ? this.#probes?.client.url : null) ?? null;
    const dockerd = this.partner === null ? null : this.partner.#entry;
    const isEngine = this.name === 'dockerd' && asked !== null;
    const podman = isEngine ? this.#table.named('podman').filter(isFree) : [];
    const same = [...candidates, ...podman].find((entry) => identityOf(entry) === this.#identity);
    const wanted = { url: asked, dockerd };
    const now = performance.now();
    const chosen = same ?? this.#choice.choose(this.#world, candidates, wanted, now);
    this.follow(chosen ?? (isEngine ? this.#podman.find(asked, podman, now) : null));
  }

  /** Takes a process for its own. */
  follow(entry: ProcessEntry | null): void {
    this.#entry = entry;
    if (entry !== null) this.#isOfPartner = entry.stat.ppid === this.partner?.pid;
    const identity = this.#entry === null ? '' : identityOf(this.#entry);
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#retryAt = 0;
      this.#probes?.expire();
      this.#healthz?.expire();
    }
    if (this.#comm === 'containerd' && !this.#options.pprof.has(this.name)) this.#findDebugSocket();
  }

  /** Sends the requests that are due. */
  async poll(): Promise<void> {
    const health = this.#entry === null ? undefined : this.#healthz?.poll(this.#entry);
    await Promise.all([this.#probes?.poll(), health]);
  }

  describe(uptimeSeconds: number): DaemonValue {
    const noEndpoint = absent(this.#whyNoEndpoint());
    const whyStopped = this.#whyStopped();
    return {
      name: this.name,
      process: whyStopped === null ? this.#describeProcess(uptimeSeconds) : absent(whyStopped),
      ...(this.#isPodman() ? { engine: 'podman' as const } : {}),
      ...(whyStopped === null ? {} : { startsOnRequest: true }),
      endpoint: this.#probes?.client.url ?? null,
      named: this.#options.pprof.has(this.name),
      goroutines: this.#probes?.goroutines ?? noEndpoint,
      heap: this.#probes?.heap.reading ?? noEndpoint,
      version: this.#describeVersion(),
      settings: this.#probes?.settings?.reading ?? absent('only dockerd reports its settings'),
      ping: this.#probes?.ping?.reading ?? this.#healthz?.reading ?? absent('only dockerd answers pings'),
    };
  }

  close(): void {
    this.#probes?.close();
    this.#healthz?.close();
  }

  /** By the process that answers; without one by the name of its socket, to which the socket of Docker may be a link. */
  #isPodman(): boolean {
    if (this.name !== 'dockerd') return false;
    if (this.#entry !== null) return this.#entry.stat.comm === 'podman';
    const path = socketOf(this.#probes?.client.url);
    return path !== undefined && this.#podman.hasName(path, performance.now());
  }

  /** Null while it runs, and for one that no request would start. */
  #whyStopped(): string | null {
    if (this.#entry !== null || !this.#table.scanned) return null;
    if (this.partner !== null && this.#isOfPartner)
      return this.partner.#whyStopped() === null ? null : `no ${this.#comm} process: dockerd starts its own`;
    const socketPath = socketOf(this.#probes?.client.url);
    return socketPath === undefined ? null : this.#options.gate(socketPath);
  }

  #whyNoEndpoint(): string {
    if (this.#comm === 'containerd') return 'no debug socket (set [debug] address in containerd’s config.toml)';
    if (this.name === 'kubelet')
      return 'its debug pages need a client certificate (--pprof kubelet=https://NODE:10250,cert=FILE,key=FILE)';
    return 'the engine’s endpoint has no debug pages';
  }

  /** @param engine another connection, for the engine's API */
  #ask(client: DebugClient | null, engine: DebugClient | null = null): void {
    this.#probes?.close();
    this.#probes = client === null ? null : new DaemonProbes(client, engine, this.#options.periodMs);
  }

  #findDebugSocket(): void {
    if (this.#entry === null || performance.now() < this.#retryAt) return;
    this.#retryAt = performance.now() + retryMs;
    const url = findDebugSocket(this.#world, this.#entry.stat.pid);
    if (url !== (this.#probes?.client.url ?? null)) this.#ask(url === null ? null : DebugClient.forUrl(url));
  }

  #describeProcess(uptimeSeconds: number): Reading<DaemonProcess> {
    const started = performance.now();
    if (!this.#table.scanned) return failed('needs the source "processes", which is disabled');
    if (this.#entry === null) return absent(this.#whyNone());
    try {
      const process = readDaemonProcess(this.#world, this.#entry, this.#descriptors, uptimeSeconds);
      const listens = this.#comm === 'containerd' ? this.#listening.of(this.#entry, process.ageSeconds) : null;
      return ok({ ...process, ...(listens === null ? {} : { listens }) }, performance.now() - started);
    } catch (error) {
      return failed(`/proc/${this.#entry.stat.pid}/status: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** That another one runs must not read as if none did. */
  #whyNone(): string {
    const comm = this.#isPodman() ? 'podman' : this.#comm;
    if (this.#table.named(comm).length === 0) return `no ${comm} process`;
    const asked = this.#probes?.client.url;
    return `no ${comm === 'podman' ? comm : this.name} process listens ${asked === undefined ? 'on the expected socket' : `on ${asked}`}`;
  }

  #describeVersion(): Reading<DaemonVersion> {
    if (this.#probes?.version != null) {
      const { reading } = this.#probes.version;
      return reading.status === 'ok' ? { ...reading, value: reading.value.own } : reading;
    }
    const engine = this.partner === null ? undefined : this.partner.#probes?.version?.reading;
    if (engine?.status !== 'ok' || engine.value.containerd === null) {
      return absent('only the engine’s API reports versions');
    }
    return { ...engine, value: engine.value.containerd };
  }
}

const socketOf = (url: string | undefined): string | undefined => /^unix:\/\/(\/.+)$/.exec(url ?? '')?.[1];

const identityOf = ({ stat }: ProcessEntry): string => `${stat.pid} ${stat.starttime}`;
