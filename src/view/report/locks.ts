import type { DumpReport } from '../../model/goroutines/analysis.ts';
import type { LockReport } from '../../model/goroutines/locks/report.ts';
import { isProbable, lockSentences } from '../../model/goroutines/locks/sentences.ts';

/** The object of a lock in `goroutines --json`. */
export function lockJson(lock: LockReport, report: Pick<DumpReport, 'partial'>): object {
  const { wanted, isSampled, isFolded, ...rest } = lock;
  return {
    ...rest,
    wanted,
    probably: isProbable(lock),
    summary: lockSentences(lock, report).join(' '),
    sampled: isSampled,
    folded: isFolded,
  };
}
