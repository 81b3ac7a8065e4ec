/**
 * A file of a control group with one number: `memory.current`, `pids.current`, `cpuacct.usage`, `pids.max`.
 *
 * @returns null for `max`, for the largest number that v1 has for it (mm/page_counter.c: LONG_MAX in pages), and for no number
 */
export function parseGroupNumber(text: string): number | null {
  const digits = /^\d+$/.exec(text.trim())?.[0];
  const number = digits === undefined ? null : Number(digits);
  return number === null || number >= Number.MAX_SAFE_INTEGER ? null : number;
}

/** CPU time of `cpu.stat` of cgroup v2, in microseconds since the group was made; null if it is not there. */
export function parseCpuMicros(text: string): number | null {
  const digits = /^usage_usec (\d+)$/m.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Tasks that the OOM killer killed: `oom_kill` of `memory.events` (v2, since 4.13) and of `memory.oom_control` (v1, since 4.13);
 * null where the kernel does not count them.
 */
export function parseOomKills(text: string): number | null {
  const digits = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
