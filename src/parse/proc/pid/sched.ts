/**
 * When a task last ran: `se.exec_start` of `/proc/PID/sched` (kernel/sched/debug.c, CONFIG_SCHED_DEBUG).
 *
 * @returns seconds on the scheduler's clock (rq_clock_task), which starts at boot but may leave out the time that
 * interrupts and the hypervisor took; null when the text has no such line, or 0 in it: a read that meets a change of the task
 * gets 0 (seen in 189 of 261,269 reads under load), which says nothing of when it ran
 */
export function parseLastRanSeconds(text: string): number | null {
  const ms = /^se\.exec_start\s*:\s*(\d+(?:\.\d+)?)/m.exec(text)?.[1];
  const seconds = Number(ms ?? 0) / 1000;
  return seconds === 0 ? null : seconds;
}
