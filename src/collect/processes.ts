import { kernelAtLeast } from '../parse/kernel-release.ts';
import { parseContainerId } from '../parse/pid-cgroup.ts';
import { parseLastRanSeconds } from '../parse/pid-sched.ts';
import { parsePidStack } from '../parse/pid-stack.ts';
import type { PidStat } from '../parse/pid-stat.ts';
import { parsePidStatus } from '../parse/pid-status.ts';
import { parseUptime } from '../parse/uptime.ts';
import type { BlockedTask, ProcessesValue, ProcessValue } from '../sample/processes.ts';
import { isKernelThread, type ProcessEntry, type ProcessTable } from './process-table.ts';
import type { World } from './world.ts';

/** More blocked processes than this are counted, not told: nobody reads the five hundredth. */
const maxTold = 500;
/** Processes whose cgroup is read ahead of need in one tick, on kernels where reading it later may hang. */
const cgroupsAhead = 200;
/** Parents looked at to find the container of a process that cannot tell it itself. */
const maxAncestors = 8;

/**
 * The D and Z processes of the node, those with a thread in D, and what they wait for.
 *
 * Of a process that is blocked only files are read that answer without the locks it may hold (`stat`, `status`, `wchan`,
 * `sched`, `stack`): never cmdline, environ or maps, and before Linux 6.8 not `cgroup` either, which takes a global lock.
 */
export class ProcessesCollector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #cgroupIsSafe: boolean;

  /** @param kernel the release of the node's kernel */
  constructor(world: World, table: ProcessTable, kernel: string) {
    this.#world = world;
    this.#table = table;
    // 9067d90006df, merged for 6.8: proc_cgroup_show no longer takes cgroup_mutex.
    this.#cgroupIsSafe = kernelAtLeast(kernel, 6, 8);
  }

  /**
   * Looks once.
   *
   * @throws when the process list or the uptime cannot be read
   */
  collect(): ProcessesValue {
    this.#table.scan();
    const uptimeSeconds = parseUptime(this.#world.readText(this.#world.proc('uptime')));
    if (!this.#cgroupIsSafe) this.#readCgroupsAhead();
    const schedulerNow = this.#schedulerNow(uptimeSeconds);
    const told: ProcessValue[] = [];
    let more = 0;
    for (const entry of this.#table.entries.values()) {
      if (!isBlocked(entry) && entry.stat.state !== 'Z') continue;
      if (told.length < maxTold) told.push(this.#tell(entry, schedulerNow));
      else more++;
    }
    return {
      uptimeSeconds,
      total: this.#table.entries.size,
      unreadable: this.#table.unreadable,
      processes: told,
      more,
    };
  }

  #tell(entry: ProcessEntry, schedulerNow: number): ProcessValue {
    const { stat } = entry;
    const tasks = stat.state === 'D' ? [stat, ...entry.blockedThreads] : entry.blockedThreads;
    const blocked = tasks.map((task) => this.#tellTask(stat.pid, task, schedulerNow));
    const files = [
      this.#world.proc(`${stat.pid}`),
      ...tasks.map((task) => this.#world.proc(`${stat.pid}/task/${task.pid}`)),
    ];
    return {
      pid: stat.pid,
      starttime: stat.starttime,
      comm: stat.comm,
      state: stat.state,
      ppid: stat.ppid,
      parentComm: this.#table.entries.get(stat.ppid)?.stat.comm ?? null,
      parentIsInit: null,
      nsPid: null,
      exiting: false,
      volumes: [],
      kernelThread: isKernelThread(stat),
      threads: stat.threads,
      // A zombie without threads has ended: what is still pending on it no longer matters.
      killPending: tasks.length > 0 && files.some((path) => this.#killPending(path)),
      containerId: this.#containerOf(entry),
      blocked,
    };
  }

  #killPending(path: string): boolean {
    const status = this.#world.tryText(`${path}/status`);
    return status !== null && parsePidStatus(status).killPending;
  }

  #tellTask(pid: number, task: PidStat, schedulerNow: number): BlockedTask {
    const files = this.#world.proc(task.pid === pid ? `${pid}` : `${pid}/task/${task.pid}`);
    const wchan = this.#world.tryText(`${files}/wchan`)?.trim();
    const stack = this.#world.tryText(`${files}/stack`);
    const lastRan = parseLastRanSeconds(this.#world.tryText(`${files}/sched`) ?? '');
    return {
      tid: task.pid,
      comm: task.comm,
      // "0" is what the kernel prints when it may not or cannot tell.
      wchan: wchan === undefined || wchan === '' || wchan === '0' ? null : wchan,
      stack: stack === null || stack === '' ? null : parsePidStack(stack),
      syscall: null,
      offCpuSeconds: lastRan === null ? null : Math.max(0, schedulerNow - lastRan),
    };
  }

  /**
   * "Now" on the scheduler's clock: when this very process last ran, which is now. The clock can lag behind `uptime` by
   * all the time that interrupts and the hypervisor took since boot. A captured tree has only its uptime.
   */
  #schedulerNow(uptimeSeconds: number): number {
    const own = this.#world.live ? this.#world.tryText(this.#world.proc('self/sched')) : null;
    return (own === null ? null : parseLastRanSeconds(own)) ?? uptimeSeconds;
  }

  /**
   * The container of a process, by its cgroup. A zombie on cgroup v1 is in `/` of every hierarchy, and a blocked one may
   * not be asked on old kernels: then its parent tells, and in the end the shim, whose directory is the container's bundle.
   */
  #containerOf(entry: ProcessEntry, depth = 0): string | null {
    if (entry.containerId !== undefined) return entry.containerId;
    if (isKernelThread(entry.stat)) return null;
    if (this.#cgroupIsSafe || !isBlocked(entry)) {
      const id = this.#readCgroup(entry);
      if (id !== null || entry.stat.state !== 'Z') return id;
    }
    const parent = this.#table.entries.get(entry.stat.ppid);
    if (parent === undefined || depth >= maxAncestors) return null;
    return isShim(parent.stat.comm) ? this.#bundleOf(parent) : this.#containerOf(parent, depth + 1);
  }

  #readCgroup(entry: ProcessEntry): string | null {
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/cgroup`), !this.#cgroupIsSafe);
    if (text === null) return null;
    const id = parseContainerId(text);
    if (id !== null || entry.stat.state !== 'Z') entry.containerId = id;
    return id;
  }

  /**
   * Docker's shims work in `…/moby/<container>`. A shim of the CRI works in its pod's sandbox, which is not the container
   * that was asked for.
   */
  #bundleOf(shim: ProcessEntry): string | null {
    const bundle = this.#world.tryLink(this.#world.proc(`${shim.stat.pid}/cwd`));
    return /\/moby\/([0-9a-f]{64})$/.exec(bundle ?? '')?.[1] ?? null;
  }

  #readCgroupsAhead(): void {
    let left = cgroupsAhead;
    for (const entry of this.#table.entries.values()) {
      if (entry.containerId !== undefined || isKernelThread(entry.stat) || isBlocked(entry)) continue;
      if (left-- === 0) return;
      this.#readCgroup(entry);
    }
  }
}

function isBlocked(entry: ProcessEntry): boolean {
  return entry.stat.state === 'D' || entry.blockedThreads.length > 0;
}

/** comm is cut to 15 characters: `containerd-shim-runc-v2`, `docker-containerd-shim`. */
function isShim(comm: string): boolean {
  return comm.startsWith('containerd-shim') || comm.startsWith('docker-containe');
}
