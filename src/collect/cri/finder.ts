import { hidesDescriptors, listeningSockets } from '../daemons/debug-socket.ts';
import { ContainedProcesses } from '../processes/contained.ts';
import type { ProcessEntry, ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';

/** A containerd or CRI-O of the node, and the socket of its API. */
export interface FoundRuntime {
  readonly kind: 'containerd' | 'crio';
  readonly entry: ProcessEntry;
  /** As the node itself names it. */
  readonly socket: string;
  /** As rtwatch opens it: a node can be seen below another root. */
  readonly socketPath: string;
}

const kinds = ['containerd', 'crio'] as const;
/** A daemon that is starting does not listen yet; one that never does is not tried for ever. So long the usual sockets that were there are kept, too. */
const retryMs = 5000;
const maxRuntimes = 8;
/** Where packages, k3s, RKE2, k0s, MicroK8s, dockerd and CRI-O put the socket: only for a runtime whose process may not be seen. */
const usualSockets = [
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
  '/run/docker/containerd/containerd.sock',
  '/run/crio/crio.sock',
];
/** Sockets of a runtime that are not its API: containerd's debug pages and ttrpc, NRI. */
const apiSocket = /^\/.*\.sock$/;
const sideDoor = /debug\.sock$|\/nri\/|\/metrics\.sock$/;

/**
 * Finds every containerd and CRI-O of the node by its listening process, not by a path: a node can have the host's, that of
 * k3s and that of dockerd side by side. Those in containers (docker in docker, kind) manage only what runs inside of them.
 */
export class RuntimeFinder {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #contained: ContainedProcesses;
  readonly #known = new WeakMap<ProcessEntry, string>();
  readonly #silent = new WeakMap<ProcessEntry, number>();
  #usual: { readonly at: number; readonly sockets: readonly string[] } | null = null;

  constructor(world: World, table: ProcessTable) {
    this.#world = world;
    this.#table = table;
    this.#contained = new ContainedProcesses(world, table);
  }

  /** The oldest first. A process that was found is not searched again. */
  find(): FoundRuntime[] {
    return kinds
      .flatMap((kind) => this.#table.named(kind).flatMap((entry) => this.#read(kind, entry) ?? []))
      .slice(0, maxRuntimes);
  }

  /**
   * The usual sockets that are there, as rtwatch opens them, where no process of a runtime is in sight: another PID namespace, or a
   * /proc that hides the processes of others (`hidepid`), leaves the sockets visible.
   */
  unseen(): readonly string[] {
    if (kinds.some((kind) => this.#table.named(kind).length > 0)) return [];
    const now = performance.now();
    if (this.#usual === null || now - this.#usual.at >= retryMs) {
      const paths = usualSockets.map((socket) => this.#world.host(socket));
      this.#usual = { at: now, sockets: paths.filter((path) => this.#world.isSocket(path)) };
    }
    return this.#usual.sockets;
  }

  /** `containerd (pid 812)`: one of those whose sockets this user may not see; null where there is none. */
  hidden(): string | null {
    for (const kind of kinds) {
      const pids = this.#table.named(kind).flatMap((entry) => (this.#known.has(entry) ? [] : entry.stat.pid));
      const pid = pids.find((one) => hidesDescriptors(this.#world, one));
      if (pid !== undefined) return `${kind} (pid ${pid})`;
    }
    return null;
  }

  #read(kind: FoundRuntime['kind'], entry: ProcessEntry): FoundRuntime | null {
    const socket = this.#known.get(entry) ?? this.#socketOf(entry);
    if (socket === null) return null;
    this.#known.set(entry, socket);
    return { kind, entry, socket, socketPath: this.#world.host(socket) };
  }

  #socketOf(entry: ProcessEntry): string | null {
    const triedAt = this.#silent.get(entry);
    if (triedAt !== undefined && performance.now() - triedAt < retryMs) return null;
    this.#silent.set(entry, performance.now());
    const { pid } = entry.stat;
    const sockets = listeningSockets(this.#world, pid).filter((path) => apiSocket.test(path) && !sideDoor.test(path));
    const [socket] = sockets;
    return socket === undefined || this.#contained.has(entry) ? null : socket;
  }
}
