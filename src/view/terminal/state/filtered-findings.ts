import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import { allFindings, type Verdicts } from '../../../rules/engine/run.ts';
import { keepMatching, readFilter } from '../filter.ts';
import type { ViewState } from './state.ts';

/** What the filter of the findings leaves of them. */
interface FilteredFindings {
  readonly verdicts: Verdicts;
  /** Why the filter cannot be applied; null if it can. */
  readonly trouble: string | null;
}

/** The findings that match, and above each of them the findings that it is shown below. */
export function filteredFindings(verdicts: Verdicts, { findingsPane: { filter } }: ViewState): FilteredFindings {
  if (filter.trim() === '') return { verdicts, trouble: null };
  const { rows, trouble } = keepMatching(readFilter(filter), allFindings(verdicts), { cellsOf });
  if (trouble !== null) return { verdicts, trouble };
  const { findings, resolved } = verdicts;
  const matching = new Set(rows);
  const kept = { ...verdicts, findings: withCauses(findings, matching) };
  if (resolved === undefined) return { verdicts: kept, trouble };
  return { verdicts: { ...kept, resolved: resolved.filter((finding) => matching.has(finding)) }, trouble };
}

function cellsOf({ id, severity, title, summary, subjects }: Diagnosis): string[] {
  return [severity, id, title, summary, ...Object.values(subjects).flatMap((some) => some.map(String))];
}

/** Without its cause a consequence would be drawn below another one. */
function withCauses(findings: readonly Diagnosis[], matching: ReadonlySet<Diagnosis>): Diagnosis[] {
  const above: Diagnosis[] = [];
  const kept = new Set<Diagnosis>();
  for (const finding of findings) {
    above.length = Math.min(above.length, finding.depth);
    above.push(finding);
    if (matching.has(finding)) for (const one of above) kept.add(one);
  }
  return findings.filter((finding) => kept.has(finding));
}
