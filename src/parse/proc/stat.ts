import type { CpuTicks } from '../../sample/disks.ts';
import { lineAfter } from './line-after.ts';

/** The lines of `/proc/stat` that rtwatch uses (proc_stat(5)). */
interface ProcStat {
  readonly cpus: number;
  /** Boot time, seconds since 1970. */
  readonly bootTime: number | null;
  /** Tasks that wait for I/O at this moment. */
  readonly procsBlocked: number | null;
  readonly cpu: CpuTicks | null;
}

/** USER_HZ: the kernel prints clock ticks as hundredths of a second on every architecture that Docker runs on. */
export const ticksPerSecond = 100;

/** The content of `/proc/stat`. A field that a kernel lacks is null. */
export function parseProcStat(text: string): ProcStat {
  return {
    cpus: text.match(/^cpu\d+ /gm)?.length ?? 0,
    bootTime: numberAfter(text, 'btime'),
    procsBlocked: numberAfter(text, 'procs_blocked'),
    cpu: cpuTicks(text),
  };
}

/** user nice system idle iowait irq softirq steal; guest and guest_nice are in user and nice already. */
function cpuTicks(text: string): CpuTicks | null {
  const ticks = /^ *(\d+(?: \d+)*)/
    .exec(lineAfter(text, 'cpu ') ?? '')?.[1]
    ?.split(' ')
    .slice(0, 8)
    .map(Number);
  const ioWait = ticks?.[4];
  return ticks === undefined || ioWait === undefined ? null : { ioWait, total: ticks.reduce((sum, n) => sum + n, 0) };
}

function numberAfter(text: string, word: string): number | null {
  const digits = /^\d+/.exec(lineAfter(text, `${word} `) ?? '')?.[0];
  return digits === undefined ? null : Number(digits);
}
