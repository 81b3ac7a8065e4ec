import type { ProcessModel } from '../../model/processes/processes.ts';

/** Disks keep tasks in D for milliseconds, a snapshot freezes for a second or two. The kernel itself complains after 120 seconds. */
const longSeconds = 10;
/** SIGKILL would end it. As for the kernel's own complaint, and more than the 90 seconds that an NFS server is in grace after a restart. */
const longKillableSeconds = 120;

/**
 * Whether a process is in D for longer than on any healthy node. One sample is a moment: a task that was off the CPU for long may
 * have entered D just then. A parent in vfork waits for its child, for as long as the child likes.
 */
export function isLongWait({ seconds, seenSeconds, waits }: ProcessModel): boolean {
  if (seenSeconds === 0) return false;
  if (waits?.killable !== true) return seconds >= longSeconds;
  return waits.kind !== 'vfork' && seconds >= longKillableSeconds;
}
