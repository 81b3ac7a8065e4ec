/**
 * What `/proc/loadavg` says of tasks: how many there are, and the number that was given out last (fs/proc/loadavg.c). While both
 * stay, no task came or went: each new one takes a number, and each that is gone lowers the count. The number is that of the reader's
 * own PID namespace. Null when the text has another form.
 */
export function parseTasks(text: string): string | null {
  return /^(?:\S+ ){3}\d+(\/\d+ \d+)\s*$/.exec(text)?.[1] ?? null;
}
