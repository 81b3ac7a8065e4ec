import fs from 'node:fs';

/** One process, of `/proc/PID/stat` (proc_pid_stat(5)). */
export interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly ppid: number;
  readonly group: number;
  /** CPU time, of children that ended and were waited for too. */
  readonly cpuSeconds: number;
  /** Clock ticks after boot; with the pid, the identity of a process. */
  readonly starttime: number;
}

/** USER_HZ, the unit of CPU times in /proc: 100 on every architecture that Node.js runs on. */
const ticksPerSecond = 100;

/** That process; null when there is none. */
export function statOf(pid: number): Stat | null {
  const text = tryRead(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The name is in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (field: number): number => Number(fields[field - 3]);
  return {
    pid,
    state: fields[0] ?? '',
    ppid: number(4),
    group: number(5),
    cpuSeconds: (number(14) + number(15) + number(16) + number(17)) / ticksPerSecond,
    starttime: number(22),
  };
}

/** All processes. */
export function processes(): Stat[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => statOf(Number(pid))).filter((stat) => stat !== null);
}

export const processesInGroup = (group: number): Stat[] => processes().filter((stat) => stat.group === group);

export const childrenOf = (pid: number): Stat[] => processes().filter((stat) => stat.ppid === pid);

/** Whether that very process still runs. */
export function isRunning({ pid, starttime }: Stat): boolean {
  const now = statOf(pid);
  return now !== null && now.starttime === starttime && now.state !== 'Z';
}

/**
 * Its share of the memory: pages that it shares are divided among those that have them.
 *
 * @throws when it cannot be read
 */
export function pssBytesOf(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/smaps_rollup tells no Pss`);
  return Number(kibibytes) * 1024;
}

/** The CPU time that everything together has used since boot, in seconds (proc_stat(5)). */
export function machineCpuSeconds(): number {
  const fields = /^cpu +(.*)$/m.exec(fs.readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}

function tryRead(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
