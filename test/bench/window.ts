import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchOptions } from './options.ts';
import { machineCpuSeconds, pssBytesOf, statOf } from './proc.ts';
import type { Scratch } from './scratch.ts';
import { sum } from './statistics.ts';
import { Terminal } from './terminal.ts';
import type { Watcher, WatcherProcess } from './watchers.ts';

export const warmUpSeconds = 5;

/** What a program cost while it ran for a while. */
export interface WindowCost {
  /** Of each of its processes. */
  readonly parts: readonly PartCost[];
  readonly cpuPercent: number;
  readonly pssBytes: number;
  readonly terminalBytesPerSec: number;
  /** What everything else on the machine used, percent of one core: a lot of it disturbs the measurement. */
  readonly othersCpuPercent: number;
}

export interface PartCost {
  readonly part: string;
  /** Percent of one core. */
  readonly cpuPercent: number;
  readonly pssBytes: number;
}

/**
 * Runs a program in a terminal, lets it warm up, and measures it for a while.
 *
 * @throws when it shows no data, ends, or is not the same processes at the end
 */
export async function measureWindow(
  scratch: Scratch,
  watcher: Watcher,
  { seconds, size }: Pick<BenchOptions, 'seconds' | 'size'>,
): Promise<WindowCost> {
  const terminal = await Terminal.open(scratch, watcher.command, size);
  try {
    const showsData = terminal.recording.find(watcher.firstData).then(() => true);
    await terminal.start();
    await sleep(warmUpSeconds * 1000);
    if (!(await Promise.race([showsData, sleep(0, false)]))) throw new Error('it shows no data');
    const before = look(terminal, watcher);
    await sleep(seconds * 1000);
    return compare(before, look(terminal, watcher));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${watcher.name}: ${reason}\nits screen:\n${await terminal.screen()}`, { cause: error });
  } finally {
    await terminal.close();
  }
}

export interface Look {
  readonly at: number;
  readonly processes: readonly WatcherProcess[];
  readonly machineCpuSeconds: number;
  readonly bytes: number;
}

/** What it has used so far. */
export function look({ pid, recording }: Terminal, watcher: Watcher): Look {
  // Finding a child among ten thousand processes takes a while, which must not come between the reads.
  const found = watcher.processes(pid);
  return {
    at: performance.now(),
    processes: found.map(({ part, stat }) => ({ part, stat: statOf(stat.pid) ?? stat })),
    machineCpuSeconds: machineCpuSeconds(),
    bytes: recording.bytes,
  };
}

/** @throws when it is not the same processes at the end */
export function compare(before: Look, after: Look): WindowCost {
  const seconds = (after.at - before.at) / 1000;
  const percent = (cpuSeconds: number): number => (cpuSeconds / seconds) * 100;
  const parts = after.processes.map(({ part, stat }, index) => {
    const earlier = before.processes[index]?.stat;
    if (earlier?.pid !== stat.pid || earlier.starttime !== stat.starttime) throw new Error(`its ${part} was restarted`);
    return { part, cpuPercent: percent(stat.cpuSeconds - earlier.cpuSeconds), pssBytes: pssBytesOf(stat.pid) };
  });
  const cpuPercent = sum(parts.map((part) => part.cpuPercent));
  return {
    parts,
    cpuPercent,
    pssBytes: sum(parts.map((part) => part.pssBytes)),
    terminalBytesPerSec: (after.bytes - before.bytes) / seconds,
    othersCpuPercent: Math.max(0, percent(after.machineCpuSeconds - before.machineCpuSeconds) - cpuPercent),
  };
}
