import type { ReportedGroup } from '../../model/goroutines/analysis.ts';

/** A writer of containerd's database: inside a write transaction, with a leaf that waits for the disk. */
export function holdsInSync({ frames }: ReportedGroup): boolean {
  const names = frames.map(({ func }) => func);
  const inside = names.some((name) => /(?:bbolt|bolt)\.\(\*(?:DB\)\.Update|Tx\)\.Commit)$/.test(name));
  return inside && !names.some((name) => name.endsWith('.beginRWTx')) && names.some((name) => sync.test(name));
}

/** The end of the name of a frame that waits for the disk. */
export const sync = /(?:^|[./])(?:\w*\()?(?:Fsync|fdatasync|Fdatasync)\b/;
