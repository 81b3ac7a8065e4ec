import { parseLastRanSeconds } from '../../parse/proc/pid/sched.ts';
import { type PidStatus, parsePidStatus } from '../../parse/proc/pid/status.ts';
import type { ProcessesValue, ProcessValue } from '../../sample/processes.ts';
import { isInFreezer } from '../../sample/processes.ts';
import type { World } from '../world.ts';
import { BlockedTasks } from './blocked-tasks.ts';
import { BlockedVolumes } from './blocked-volumes.ts';
import { CniPlugins } from './cni-plugins.ts';
import { isBlocked, ProcessContainers } from './containers.ts';
import { fuseDaemonsOf } from './fuse-daemons.ts';
import { Runtimes } from './runtimes.ts';
import { isExiting, isKernelThread, type ProcessEntry, type ProcessTable } from './table.ts';

/** Blocked processes beyond this are only counted: no reader needs the five hundredth. */
const maxProcesses = 500;
/** Blocked threads of one process beyond this are only counted. */
const maxTasks = 32;
/** A process that was exiting in this many polls, without a kill, is listed: a normal exit takes no time. */
const exitingPolls = 3;

/** What was read of a process once and does not change. */
interface Known {
  nsPid?: number | null;
  /** Of the parent that it had then. */
  parentIsInit?: { readonly ppid: number; readonly value: boolean | null };
  /** In how many consecutive polls it was exiting. */
  exitingPolls: number;
}

/**
 * The D and Z processes of the node, those with a thread in D, what they wait for, and those that cannot end.
 *
 * Of a process that is blocked only files are read that answer without the locks it may hold (`stat`, `status`, `wchan`,
 * `sched`, `stack`, `syscall`, `mountinfo`, links in `fd`): never cmdline, environ or maps, and before Linux 6.8 not
 * `cgroup` either, which takes a global lock.
 */
export class ProcessesCollector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #containers: ProcessContainers;
  readonly #tasks: BlockedTasks;
  readonly #volumes: BlockedVolumes;
  readonly #runtimes: Runtimes;
  readonly #cniPlugins: CniPlugins;
  readonly #known = new WeakMap<ProcessEntry, Known>();

  /** @param kernel the release of the node's kernel */
  constructor(world: World, table: ProcessTable, kernel: string) {
    this.#world = world;
    this.#table = table;
    this.#containers = new ProcessContainers(world, table, kernel);
    this.#runtimes = new Runtimes(world, table, this.#containers);
    this.#cniPlugins = new CniPlugins(world, table);
    this.#tasks = new BlockedTasks(world, kernel);
    this.#volumes = new BlockedVolumes(world);
  }

  /**
   * Polls once.
   *
   * @throws if the process list or the uptime is unreadable
   */
  collect(): ProcessesValue {
    this.#table.scan();
    const uptimeSeconds = this.#world.uptimeSeconds();
    this.#containers.readAhead();
    this.#volumes.begin();
    const runtimes = this.#runtimes.describe(uptimeSeconds);
    const cniPlugins = this.#cniPlugins.describe(uptimeSeconds);
    const troubled: ProcessValue[] = [];
    let more = 0;
    let schedulerNow: number | null = null;
    for (const entry of this.#table.entries.values()) {
      if (entry.quiet && entry.blockedThreads.length === 0) continue;
      if (!isBlocked(entry) && entry.stat.state !== 'Z' && !this.#cannotEnd(entry)) continue;
      if (troubled.length === maxProcesses) {
        more++;
        continue;
      }
      schedulerNow ??= this.#schedulerNow(uptimeSeconds);
      troubled.push(this.#describe(entry, schedulerNow, uptimeSeconds));
    }
    const fuseDaemons = fuseDaemonsOf(troubled, this.#table);
    return {
      uptimeSeconds,
      total: this.#table.entries.size,
      unreadable: this.#table.unreadable,
      ...(this.#table.isWhole ? {} : { partial: true }),
      processes: troubled,
      more,
      ...(runtimes.length === 0 ? {} : { runtimes }),
      ...(cniPlugins.length === 0 ? {} : { cniPlugins }),
      ...(fuseDaemons.length === 0 ? {} : { fuseDaemons }),
    };
  }

  /**
   * Whether it was killed, or began to exit, and still exists: the first process of a container sleeps like this until all
   * others have exited (zap_pid_ns_processes). Reads nothing of a process that is well.
   */
  #cannotEnd(entry: ProcessEntry): boolean {
    const { stat } = entry;
    if (isKernelThread(stat)) return false;
    if (!isExiting(stat)) return stat.killPending;
    const polls = ++this.#knownOf(entry).exitingPolls;
    // What it took of the kill itself is no longer pending on it; what its process was sent still is (ShdPnd).
    return polls >= exitingPolls || stat.killPending || this.#statusOf(stat.pid)?.killPending === true;
  }

  #describe(entry: ProcessEntry, schedulerNow: number, uptimeSeconds: number): ProcessValue {
    const { stat } = entry;
    const all = stat.state === 'D' ? [stat, ...entry.blockedThreads] : entry.blockedThreads;
    const tasks = all.slice(0, maxTasks);
    const blocked = tasks.map((task) => this.#tasks.describe(stat.pid, task, schedulerNow, uptimeSeconds));
    const files = blocked.flatMap(({ syscall }) => syscall?.file ?? []);
    // A zombie without threads has exited: a pending signal no longer matters.
    const hasEnded = stat.state === 'Z' && tasks.length === 0;
    const killed = stat.killPending || all.some(({ killPending }) => killPending);
    return {
      pid: stat.pid,
      starttime: stat.starttime,
      comm: stat.comm,
      state: stat.state,
      ppid: stat.ppid,
      parentComm: this.#table.entries.get(stat.ppid)?.stat.comm ?? null,
      parentIsInit: stat.state === 'Z' ? this.#parentIsInit(entry) : null,
      nsPid: this.#nsPid(entry),
      kernelThread: isKernelThread(stat),
      exiting: isExiting(stat),
      threads: stat.threads,
      killPending: !hasEnded && (killed || this.#statusOf(stat.pid)?.killPending === true),
      containerId: this.#containers.of(entry, 0, blocked.length > 0 && blocked.every(isInFreezer)),
      blocked,
      ...(all.length > tasks.length ? { moreBlocked: all.length - tasks.length } : {}),
      volumes: blocked.length === 0 || isKernelThread(stat) ? [] : this.#volumes.of(entry, files),
    };
  }

  #nsPid(entry: ProcessEntry): number | null {
    if (isKernelThread(entry.stat)) return null;
    const known = this.#knownOf(entry);
    if (known.nsPid === undefined) known.nsPid = this.#statusOf(entry.stat.pid)?.nsPids.at(-1) ?? null;
    return known.nsPid;
  }

  /** Whether its parent is the first process of a pid namespace other than the node's. */
  #parentIsInit(entry: ProcessEntry): boolean | null {
    const { ppid } = entry.stat;
    const known = this.#knownOf(entry);
    if (known.parentIsInit?.ppid !== ppid) {
      const ids = this.#statusOf(ppid)?.nsPids ?? [];
      known.parentIsInit = { ppid, value: ids.length === 0 ? null : ids.length > 1 && ids.at(-1) === 1 };
    }
    return known.parentIsInit.value;
  }

  #statusOf(pid: number): PidStatus | null {
    const text = this.#world.tryText(this.#world.proc(`${pid}/status`));
    return text === null ? null : parsePidStatus(text);
  }

  #knownOf(entry: ProcessEntry): Known {
    let known = this.#known.get(entry);
    if (known === undefined) {
      known = { exitingPolls: 0 };
      this.#known.set(entry, known);
    }
    return known;
  }

  /**
   * "Now" on the scheduler's clock: when this very process last ran, which is now. The clock can lag behind `uptime` by
   * all the time that interrupts and the hypervisor took since boot. A captured tree has only its uptime.
   */
  #schedulerNow(uptimeSeconds: number): number {
    const own = this.#world.live ? this.#world.tryText(this.#world.proc('self/sched')) : null;
    return (own === null ? null : parseLastRanSeconds(own)) ?? uptimeSeconds;
  }
}
