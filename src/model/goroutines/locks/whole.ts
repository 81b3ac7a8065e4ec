import type { WholeDump } from '../../../sample/stacks.ts';
import { reportLocks } from './analysis.ts';
import type { LockReport } from './report.ts';
import { LockTracker } from './tracker.ts';

/** The locks that a whole dump shows, with their addresses and holders. */
export function locksOfWhole({ stacks }: WholeDump): LockReport[] {
  const tracker = new LockTracker();
  stacks.forEach(({ frames, goroutines }, at) => {
    for (const { id, state, waitMinutes, args } of goroutines) {
      const own = frames.map(({ func, line }, n) => ({ func, line, file: null, args: args[n] ?? null }));
      const common = { count: 1, lockedToThread: false, elided: false, createdBy: null };
      tracker.add({ ...common, id, state, waitMinutes, frames: own }, String(at));
    }
  });
  return reportLocks(tracker, { isExcerpt: false });
}

/** The lock of a whole dump that a pile-up in folded stacks is about: the one with most waiters of that name; null if none. */
export function sameLock(folded: LockReport, whole: readonly LockReport[]): LockReport | null {
  const wanted = folded.wanted[0]?.path[0];
  return (
    whole.find(({ name }) => name === folded.name) ??
    whole.find((lock) => wanted !== undefined && lock.wanted.some(({ path }) => path[0] === wanted)) ??
    null
  );
}
