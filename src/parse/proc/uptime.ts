/**
 * Seconds since boot, from `/proc/uptime` (proc_uptime(5)); counts the time in suspend, as `starttime` of a process does.
 *
 * @throws when the text does not start with a number
 */
export function parseUptime(text: string): number {
  const seconds = /^(\d+(?:\.\d+)?) /.exec(text)?.[1];
  if (seconds === undefined) throw new Error('not an uptime file');
  return Number(seconds);
}
