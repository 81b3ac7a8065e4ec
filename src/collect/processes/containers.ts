import { kernelAtLeast } from '../../base/kernel-release.ts';
import { isShim } from '../../parse/engine/shim-bundle.ts';
import { parseContainerIds } from '../../parse/proc/pid/cgroup.ts';
import type { World } from '../world.ts';
import { isKernelThread, type ProcessEntry, type ProcessTable } from './table.ts';

/** Processes whose cgroup is read ahead of need in one tick, on kernels where reading it later may hang. */
const cgroupsAhead = 200;
const none: ReadonlySet<string> = new Set();
/** Ancestors checked to find the container of a process whose own cgroup does not name it. */
const maxAncestors = 8;

/** The container of each process; read once, and remembered in the process's entry. */
export class ProcessContainers {
  readonly #world: World;
  readonly #table: ProcessTable;
  /** Reading a cgroup waits for no lock. */
  readonly #cgroupIsSafe: boolean;

  /** @param kernel the release of the node's kernel */
  constructor(world: World, table: ProcessTable, kernel: string) {
    this.#world = world;
    this.#table = table;
    // 9067d90006df, merged for 6.8: proc_cgroup_show no longer takes cgroup_mutex.
    this.#cgroupIsSafe = kernelAtLeast(kernel, 6, 8);
  }

  /**
   * The container of a process, by its cgroup. A zombie on cgroup v1 is in `/` of every hierarchy, and on old kernels
   * reading the cgroup of a blocked one can hang (unless `mayAsk` allows it): then its parent decides, and finally the shim,
   * whose directory is the container's bundle.
   */
  of(entry: ProcessEntry, depth = 0, mayAsk = this.mayAsk(entry)): string | null {
    if (entry.containerId !== undefined) return entry.containerId;
    if (isKernelThread(entry.stat)) return null;
    if (mayAsk || this.mayAsk(entry)) {
      const id = this.#readCgroup(entry);
      if (id !== null || entry.stat.state !== 'Z') return id;
    }
    const parent = this.#table.entries.get(entry.stat.ppid);
    if (parent === undefined || depth >= maxAncestors) return null;
    return isShim(parent.stat.comm) ? this.#bundleOf(parent) : this.of(parent, depth + 1);
  }

  /** Whether the cgroup of a process can be read without waiting behind what blocks it. */
  mayAsk(entry: ProcessEntry): boolean {
    return this.#cgroupIsSafe || !isBlocked(entry);
  }

  /** The text of `/proc/PID/cgroup`; null if it is unreadable, or reading it could hang. */
  cgroupText(entry: ProcessEntry): string | null {
    return this.mayAsk(entry) ? this.#cgroupText(entry) : null;
  }

  #cgroupText(entry: ProcessEntry): string | null {
    return this.#world.tryText(this.#world.proc(`${entry.stat.pid}/cgroup`), !this.#cgroupIsSafe);
  }

  /**
   * The containers of a process by the text of its cgroup, the outermost first. A node can be a container itself (kind, minikube): where
   * it has the host's cgroup namespace, as with cgroup v1, all paths begin with that container, which is none of this node.
   */
  idsIn(text: string): string[] {
    const outer = this.#outerIds();
    return parseContainerIds(text).filter((id) => !outer.has(id));
  }

  #outerIds(): ReadonlySet<string> {
    const init = this.#table.entries.get(1);
    if (init === undefined) return none;
    if (init.outerIds !== undefined) return init.outerIds;
    const text = this.cgroupText(init);
    if (text === null) return none;
    init.containerId = null;
    init.outerIds = new Set(parseContainerIds(text));
    return init.outerIds;
  }

  /** On kernels where it could hang later: reads those that are well, a part of them at each tick. */
  readAhead(): void {
    if (this.#cgroupIsSafe) return;
    let left = cgroupsAhead;
    for (const entry of this.#table.entries.values()) {
      if (entry.containerId !== undefined || isKernelThread(entry.stat) || isBlocked(entry)) continue;
      if (left-- === 0) return;
      this.#readCgroup(entry);
    }
  }

  #readCgroup(entry: ProcessEntry): string | null {
    if (entry.stat.pid === 1) {
      this.#outerIds();
      return null;
    }
    const text = this.#cgroupText(entry);
    if (text === null) return null;
    const id = this.idsIn(text)[0] ?? null;
    if (id !== null || entry.stat.state !== 'Z') entry.containerId = id;
    return id;
  }

  /**
   * Docker's shims work in `…/moby/<container>`. A shim of the CRI works in its pod's sandbox, which is not the container
   * itself.
   */
  #bundleOf(shim: ProcessEntry): string | null {
    const bundle = this.#world.tryLink(this.#world.proc(`${shim.stat.pid}/cwd`));
    return /\/moby\/([0-9a-f]{64})$/.exec(bundle ?? '')?.[1] ?? null;
  }
}

/** A task of it is in D. */
export function isBlocked(entry: ProcessEntry): boolean {
  return entry.stat.state === 'D' || entry.blockedThreads.length > 0;
}
