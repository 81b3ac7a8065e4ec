import { isRuntime } from '../../parse/engine/runtime-command.ts';
import { isShim } from '../../parse/engine/shim-bundle.ts';
import { parsePidStatus } from '../../parse/proc/pid/status.ts';
import type { ContainerTasks, TaskValue } from '../../sample/shims.ts';
import { isBlocked, type ProcessContainers } from '../processes/containers.ts';
import { isExiting, isKernelThread, type ProcessEntry, type ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';

/** Tasks listed of one container in trouble. */
const maxTasks = 64;
/** The programs, besides pid 1, below which the first process of a container without a shim can be. */
const adopters = new Set(['systemd', 'conmon', 'podman', 'init', 'tini', 'catatonit']);

/** A pod by the directories of its tasks. */
interface PodTasks {
  /** Of its sandbox. */
  readonly id: string;
  readonly tasks: readonly string[];
}

/**
 * The processes of containers as trees. Descendants of a shim's child are in the child's container: only the cgroup of the
 * children themselves is read, once.
 */
export class ContainerTrees {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #containers: ProcessContainers;
  /** The innermost container, for children of shims that are in containers themselves. */
  readonly #innermost = new WeakMap<ProcessEntry, string>();
  #children = new Map<number, ProcessEntry[]>();
  /** Everything below a shim that was listed. */
  #claimed = new Set<ProcessEntry>();

  constructor(world: World, table: ProcessTable, containers: ProcessContainers) {
    this.#world = world;
    this.#table = table;
    this.#containers = containers;
  }

  /** Begins a poll. */
  begin(): void {
    this.#children = new Map();
    this.#claimed = new Set();
    for (const entry of this.#table.entries.values()) {
      if (isKernelThread(entry.stat)) continue;
      const siblings = this.#children.get(entry.stat.ppid);
      if (siblings === undefined) this.#children.set(entry.stat.ppid, [entry]);
      else siblings.push(entry);
    }
  }

  childrenOf(pid: number): readonly ProcessEntry[] {
    return this.#children.get(pid) ?? [];
  }

  /**
   * The containers below a shim.
   *
   * @param own the container that the shim was started for, for children whose cgroup names none: containers of `ctr` have
   * names, and a zombie on cgroup v1 has left its own
   * @param pod the sandbox that it was started for, and the pod's containers
   */
  below(shim: ProcessEntry, own: string | null, pod: PodTasks | null = null): ContainerTasks[] {
    // In docker-in-docker the engine of the node knows the outer container, and this shim the inner one.
    const isInner = this.#containers.of(shim) !== null;
    const roots = new Map<string, ProcessEntry[]>();
    const unread: ProcessEntry[] = [];
    for (const child of this.childrenOf(shim.stat.pid)) {
      const id = (isInner ? this.#innermostOf(child) : this.#containers.of(child)) ?? own;
      // The program that makes containers runs below the shim for a moment, in the shim's own cgroup or already in the new one.
      if (isRuntime(child.stat.comm)) continue;
      if (id === null) {
        if (!this.#containers.mayAsk(child)) unread.push(child);
        continue;
      }
      const known = roots.get(id);
      if (known === undefined) roots.set(id, [child]);
      else known.push(child);
    }
    const its =
      pod === null || unread.length === 0 ? null : containerOfUnread(pod, unread.length, new Set(roots.keys()));
    if (its !== null) roots.set(its, [...(roots.get(its) ?? []), ...unread]);
    const isShimInTrouble = shim.stat.state === 'T' || isBlocked(shim);
    return [...roots].map(([id, entries]) => {
      const tasks = this.#tasksOf(id, entries, isShimInTrouble);
      if (!isInner) this.#settle(id, entries);
      return tasks;
    });
  }

  /** A first process whose cgroup may not be read is known by its shim from now on. */
  #settle(containerId: string, roots: readonly ProcessEntry[]): void {
    for (const entry of roots)
      if (entry.containerId === undefined && !this.#containers.mayAsk(entry)) entry.containerId = containerId;
  }

  /** Containers without a shim above them. Call it after all shims. */
  orphans(): ContainerTasks[] {
    const roots = new Map<string, ProcessEntry[]>();
    for (const entry of this.#table.entries.values()) {
      if (this.#claimed.has(entry) || !this.#mayBeFirst(entry)) continue;
      const id = this.#containers.of(entry);
      if (id === null) continue;
      const known = roots.get(id);
      if (known === undefined) roots.set(id, [entry]);
      else known.push(entry);
    }
    return [...roots].map(([id, entries]) => this.#tasksOf(id, entries, false));
  }

  /** Its parent is not in a container, and is one that takes in children: the others of a container are below it. */
  #mayBeFirst({ stat }: ProcessEntry): boolean {
    if (isKernelThread(stat) || isShim(stat.comm)) return false;
    const parent = this.#table.entries.get(stat.ppid);
    if (parent === undefined || stat.ppid === 1) return true;
    return adopters.has(parent.stat.comm) && !this.#claimed.has(parent) && this.#containers.of(parent) === null;
  }

  #innermostOf(entry: ProcessEntry): string | null {
    const known = this.#innermost.get(entry);
    if (known !== undefined) return known;
    const id = this.#containers.idsIn(this.#containers.cgroupText(entry) ?? '').at(-1) ?? null;
    if (id !== null) this.#innermost.set(entry, id);
    return id;
  }

  #tasksOf(containerId: string, roots: ProcessEntry[], inTrouble: boolean): ContainerTasks {
    roots.sort((a, b) => a.stat.starttime - b.stat.starttime || a.stat.pid - b.stat.pid);
    const tree = this.#treeOf(roots);
    for (const entry of tree) this.#claimed.add(entry);
    return {
      containerId,
      initPid: roots[0]?.stat.pid ?? null,
      count: tree.length,
      tasks: inTrouble || tree.some(isTroubled) ? this.#select(tree).map((entry) => this.#taskOf(entry)) : [],
    };
  }

  #taskOf(entry: ProcessEntry): TaskValue {
    const { stat, blockedThreads } = entry;
    return {
      pid: stat.pid,
      starttime: stat.starttime,
      ppid: stat.ppid,
      comm: stat.comm,
      state: stat.state,
      threads: stat.threads,
      exiting: isExiting(stat),
      killPending: stat.killPending || this.#wasKilled(entry),
      blockedThreads: blockedThreads.length,
    };
  }

  /**
   * What took its kill and is on its way out shows it only as pending on the whole process, and so does the blocked first
   * process of a container before Linux 4.15 (426915796cca).
   */
  #wasKilled(entry: ProcessEntry): boolean {
    const { pid, state } = entry.stat;
    if (state === 'Z' || !(isExiting(entry.stat) || isBlocked(entry))) return false;
    const status = this.#world.tryText(this.#world.proc(`${pid}/status`));
    return status !== null && parsePidStatus(status).killPending;
  }

  /** Parents before children. */
  #treeOf(roots: readonly ProcessEntry[]): ProcessEntry[] {
    const seen = new Set<ProcessEntry>();
    const left = roots.toReversed();
    for (let entry = left.pop(); entry !== undefined; entry = left.pop()) {
      // A table that was read while processes came and went can hold a circle.
      if (seen.has(entry)) continue;
      seen.add(entry);
      left.push(...this.childrenOf(entry.stat.pid).toReversed());
    }
    return [...seen];
  }

  /** Of a large container those in trouble and their ancestors, then the others, up to the limit. */
  #select(tree: readonly ProcessEntry[]): readonly ProcessEntry[] {
    if (tree.length <= maxTasks) return tree;
    const inTree = new Set(tree);
    const chosen = new Set<ProcessEntry>();
    for (const troubled of tree.filter(isTroubled)) {
      const chain: ProcessEntry[] = [];
      let entry: ProcessEntry | undefined = troubled;
      while (entry !== undefined && inTree.has(entry) && !chosen.has(entry) && chain.length <= maxTasks) {
        chain.push(entry);
        entry = this.#table.entries.get(entry.stat.ppid);
      }
      if (chosen.size + chain.length <= maxTasks) for (const link of chain) chosen.add(link);
    }
    for (const entry of tree) if (chosen.size < maxTasks) chosen.add(entry);
    return tree.filter((entry) => chosen.has(entry));
  }
}

/**
 * The container of children in D whose cgroup may not be read: the only one of the pod, or the one whose first process is not among the
 * others. Null unless the sandbox is accounted for.
 */
function containerOfUnread({ id, tasks }: PodTasks, unread: number, known: ReadonlySet<string>): string | null {
  if (!known.has(id)) return null;
  const [only = null, ...others] = tasks.length === 1 || unread > 1 ? tasks : tasks.filter((task) => !known.has(task));
  return others.length === 0 ? only : null;
}

function isTroubled(entry: ProcessEntry): boolean {
  const { stat } = entry;
  return isBlocked(entry) || 'TZ'.includes(stat.state) || isExiting(stat) || stat.killPending;
}
