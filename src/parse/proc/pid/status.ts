/** The lines of `/proc/PID/status` that rtwatch uses (proc_pid_status(5)). A zombie has no memory lines. */
export interface PidStatus {
  /** VmRSS in bytes; null for kernel threads and zombies. */
  readonly rssBytes: number | null;
  readonly threads: number;
  /** SIGKILL is pending on this task (SigPnd) or on its process (ShdPnd). */
  readonly killPending: boolean;
  /** Its pid in each pid namespace, the outermost first (NSpid); empty before Linux 4.1. */
  readonly nsPids: readonly number[];
}

/** Bit n-1 stands for signal n; the masks are 64-bit hexadecimal, the lowest byte last. */
const killBit = 0x100;

/** Parses `/proc/PID/status`. A line that is missing gives the calm value. */
export function parsePidStatus(text: string): PidStatus {
  const rss = /^VmRSS:\s*(\d+) kB/m.exec(text)?.[1];
  return {
    rssBytes: rss === undefined ? null : Number(rss) * 1024,
    threads: Number(/^Threads:\s*(\d+)/m.exec(text)?.[1] ?? 1),
    killPending: pendsKill(text, 'SigPnd') || pendsKill(text, 'ShdPnd'),
    nsPids: (/^NSpid:((?:\t\d+)+)$/m.exec(text)?.[1] ?? '').split('\t').filter(Boolean).map(Number),
  };
}

function pendsKill(text: string, field: string): boolean {
  const mask = new RegExp(`^${field}:\\s*([0-9a-f]+)`, 'm').exec(text)?.[1];
  return mask !== undefined && (Number.parseInt(mask.slice(-4), 16) & killBit) !== 0;
}

/**
 * How often a task has left the CPU, of its own accord or not (`voluntary_ctxt_switches`, `nonvoluntary_ctxt_switches`): the same twice
 * when it has not run in between. Null without these lines.
 */
export function parseSwitches(text: string): number | null {
  const own = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(text)?.[1];
  const forced = /^nonvoluntary_ctxt_switches:\s*(\d+)/m.exec(text)?.[1];
  return own === undefined || forced === undefined ? null : Number(own) + Number(forced);
}
