import { codeOf } from '../../base/system-error.ts';
import { isDaemonOrShim, isDockerd } from '../../parse/engine/shim-bundle.ts';
import { parseTasks, type Tasks } from '../../parse/proc/loadavg.ts';
import { exitingFlag, kernelThreadFlag, type PidStat, parsePidStat } from '../../parse/proc/pid/stat.ts';
import { ticksPerSecond } from '../../parse/proc/stat.ts';
import type { World } from '../world.ts';
import { newcomersSince } from './newcomers.ts';
import { Turns } from './turns.ts';

/** What is known of one process; kept as long as the process lives. */
export interface ProcessEntry {
  stat: PidStat;
  /** Threads other than the leader that were in D when last read. */
  blockedThreads: PidStat[];
  /** The container it is in: undefined until read. */
  containerId: string | null | undefined;
  /** Of the first process: the containers that the node itself is in; absent until read. */
  outerIds?: ReadonlySet<string>;
  /** Inode of its mount namespace: undefined until read. */
  mountNamespace: string | undefined;
  /** One that containers depend on, by its name. */
  isDaemon: boolean;
  /** It slept and used no CPU time since the poll before: it may be read less often. */
  quiet: boolean;
  /** In how many readings in a row it was quiet. */
  quietReads: number;
  /** The tick in which it was there last. */
  seenAt: number;
  /** The tick in which its other threads were read last. */
  threadsAt: number;
}

/** Time budget of a tick for finding blocked threads, in milliseconds; the first poll may take longer. */
const threadBudgetMs = 3;
const firstThreadBudgetMs = 60;
/** Within that, the threads of a process are read at every third tick. */
const threadTurns = 3;
/** A full list is made after so many ticks, whatever the kernel says of new processes. */
const maxUnlisted = 10;

/**
 * The daemons that containers depend on, by the kernel's names for them (15 characters). If a thread of theirs is in D,
 * others wait for it, so their threads are read at every poll; beyond so many of them they take turns like all others.
 */
const isDaemon = (comm: string): boolean =>
  isDockerd(comm) || comm === 'containerd' || comm === 'kubelet' || comm === 'crio' || isDaemonOrShim(comm);
const maxDaemonThreads = 300;

/** Seconds since it started, in the hundredths in which both the uptime and the start time are given. */
export const ageOf = ({ starttime }: Pick<PidStat, 'starttime'>, uptimeSeconds: number): number =>
  Math.max(0, Math.round(uptimeSeconds * ticksPerSecond - starttime) / ticksPerSecond);

export const isKernelThread = (stat: PidStat): boolean => (stat.flags & kernelThreadFlag) !== 0;
/** It has begun to end, and may wait for a thread, a child or a file before it can. */
export const isExiting = (stat: PidStat): boolean => (stat.flags & exitingFlag) !== 0;

/**
 * All processes of the node, kept up to date by one cheap pass a tick.
 *
 * One `stat` per process is the price of seeing D and Z. Those that sleep without using CPU take turns on a
 * crowded node, and anywhere when they have slept for long (`turns.ts`). /proc is listed only when what came
 * (`newcomers.ts`) and went does not explain the number of tasks: the kernel gives the list by looking up every process. The threads of a process are where a hidden D is: a leader can show S, or Z, while its
 * thread is stuck. Reading all threads each tick would cost many times more than the processes, so the suspicious ones
 * (zombie leaders, exiting ones, those seen blocked before, the daemons) are read every tick and the rest in rotation, within a
 * budget of time.
 */
export class ProcessTable {
  readonly entries = new Map<number, ProcessEntry>();
  /** Processes whose `stat` may not be read (hidepid). */
  unreadable = 0;

  readonly #world: World;
  readonly #now: () => number;
  readonly #turns: Turns;
  #tick = 0;
  /** A task that is not the kernel’s own was in D when all threads were seen last. */
  #isBlocked = false;
  #rotation = 0;
  /** What the kernel said of its tasks when all of them were known last. */
  #tasks: Tasks | null = null;
  #listedAt = 0;
  /** Null until it is asked for, and since a process came, went or was renamed. */
  #byComm: ReadonlyMap<string, readonly ProcessEntry[]> | null = null;

  /** @param ioWaiters how many tasks of the node waited for I/O at the poll before; null if unknown */
  constructor(world: World, now: () => number = () => performance.now(), ioWaiters: () => number | null = () => null) {
    this.#world = world;
    this.#now = now;
    this.#turns = new Turns(ioWaiters);
  }

  /** Whether the node was polled: before that, a missing process means nothing. */
  get scanned(): boolean {
    return this.#tick > 0;
  }

  /** kthreadd, which has the pid 2 on every node, is seen: these are not only the processes of a pid namespace, or of one user. */
  get isWhole(): boolean {
    const kthreadd = this.entries.get(2);
    return kthreadd !== undefined && isKernelThread(kthreadd.stat);
  }

  /** Polls the node once. */
  scan(): void {
    this.#tick++;
    this.#turns.begin(this.#now(), this.#isBlocked);
    this.#scanProcesses();
    this.#scanThreads();
  }

  /** All but zombies, by their names; daemons by the usual ones. */
  get byComm(): ReadonlyMap<string, readonly ProcessEntry[]> {
    this.#byComm ??= byCommOf(this.entries);
    return this.#byComm;
  }

  /**
   * The processes of that name, the oldest first; a daemon that a distribution calls otherwise has its usual name. Without
   * those that one of them has just forked: until such a child calls execve(2) it has the name of its parent and its
   * listening sockets, and on a busy node that can be seen.
   */
  named(comm: string): ProcessEntry[] {
    const found = this.byComm.get(comm);
    if (found === undefined) return [];
    const pids = new Set(found.map(({ stat }) => stat.pid));
    return found.filter(({ stat }) => !pids.has(stat.ppid)).sort((a, b) => a.stat.starttime - b.stat.starttime);
  }

  #scanProcesses(): void {
    const started = this.#now();
    const before = this.#tasks;
    const tasks = this.#readTasks();
    this.#tasks = tasks;
    if (before === null || tasks === null || this.#tick - this.#listedAt >= maxUnlisted) this.#passListed();
    else this.#passKnown(before, tasks);
    this.#turns.end(this.#now() - started);
  }

  #passListed(): void {
    this.#listedAt = this.#tick;
    this.unreadable = 0;
    const pids = this.#list();
    for (const pid of pids) {
      const known = this.entries.get(pid);
      if (known?.seenAt !== this.#tick) this.#pass(pid, known);
    }
    const listed = new Set(pids);
    for (const pid of this.entries.keys()) if (!listed.has(pid)) this.#forget(pid);
    this.#forgetUnseen();
  }

  /** Without a list of /proc, unless the processes then have not as many threads as the kernel counts. */
  #passKnown(before: Tasks, tasks: Tasks): void {
    const newcomers = newcomersSince(this.#world, before, tasks, this.entries.size);
    if (newcomers === null) {
      this.#passListed();
      return;
    }
    for (const entry of this.entries.values()) this.#pass(entry.stat.pid, entry);
    for (const pid of newcomers) if (!this.entries.has(pid)) this.#read(pid, undefined);
    const threads = this.#forgetUnseen();
    const isSame = before.count === tasks.count && before.newest === tasks.newest;
    if (!isSame && threads !== tasks.count) this.#passListed();
  }

  /** How many threads the others have. */
  #forgetUnseen(): number {
    let threads = 0;
    for (const entry of this.entries.values()) {
      if (entry.seenAt === this.#tick) threads += entry.stat.threads;
      else this.#forget(entry.stat.pid);
    }
    return threads;
  }

  /** Reads a process, unless it rests and it is not its turn. */
  #pass(pid: number, known: ProcessEntry | undefined): void {
    if (this.#turns.includes(known) || known === undefined) this.#read(pid, known);
    else known.seenAt = this.#tick;
  }

  #forget(pid: number): void {
    this.entries.delete(pid);
    this.#byComm = null;
  }

  /** Null where nothing says when /proc has to be listed again. */
  #readTasks(): Tasks | null {
    return this.#world.live ? parseTasks(this.#world.tryRecord(this.#world.proc('loadavg')) ?? '') : null;
  }

  #list(): number[] {
    const pids: number[] = [];
    for (const name of this.#world.list(this.#world.roots.procfs)) {
      const first = name.charCodeAt(0);
      if (first >= 0x31 && first <= 0x39) pids.push(Number(name));
    }
    return pids;
  }

  /** Reads one process, if it is still there. */
  #read(pid: number, known: ProcessEntry | undefined): void {
    let stat: PidStat;
    try {
      stat = parsePidStat(this.#world.readRecord(`${this.#world.roots.procfs}/${pid}/stat`));
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EACCES' || code === 'EPERM') this.unreadable++;
      return;
    }
    if (known === undefined || known.stat.starttime !== stat.starttime) this.#add(stat);
    else this.#update(known, stat);
  }

  #add(stat: PidStat): void {
    this.#byComm = null;
    this.entries.set(stat.pid, {
      stat,
      blockedThreads: [],
      containerId: undefined,
      mountNamespace: undefined,
      isDaemon: isDaemon(stat.comm),
      quiet: false,
      quietReads: 0,
      seenAt: this.#tick,
      threadsAt: 0,
    });
  }

  #update(known: ProcessEntry, stat: PidStat): void {
    const before = known.stat;
    // A container's first process is runc before it is moved and becomes itself: what was known of where it is is void then.
    if (before.comm !== stat.comm) {
      if (known.containerId === null) known.containerId = undefined;
      known.mountNamespace = undefined;
      known.isDaemon = isDaemon(stat.comm);
    }
    if (before.comm !== stat.comm || before.ppid !== stat.ppid || isZombie(before) !== isZombie(stat))
      this.#byComm = null;
    known.quiet = isResting(stat) && before.cpuTicks === stat.cpuTicks;
    known.quietReads = known.quiet ? known.quietReads + 1 : 0;
    // The one of before, where it says the same, is old already: another in its place each time is what the garbage collector is busy with.
    if (!isSameStat(before, stat)) known.stat = stat;
    known.seenAt = this.#tick;
  }

  #scanThreads(): void {
    const rest: ProcessEntry[] = [];
    this.#isBlocked = false;
    for (const entry of this.entries.values()) {
      // A thread of the kernel may sleep in D with nothing to do (kdamond); when it has, those that ran lately follow it there.
      const mayIdle = isKernelThread(entry.stat);
      if (!mayIdle && (entry.stat.state === 'D' || entry.blockedThreads.length > 0)) this.#isBlocked = true;
      if (entry.stat.threads < 2 || mayIdle) {
        if (entry.blockedThreads.length > 0) entry.blockedThreads = [];
      } else if (isSuspicious(entry)) this.#readThreads(entry);
      else rest.push(entry);
    }
    // The budget is for these alone: however expensive the suspicious ones are, the others are not forgotten.
    const isFirst = this.#tick === 1;
    const deadline = this.#now() + (isFirst ? firstThreadBudgetMs : threadBudgetMs);
    const turn = isFirst ? rest.length : Math.ceil(rest.length / threadTurns);
    for (let i = 0; i < turn && this.#now() < deadline; i++) {
      this.#rotation = (this.#rotation + 1) % rest.length;
      const entry = rest[this.#rotation];
      if (entry !== undefined && !this.#mayWait(entry)) this.#readThreads(entry);
    }
  }

  /** Of those that have rested for long every second turn is enough. */
  #mayWait(entry: ProcessEntry): boolean {
    return this.#turns.rests(entry) && this.#tick - entry.threadsAt < 2 * threadTurns;
  }

  #readThreads(entry: ProcessEntry): void {
    entry.threadsAt = this.#tick;
    const { pid } = entry.stat;
    const blocked: PidStat[] = [];
    for (const tid of this.#world.tryList(this.#world.proc(`${pid}/task`)) ?? []) {
      if (Number(tid) === pid) continue;
      try {
        const thread = parsePidStat(this.#world.readRecord(this.#world.proc(`${pid}/task/${tid}/stat`)));
        if (thread.state === 'D') blocked.push(thread);
      } catch {
        // The thread ended between the list and the read.
      }
    }
    entry.blockedThreads = blocked;
  }
}

function byCommOf(entries: ReadonlyMap<number, ProcessEntry>): Map<string, ProcessEntry[]> {
  const byComm = new Map<string, ProcessEntry[]>();
  for (const entry of entries.values()) {
    const { ppid } = entry.stat;
    if (isZombie(entry.stat)) continue;
    const name = nameOf(entry.stat, entries.get(ppid)?.stat);
    const known = byComm.get(name);
    if (known === undefined) byComm.set(name, [entry]);
    else known.push(entry);
  }
  return byComm;
}

/** A daemon has the name of its kind. balenaOS's containerd has that of its shims too, and is what its dockerd starts. */
function nameOf({ comm }: PidStat, parent: PidStat | undefined): string {
  if (isDockerd(comm)) return 'dockerd';
  const isContainerd = comm.startsWith('balena-') && isDaemonOrShim(comm) && isDockerd(parent?.comm ?? '');
  return isContainerd ? 'containerd' : comm;
}

function isSameStat(one: PidStat, other: PidStat): boolean {
  return (
    one.cpuTicks === other.cpuTicks &&
    one.state === other.state &&
    one.ppid === other.ppid &&
    one.flags === other.flags &&
    one.threads === other.threads &&
    one.killPending === other.killPending &&
    one.comm === other.comm
  );
}

/** One that was killed or is exiting is read at every poll, however long it sleeps meanwhile. */
function isResting(stat: PidStat): boolean {
  return (stat.state === 'S' || stat.state === 'I') && !stat.killPending && !isExiting(stat);
}

const isZombie = (stat: PidStat): boolean => stat.state === 'Z';

function isSuspicious(entry: ProcessEntry): boolean {
  return (
    isZombie(entry.stat) ||
    entry.stat.state === 'D' ||
    isExiting(entry.stat) ||
    entry.stat.killPending ||
    entry.blockedThreads.length > 0 ||
    (entry.isDaemon && entry.stat.threads <= maxDaemonThreads)
  );
}
