import { formatMs } from '../../base/durations.ts';
import { type FoundRuntime, RuntimeFinder } from '../../collect/cri/finder.ts';
import { GrpcClient, GrpcError, unimplemented } from '../../collect/cri/grpc-client.ts';
import { methods } from '../../collect/cri/methods.ts';
import type { ProcessTable } from '../../collect/processes/table.ts';
import { reasonOf } from '../../collect/reason.ts';
import type { World } from '../../collect/world.ts';
import { criNamespace, readContainers, readSandboxes } from '../../parse/cri/lists.ts';
import { type ContainerStatusJson, readContainerStatus } from '../../parse/cri/status.ts';
import { noFileOf } from '../logs/no-file.ts';
import { type CrioContainer, crioContainer } from './crio-container.ts';
import { fits, fullId, type KnownTask, tasksNamed } from './named-container.ts';
import { readNodeFile } from './node-file.ts';

/** All that a containerd or CRI-O and the node's files say of one container. */
interface CriInspect {
  readonly id: string;
  /** `namespace/pod/container`; null where no name is known. */
  readonly name: string | null;
  /** The runtime that answered, by its socket; null when none did. */
  readonly runtime: string | null;
  readonly status: ContainerStatusJson | null;
  /** Why there is no status. */
  readonly statusError: string | null;
  /** Of its task: that of containerd, or `podman`; null for one that has none. */
  readonly namespace: string | null;
  /** The directory of its task; null for one that has none: it does not run. */
  readonly bundle: string | null;
  /** The OCI runtime specification. */
  readonly spec: unknown;
  readonly specError: string | null;
  /** What CRI-O answers to `GET /containers/<id>`, which takes no lock; null on other runtimes, and where it does not answer. */
  readonly crio: CrioContainer | null;
  /** Where its log is written; null when that is unknown. */
  readonly logPath: string | null;
  /** The newest lines of its log, as the runtime wrote them, the newest last. */
  readonly logTail: readonly string[];
  readonly logError: string | null;
}

interface CriInspectOptions {
  /** `--cri`: URLs of sockets; empty for every containerd and CRI-O that is found. */
  readonly named: readonly string[];
  /** How to run what reads a part of a file, as `readNodeFile` takes it. */
  readonly reader: readonly string[];
  /** How long an answer of a runtime is waited for. Default: 3 s. */
  readonly deadlineMs?: number;
}

/**
 * Not asked with `verbose`: that reads the database, and asks the shim. An answer takes milliseconds unless something holds the
 * status lock of the container.
 */
const usualDeadlineMs = 3000;
const maxSpecBytes = 4 * 1024 * 1024;
const maxLogBytes = 64 * 1024;
const maxLogLines = 40;

/** The server does not know what it was asked about. */
const notFound = 5;

/** What the runtimes say of a container. */
interface StatusAnswer {
  readonly runtime: string | null;
  readonly status: ContainerStatusJson | null;
  readonly error: string | null;
  /** Every runtime answered, and none knows it. */
  readonly isUnknown: boolean;
}

/** Inspects the containers of every containerd and CRI-O of the node. */
export class CriInspector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #reader: readonly string[];
  readonly #deadlineMs: number;
  readonly #runtimes: readonly Pick<FoundRuntime, 'kind' | 'socket' | 'socketPath'>[];

  constructor(world: World, table: ProcessTable, options: CriInspectOptions) {
    const { named, reader, deadlineMs = usualDeadlineMs } = options;
    this.#world = world;
    this.#deadlineMs = deadlineMs;
    this.#reader = reader;
    this.#table = table;
    this.#runtimes =
      named.length === 0
        ? new RuntimeFinder(world, table).find()
        : named.map((url) => {
            const socketPath = url.slice('unix://'.length);
            return { kind: socketPath.includes('crio') ? 'crio' : 'containerd', socket: socketPath, socketPath };
          });
  }

  get hasRuntimes(): boolean {
    return this.#runtimes.length > 0;
  }

  /**
   * A container that has a task, found without asking a runtime.
   *
   * @returns null when no task fits the name
   * @throws when several do
   */
  async running(name: string): Promise<CriInspect | null> {
    const found = tasksNamed(name, this.#world, this.#table);
    if (found.length > 1) throw new Error(severalWords(found.map(({ id, label }) => label ?? id)));
    const [task] = found;
    return task === undefined ? null : this.#inspect(task.id, task.label, task);
  }

  /**
   * A container that a runtime lists, whether it runs or not.
   *
   * @returns null when no runtime lists it
   * @throws when several fit the name, or no runtime answers its list
   */
  async listed(name: string): Promise<CriInspect | null> {
    if (fullId.test(name)) {
      // The list waits for the status lock of every container, this question for one.
      const answer = await this.#status(name, null);
      if (answer.status !== null) return this.#inspect(name, null, null, answer);
      if (answer.isUnknown) return null;
      if ((await this.#askCrio(name)) !== null) return this.#inspect(name, null, null, answer);
      throw new Error(answer.error ?? 'no runtime answered');
    }
    const lists = await Promise.allSettled(this.#runtimes.map((runtime) => this.#listOf(runtime.socketPath)));
    const found = lists
      .flatMap((list) => (list.status === 'fulfilled' ? list.value : []))
      .filter(({ id, label }) => fits(name, id, label));
    if (found.length > 1) throw new Error(severalWords(found.map(({ label }) => label)));
    const [one] = found;
    if (one !== undefined) return this.#inspect(one.id, one.label, null);
    // Docker's own containerd has no CRI: it lists nothing, and is well.
    const failed = lists.findIndex((list) => list.status === 'rejected' && !hasNoCri(list.reason));
    const list = lists[failed];
    if (list?.status === 'rejected') throw new Error(`${this.#runtimes[failed]?.socket}: ${reasonOf(list.reason)}`);
    return null;
  }

  async #inspect(
    id: string,
    label: string | null,
    task: KnownTask | null,
    known: StatusAnswer | Promise<StatusAnswer> = this.#status(id, task),
  ): Promise<CriInspect> {
    const bundle = task?.bundle ?? this.#crioBundle(id);
    const [status, spec, crio] = await Promise.all([known, this.#spec(bundle), this.#askCrio(id)]);
    return {
      id,
      name: label ?? nameOf(status.status) ?? crio?.name ?? null,
      crio,
      runtime: status.runtime,
      status: status.status,
      statusError: status.error,
      namespace: task?.namespace ?? null,
      bundle,
      ...spec,
      ...(await this.#log(status.status, crio?.log_path || task?.log?.path || kubeletLink(label, id), {
        id,
        driver: task?.log?.driver ?? null,
      })),
    };
  }

  /** CRI-O keeps it in memory for as long as the container exists (c/storage, `RunRoot`). */
  #crioBundle(id: string): string | null {
    if (!fullId.test(id) || !this.#runtimes.some(({ kind }) => kind === 'crio')) return null;
    const bundle = `/run/containers/storage/overlay-containers/${id}/userdata`;
    return this.#world.tryList(this.#world.host(bundle)) === null ? null : bundle;
  }

  async #askCrio(id: string): Promise<CrioContainer | null> {
    if (!fullId.test(id)) return null;
    const sockets = this.#runtimes.filter(({ kind }) => kind === 'crio').map(({ socketPath }) => socketPath);
    const answers = await Promise.all(sockets.map((socketPath) => crioContainer(socketPath, id, this.#deadlineMs)));
    return answers.find((answer) => answer !== null) ?? null;
  }

  async #status(id: string, task: KnownTask | null): Promise<StatusAnswer> {
    const none = { runtime: null, status: null, isUnknown: true };
    if (task?.isSandbox === true)
      return { ...none, error: 'it is the sandbox of a pod, which has no container status' };
    if (task?.namespace === 'podman') return { ...none, error: 'it is a container of Podman, which has no daemon' };
    if (task !== null && task.namespace !== criNamespace)
      return { ...none, error: `it is in containerd’s namespace ${task.namespace}, which the CRI does not know` };
    if (this.#runtimes.length === 0) return { ...none, error: 'no containerd and no CRI-O listens' };
    const answers = await Promise.all(
      this.#runtimes.map(({ socket, socketPath }) => this.#statusFrom(socket, socketPath, id)),
    );
    // The silence of one runtime says more than another that does not know the container.
    return (
      answers.find(({ status }) => status !== null) ??
      answers.find(({ isUnknown }) => !isUnknown) ??
      answers[0] ?? { ...none, error: null }
    );
  }

  async #statusFrom(socket: string, socketPath: string, id: string): Promise<StatusAnswer> {
    try {
      const answer = await this.#ask(socketPath, 'ContainerStatus', (client, signal) =>
        client.call(methods.containerStatus, id, { signal }),
      );
      const status = readContainerStatus(answer);
      if (status !== null) return { runtime: socket, status, error: null, isUnknown: false };
      return { runtime: null, status, error: `${socket}: the answer has no status`, isUnknown: true };
    } catch (error) {
      // NotFound, or a containerd without the CRI: it answered.
      const isUnknown = error instanceof GrpcError && [notFound, unimplemented].includes(error.grpcStatus);
      return { runtime: null, status: null, error: `${socket}: ${reasonOf(error)}`, isUnknown };
    }
  }

  async #spec(bundle: string | null): Promise<Pick<CriInspect, 'spec' | 'specError'>> {
    if (bundle === null) return { spec: null, specError: 'it has no task: it does not run' };
    try {
      const file = this.#world.host(`${bundle}/config.json`);
      return {
        spec: JSON.parse(await readNodeFile(this.#reader, file, 'start', maxSpecBytes)) as unknown,
        specError: null,
      };
    } catch (error) {
      return { spec: null, specError: reasonOf(error) };
    }
  }

  async #log(
    status: ContainerStatusJson | null,
    otherwise: string | null,
    { id, driver }: { readonly id: string; readonly driver: string | null },
  ): Promise<Pick<CriInspect, 'logPath' | 'logTail' | 'logError'>> {
    const logPath = status?.logPath || otherwise;
    if (logPath === null) {
      const why = status === null ? 'its log path is unknown' : 'it has no log file';
      return { logPath, logTail: [], logError: driver === null ? why : noFileOf(driver, id) };
    }
    try {
      const text = await readNodeFile(this.#reader, this.#world.host(logPath), 'end', maxLogBytes);
      return { logPath, logTail: text.trimEnd().split('\n').slice(-maxLogLines), logError: null };
    } catch (error) {
      return { logPath, logTail: [], logError: reasonOf(error) };
    }
  }

  /** The lists hang while any status lock is held: then only running containers can be named. */
  async #listOf(socketPath: string): Promise<{ id: string; label: string }[]> {
    return this.#ask(socketPath, 'ListContainers', async (client, signal) => {
      const sandboxes = readSandboxes(await client.call(methods.listPodSandbox, null, { signal }));
      const containers = readContainers(await client.call(methods.listContainers, null, { signal }));
      const pods = new Map(sandboxes.map(({ id, name, namespace }) => [id, `${namespace}/${name}`]));
      return containers.map(({ id, name, sandboxId }) => ({
        id,
        label: sandboxId === null ? name : `${pods.get(sandboxId) ?? '?/?'}/${name}`,
      }));
    });
  }

  async #ask<T>(
    socketPath: string,
    what: string,
    ask: (client: GrpcClient, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const signal = AbortSignal.timeout(this.#deadlineMs);
    const client = new GrpcClient(socketPath);
    try {
      return await ask(client, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Error(
        `no answer to ${what} within ${formatMs(this.#deadlineMs)}: something holds the status lock of a container, or the runtime hangs`,
      );
    } finally {
      client.close();
    }
  }
}

/** The kubelet's link to the log of a container, which needs no answer of its runtime (kuberuntime, logSymlink). */
function kubeletLink(label: string | null, id: string): string | null {
  const [namespace, pod, container, ...more] = label?.split('/') ?? [];
  if (pod === undefined || container === undefined || more.length > 0) return null;
  return `/var/log/containers/${pod}_${namespace}_${container}-${id}.log`;
}

function hasNoCri(error: unknown): boolean {
  return error instanceof GrpcError && error.grpcStatus === unimplemented;
}

function nameOf(status: ContainerStatusJson | null): string | null {
  if (status === null) return null;
  const label = (name: string): string | undefined => status.labels[`io.kubernetes.${name}`];
  const pod = label('pod.name');
  const container = status.metadata?.name ?? status.id.slice(0, 12);
  return pod === undefined ? container : `${label('pod.namespace') ?? 'default'}/${pod}/${container}`;
}

function severalWords(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return `several containers fit: ${shown}${names.length > 5 ? ', …' : ''}. Name one as namespace/pod/container, or by its id`;
}
