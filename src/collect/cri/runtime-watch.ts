import { readContainers, readSandboxes } from '../../parse/cri/lists.ts';
import type { CriContainer, CriRuntime, PodSandbox } from '../../sample/cri.ts';
import { absent } from '../../sample/reading.ts';
import { ContainerChurnCounter } from '../containers/churn.ts';
import { keepList, keepSame } from '../keep-same.ts';
import { Probe } from '../probe.ts';
import { CrioStorageReader } from './crio-storage.ts';
import { TaskEvents } from './events.ts';
import { GrpcClient, GrpcError, unimplemented } from './grpc-client.ts';
import { HeldStatuses } from './held-statuses.ts';
import { ListBudget } from './list-budget.ts';
import { methods } from './methods.ts';
import { OtherNamespaces } from './other-namespaces.ts';

const pingPeriodMs = 3000;
/** The lists are requested again after this long, even without an event. */
const listPeriodMs = 10_000;
/** And not sooner than this after the last ones, however many events come. */
const shortestListPeriodMs = 1000;
/** containerd sends the event of an exit, and of the deletion after it, before the status of the container says so. */
const settleMs = 500;
/** A containerd without the CRI stays so for as long as it runs. */
const noCriPeriodMs = 60_000;
/** A list that is open for so long waits for the status lock of a container. */
const listHangsAfterMs = 3000;
/** A ping that takes so long waits for more than the processor. */
const muteAfterMs = 3000;
/** Never given up: each request that is leaves a goroutine in the runtime. Longer than this no timer can wait. */
const forEverMs = 2 ** 31 - 1;

interface RuntimeWatchOptions {
  readonly kind: CriRuntime['kind'];
  readonly socketPath: string;
  /** The node's containers as the kernel knows them, for a list that never answered. */
  readonly knownIds: () => readonly string[];
}

/** The requests to one containerd or CRI-O, over one connection: each has its own period, and none is in flight twice. */
export class RuntimeWatch {
  readonly #kind: CriRuntime['kind'];
  readonly #knownIds: () => readonly string[];
  readonly #client: GrpcClient;
  readonly #ping: Probe<{ readonly ms: number }>;
  readonly #sandboxList: Probe<{ readonly ms: number }>;
  readonly #containerList: Probe<{ readonly ms: number }>;
  readonly #events: TaskEvents | null;
  readonly #churn = new ContainerChurnCounter();
  readonly #held: HeldStatuses;
  readonly #others: OtherNamespaces | null;
  readonly #storage: CrioStorageReader | null;
  #version: string | null = null;
  #sandboxes: readonly PodSandbox[] = [];
  #containers: readonly CriContainer[] = [];
  /** With those of the other namespaces. */
  #allContainers: readonly CriContainer[] = [];
  /** False once it has answered that it has no CRI. */
  #hasCri = true;
  /** When something came that the lists do not have yet, by `performance.now()`; null when nothing did. */
  #staleSince: number | null = Number.NEGATIVE_INFINITY;
  #newestEventAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #budget = new ListBudget(listPeriodMs);
  #following = false;

  constructor({ kind, socketPath, knownIds }: RuntimeWatchOptions) {
    this.#kind = kind;
    this.#knownIds = knownIds;
    const client = new GrpcClient(socketPath);
    this.#client = client;
    this.#ping = probe('Version', pingPeriodMs, async (signal) => {
      const call = { signal };
      if (kind === 'containerd') this.#version = (await client.call(methods.containerdVersion, null, call)).version;
      else this.#version = (await client.call(methods.criVersion, null, call)).runtimeVersion;
    });
    this.#sandboxList = probe('ListPodSandbox', shortestListPeriodMs, async (signal) => {
      const answer = await this.#ofCri(client.call(methods.listPodSandbox, null, { signal }));
      this.#sandboxes = keepSame(this.#sandboxes, readSandboxes(answer));
    });
    this.#containerList = probe('ListContainers', shortestListPeriodMs, async (signal) => {
      const answer = await this.#ofCri(client.call(methods.listContainers, null, { signal }));
      this.#containers = keepSame(this.#containers, readContainers(answer));
    });
    this.#held = new HeldStatuses(client);
    const isContainerd = kind === 'containerd';
    this.#others = isContainerd ? new OtherNamespaces(client) : null;
    this.#storage = isContainerd ? null : new CrioStorageReader(socketPath);
    this.#events = isContainerd ? this.#openEvents() : null;
  }

  /** It does not answer, and gave no list since it is watched. */
  get isMute(): boolean {
    const { reading } = this.#ping;
    return this.#containers.length === 0 && reading.status === 'pending' && reading.forMs > muteAfterMs;
  }

  /** Its ping was answered at least once. */
  get hasAnswered(): boolean {
    return this.#version !== null;
  }

  /** Sends the requests that are due; resolves when each has been answered, or failed. */
  async poll(): Promise<void> {
    await this.#client.prepare();
    await this.#ping.poll();
    if (this.#ping.reading.status !== 'ok') return;
    this.#follow();
    await Promise.all([this.#pollLists(), this.#others?.poll(), this.#storage?.poll()]);
  }

  value(socket: string, pid: number | null): CriRuntime {
    const storage = this.#storage?.value ?? null;
    const noCri = absent('this containerd has no CRI');
    const all = [...this.#containers, ...(this.#others?.containers ?? [])];
    this.#allContainers = keepList(this.#allContainers, all);
    return {
      kind: this.#kind,
      socket,
      pid,
      ping: this.#ping.reading,
      version: this.#version,
      sandboxList: this.#hasCri ? this.#sandboxList.reading : noCri,
      containerList: this.#hasCri ? this.#containerList.reading : noCri,
      events:
        this.#events?.reading ?? absent('CRI-O has no events that can be read without taking them from the kubelet'),
      sandboxes: this.#sandboxes,
      containers: this.#allContainers,
      heldStatuses: this.#held.overdue,
      churn: this.#churn.value,
      ...(storage === null ? {} : { storage }),
    };
  }

  /** Requests everything again: another process listens there now. */
  expire(): void {
    this.#staleSince = Number.NEGATIVE_INFINITY;
    this.#budget = new ListBudget(listPeriodMs);
    this.#hasCri = true;
    this.#ping.expire();
    this.#others?.expire();
    this.#storage?.expire();
  }

  close(): void {
    this.#events?.close();
    for (const probe of [this.#ping, this.#sandboxList, this.#containerList]) probe.stop();
    this.#held.stop();
    this.#storage?.stop();
    this.#client.close();
  }

  async #pollLists(): Promise<void> {
    const now = performance.now();
    const periodMs = this.#hasCri ? listPeriodMs : noCriPeriodMs;
    const isOld = now - this.#listedAt >= periodMs;
    const isStale = this.#staleSince !== null && now - this.#staleSince >= settleMs;
    const mayList = !this.#isAsking && this.#sandboxList.due && (isOld || (this.#hasCri && isStale));
    // Each list is counted, or those of age would come beside those of events.
    if (mayList && (this.#budget.take(now) || isOld)) {
      // Before the request: what happens while the runtime answers needs another list, and so does what has just happened.
      this.#staleSince = now - this.#newestEventAt < settleMs ? this.#newestEventAt : null;
      this.#listedAt = now;
      await this.#sandboxList.poll();
      // A runtime that does not list its pods is busy enough.
      if (this.#hasCri && this.#sandboxList.reading.status === 'ok') await this.#containerList.poll();
      if (this.#sandboxList.reading.status === 'failed' || this.#containerList.reading.status === 'failed')
        this.#staleSince = Number.NEGATIVE_INFINITY;
    }
    const { reading } = this.#containerList;
    if (this.#containerList.open && reading.status === 'pending' && reading.forMs > listHangsAfterMs) {
      const ids = this.#containers.map(({ id }) => id);
      this.#held.ask(ids.length > 0 ? ids : this.#knownIds());
    } else this.#held.settle();
  }

  get #isAsking(): boolean {
    return this.#sandboxList.open || this.#containerList.open;
  }

  async #ofCri<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      this.#hasCri = true;
      return value;
    } catch (error) {
      if (error instanceof GrpcError && error.grpcStatus === unimplemented && this.#kind === 'containerd') {
        this.#hasCri = false;
        this.#containers = [];
        this.#sandboxes = [];
      }
      throw error;
    }
  }

  #openEvents(): TaskEvents {
    return new TaskEvents(this.#client, {
      onOpen: () => {
        this.#staleSince = Number.NEGATIVE_INFINITY;
        this.#others?.expire();
      },
      onEvent: ({ namespace, what, at }) => {
        const action = { create: 'create', exit: 'die', delete: 'destroy' }[what];
        if (action !== undefined) this.#churn.note({ action, at });
        this.#newestEventAt = performance.now();
        this.#staleSince ??= this.#newestEventAt;
        this.#others?.note(namespace, what);
      },
    });
  }

  /** Not before the runtime answers: a stream that waits for a connection would look like an open one. */
  #follow(): void {
    if (this.#following || this.#events === null) return;
    this.#following = true;
    void this.#events.run();
  }
}

/** A request that is never given up, and whose last answer is kept. */
function probe(what: string, periodMs: number, ask: (signal: AbortSignal) => Promise<void>): Probe<{ ms: number }> {
  return new Probe({
    what,
    periodMs,
    deadlineMs: forEverMs,
    ask: async (signal) => {
      const started = performance.now();
      await ask(signal);
      return { ms: performance.now() - started };
    },
  });
}
