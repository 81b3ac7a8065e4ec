import type { Ledger } from '../rules/engine/ledger.ts';
import type { TimelineMark } from '../view/terminal/timeline.ts';

/** More than these no line of time has room for; the oldest are forgotten. */
const maxMarks = 2000;

/** The marks with those of what was found, and of what is over, between two states of the ledger. What only informs gets none. */
export function withMarks(
  marks: readonly TimelineMark[],
  before: Ledger,
  after: Ledger,
  at: number,
): readonly TimelineMark[] {
  const openBefore = new Set(before.open.map(({ key }) => key));
  const overBefore = new Set(before.resolved.map(({ key }) => key));
  const came = after.open.filter(({ key }) => !openBefore.has(key));
  const went = after.resolved.filter(({ key }) => openBefore.has(key) && !overBefore.has(key));
  const added = [
    ...came.map(({ finding }): TimelineMark => ({ at, kind: 'opened', severity: finding.severity })),
    ...went.map(({ finding }): TimelineMark => ({ at, kind: 'resolved', severity: finding.severity })),
  ].filter(({ severity }) => severity !== 'info');
  return added.length === 0 ? marks : [...marks, ...added].slice(-maxMarks);
}
