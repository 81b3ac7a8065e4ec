import { isShim } from '../../parse/engine/shim-bundle.ts';
import { parsePidStatus } from '../../parse/proc/pid/status.ts';
import { kernelRelease } from '../host.ts';
import type { World } from '../world.ts';
import { ProcessContainers } from './containers.ts';
import type { ProcessEntry, ProcessTable } from './table.ts';

/** Deeper than any tree of processes that is not made to be deep. */
const maxAncestors = 100;

/**
 * Whether a process is in a container of this node, or in a guest of it (LXC, Incus, systemd-nspawn), which has a system of its own.
 * What such a process says of itself (its name, its arguments, where it listens) was chosen by the author of the container.
 */
export class ContainedProcesses {
  readonly #table: ProcessTable;
  readonly #containers: ProcessContainers;
  readonly #world: World;
  readonly #depths = new WeakMap<ProcessEntry, number>();

  constructor(world: World, table: ProcessTable) {
    this.#world = world;
    this.#table = table;
    this.#containers = new ProcessContainers(world, table, kernelRelease(world));
  }

  has(entry: ProcessEntry): boolean {
    const id = this.#containers.of(entry);
    // A node can be a container itself (kind, LXC): then its first process is in the same one.
    const init = this.#table.entries.get(1);
    if (id !== null) return init === undefined || this.#containers.of(init) !== id;
    // A cgroup may not be read while its process is blocked, and a container chooses when that is.
    return this.#hasShim(entry) || this.#isGuest(entry);
  }

  /** Whether a process has the pid namespace of this /proc (NSpid), also in a container; false where that is not known. */
  seesNode(entry: ProcessEntry): boolean {
    return this.#depthOf(entry) === 1;
  }

  /** A guest's control group has no id, but its processes are in a pid namespace below that of this /proc. */
  #isGuest(entry: ProcessEntry): boolean {
    return this.#depthOf(entry) > 1;
  }

  /** 0 if unknown, as before Linux 4.1. */
  #depthOf(entry: ProcessEntry): number {
    const known = this.#depths.get(entry);
    if (known !== undefined) return known;
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/status`));
    const depth = text === null ? 0 : parsePidStatus(text).nsPids.length;
    if (text !== null) this.#depths.set(entry, depth);
    return depth;
  }

  #hasShim(entry: ProcessEntry): boolean {
    let parent = this.#table.entries.get(entry.stat.ppid);
    for (let depth = 0; parent !== undefined && depth < maxAncestors; depth++) {
      if (isShim(parent.stat.comm)) return true;
      parent = this.#table.entries.get(parent.stat.ppid);
    }
    return false;
  }
}
