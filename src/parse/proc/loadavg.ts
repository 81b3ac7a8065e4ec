/** What `/proc/loadavg` says of tasks (fs/proc/loadavg.c). */
export interface Tasks {
  /** Of the whole system: threads, also those of the kernel. */
  readonly count: number;
  /** The number that was given out last in the reader's own PID namespace. */
  readonly newest: number;
}

/** While both stay, no task came or went: each new one takes a number, and each that is gone lowers the count. Null when the text has another form. */
export function parseTasks(text: string): Tasks | null {
  const [, count, newest] = /^(?:\S+ ){3}\d+\/(\d+) (\d+)\s*$/.exec(text) ?? [];
  return count === undefined || newest === undefined ? null : { count: Number(count), newest: Number(newest) };
}
