import { kernelAtLeast } from '../../base/kernel-release.ts';
import { codeOf } from '../../base/system-error.ts';
import { type PidIo, parsePidIo } from '../../parse/proc/pid/io.ts';
import { ticksPerSecond } from '../../parse/proc/stat.ts';
import type { WriterCounters, WritersValue } from '../../sample/writers.ts';
import { isBlocked, ProcessContainers } from '../processes/containers.ts';
import { isKernelThread, type ProcessEntry, type ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';

/** Time budget of a poll, in milliseconds; beyond it processes take turns. The first poll reads all of them. */
const budgetMs = 10;
const firstBudgetMs = 60;
/** Of those that used no CPU time so many are read in a poll, or a sixth of them: each within half a minute. */
const fewQuiet = 10;
const quietTurns = 6;
/** Writers in one Sample. */
const maxWriters = 20;

/** What was read of a process the last time. */
interface Seen {
  readonly starttime: number;
  readonly ppid: number;
  readonly cpuTicks: number;
  /** Null when it may not be read. */
  readonly io: PidIo | null;
  /** By the collector's clock, in milliseconds. */
  readonly at: number;
}

type Moved = Pick<PidIo, 'readBytes' | 'writeBytes'>;

/**
 * The processes that move the most bytes, by `/proc/PID/io` of two polls.
 *
 * Those that used CPU time since they were last read go first, the others take turns within the budget. A process born after
 * the poll before began with zeros, so its first reading is already a difference. The counters of an exited process are
 * added to its parent's once that has waited for it (wait_task_zombie of kernel/exit.c), so a shell shows what its programs
 * wrote; what was already counted for the child is not counted for the parent again.
 */
export class WritersCollector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #now: () => number;
  readonly #containers: ProcessContainers;
  readonly #ioIsSafe: boolean;
  readonly #seen = new Map<number, Seen>();
  /** What was already counted for exited children, by their parents' pids. */
  readonly #inherited = new Map<number, Moved>();
  #polledAt: number | null = null;
  #turn = 0;

  /** @param kernel the release of the node's kernel */
  constructor(world: World, table: ProcessTable, kernel: string, now: () => number = () => performance.now()) {
    this.#world = world;
    this.#table = table;
    this.#now = now;
    this.#containers = new ProcessContainers(world, table, kernel);
    // f7cfd871ae0c, merged for 5.11: before, opening `io` waits for an execve of the process that may hang on its file.
    this.#ioIsSafe = kernelAtLeast(kernel, 5, 11);
  }

  /**
   * Polls once.
   *
   * @throws if the process table was never read, or the uptime is unreadable
   */
  collect(): WritersValue {
    if (!this.#table.scanned) throw new Error('needs the source "processes", which is disabled');
    const uptimeSeconds = this.#world.uptimeSeconds();
    this.#forgetEnded();
    const now = this.#now();
    const moved: WriterCounters[] = [];
    const deadline = now + (this.#polledAt === null ? firstBudgetMs : budgetMs);
    for (const entry of this.#inOrder()) {
      if (this.#now() > deadline) break;
      const writer = this.#read(entry, uptimeSeconds);
      if (writer !== null && writer.readDelta + writer.writeDelta > 0) moved.push(writer);
    }
    this.#polledAt = now;
    const busiest = moved.sort((a, b) => bytesPerMs(b) - bytesPerMs(a) || a.pid - b.pid).slice(0, maxWriters);
    let unreadable = 0;
    for (const { io } of this.#seen.values()) if (io === null) unreadable++;
    return {
      processes: busiest.map((writer) => ({ ...writer, containerId: this.#containerOf(writer.pid) })),
      unreadable,
    };
  }

  #forgetEnded(): void {
    this.#inherited.clear();
    for (const [pid, { starttime, ppid, io }] of this.#seen) {
      if (this.#table.entries.get(pid)?.stat.starttime === starttime) continue;
      this.#seen.delete(pid);
      const sum = this.#inherited.get(ppid) ?? { readBytes: 0, writeBytes: 0 };
      this.#inherited.set(ppid, {
        readBytes: sum.readBytes + (io?.readBytes ?? 0),
        writeBytes: sum.writeBytes + (io?.writeBytes ?? 0),
      });
    }
  }

  /** Those that ran since they were read, the new ones, then some of those that rest, the longest unread first. */
  #inOrder(): ProcessEntry[] {
    const ran: ProcessEntry[] = [];
    const fresh: ProcessEntry[] = [];
    for (const entry of this.#table.entries.values()) {
      if (!this.#mayAsk(entry)) continue;
      const seen = this.#seen.get(entry.stat.pid);
      if (seen === undefined) fresh.push(entry);
      else if (hasRun(entry, seen)) ran.push(entry);
    }
    const seenAt = (entry: ProcessEntry): number => this.#seen.get(entry.stat.pid)?.at ?? 0;
    ran.sort((a, b) => seenAt(a) - seenAt(b));
    fresh.sort((a, b) => b.stat.starttime - a.stat.starttime);
    const quiet = this.#quiet(Math.max(fewQuiet, Math.ceil((this.#seen.size - ran.length) / quietTurns)));
    // If even those that ran do not fit into the budget, every fourth poll begins with some of the others.
    const early = ++this.#turn % 4 === 0 ? quiet.splice(0, 50) : [];
    return [...early, ...ran, ...fresh, ...quiet];
  }

  #quiet(most: number): ProcessEntry[] {
    const quiet: ProcessEntry[] = [];
    // In the order in which they were read.
    for (const [pid, seen] of this.#seen) {
      if (quiet.length >= most) break;
      const entry = this.#table.entries.get(pid);
      if (entry !== undefined && this.#mayAsk(entry) && !hasRun(entry, seen)) quiet.push(entry);
    }
    return quiet;
  }

  #mayAsk(entry: ProcessEntry): boolean {
    return !isKernelThread(entry.stat) && entry.stat.state !== 'Z' && (this.#ioIsSafe || !isBlocked(entry));
  }

  #read(entry: ProcessEntry, uptimeSeconds: number): WriterCounters | null {
    const { pid, starttime, ppid, cpuTicks, comm } = entry.stat;
    const before = this.#seen.get(pid);
    const at = this.#now();
    let io: PidIo;
    try {
      io = parsePidIo(this.#world.readRecord(this.#world.proc(`${pid}/io`)));
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EACCES' || code === 'EPERM') this.#remember(pid, { starttime, ppid, cpuTicks, io: null, at });
      return null;
    }
    this.#remember(pid, { starttime, ppid, cpuTicks, io, at });
    const ageMs = (uptimeSeconds - starttime / ticksPerSecond) * 1000;
    const sincePollMs = this.#polledAt === null ? null : at - this.#polledAt;
    const isNew = before === undefined && sincePollMs !== null && ageMs < sincePollMs;
    if (!isNew && (before === undefined || before.io === null)) return null;
    const inherited = this.#inherited.get(pid);
    return {
      pid,
      starttime,
      comm,
      containerId: null,
      ...io,
      readDelta: ownBytes(io.readBytes - (before?.io?.readBytes ?? 0), inherited?.readBytes),
      writeDelta: ownBytes(io.writeBytes - (before?.io?.writeBytes ?? 0), inherited?.writeBytes),
      overMs: before === undefined ? (sincePollMs ?? 0) : at - before.at,
    };
  }

  /** The newest last. */
  #remember(pid: number, seen: Seen): void {
    this.#seen.delete(pid);
    this.#seen.set(pid, seen);
  }

  #containerOf(pid: number): string | null {
    const entry = this.#table.entries.get(pid);
    return entry === undefined ? null : this.#containers.of(entry);
  }
}

/** What may not be read stays so: it waits for its turn. */
function hasRun({ stat }: ProcessEntry, { io, cpuTicks }: Seen): boolean {
  return io !== null && cpuTicks !== stat.cpuTicks;
}

/** Less than its children had means that it did not wait for them (SIGCHLD ignored), and has nothing of theirs. */
function ownBytes(grown: number, inherited = 0): number {
  return Math.max(0, grown >= inherited ? grown - inherited : grown);
}

function bytesPerMs({ readDelta, writeDelta, overMs }: WriterCounters): number {
  return (readDelta + writeDelta) / Math.max(overMs, 1);
}
