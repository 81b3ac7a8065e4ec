/** The lines of `/proc/stat` that rtwatch uses (proc_stat(5)). */
export interface ProcStat {
  readonly cpus: number;
  /** Boot time, seconds since 1970. */
  readonly bootTime: number | null;
  /** Tasks that wait for I/O at this moment. */
  readonly procsBlocked: number | null;
}

/** USER_HZ: the kernel prints clock ticks as hundredths of a second on every architecture that Docker runs on. */
export const ticksPerSecond = 100;

export function parseProcStat(text: string): ProcStat {
  return {
    cpus: text.match(/^cpu\d+ /gm)?.length ?? 0,
    bootTime: numberAfter(text, 'btime'),
    procsBlocked: numberAfter(text, 'procs_blocked'),
  };
}

function numberAfter(text: string, word: string): number | null {
  const digits = new RegExp(`^${word} (\\d+)`, 'm').exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
