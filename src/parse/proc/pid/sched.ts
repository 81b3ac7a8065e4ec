/**
 * When a task last ran: `se.exec_start` of `/proc/PID/sched` (kernel/sched/debug.c, CONFIG_SCHED_DEBUG).
 *
 * @returns seconds on the scheduler's clock (rq_clock_task), which starts at boot but may leave out the time that
 * interrupts and the hypervisor took; null when the text has no such line
 */
export function parseLastRanSeconds(text: string): number | null {
  const ms = /^se\.exec_start\s*:\s*(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  return ms === undefined ? null : Number(ms) / 1000;
}
