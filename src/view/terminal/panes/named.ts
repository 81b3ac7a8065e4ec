import type { Model } from '../../../model/model.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import type { Subjects } from '../../../rules/engine/rule.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import type { Target } from '../parts/line.ts';
import type { AnyPane } from './pane.ts';
import { paneIds, paneOf } from './panes.ts';

/** The row that a finding names; null when no pane lists it. */
export function rowNamed(model: Model, kind: keyof Subjects, id: string | number): Target | null {
  for (const pane of paneIds) {
    const key = paneOf(pane).find(model, kind, id);
    if (key !== null) return { to: 'row', pane, key };
  }
  return null;
}

/** The findings that name a row, worst first. */
export function findingsNaming({ findings }: Verdicts, pane: AnyPane, row: unknown): readonly Diagnosis[] {
  const own = Object.entries(pane.subjects?.(row) ?? {}) as [keyof Subjects, readonly (string | number)[]][];
  return findings.filter(({ subjects }) =>
    own.some(([kind, ids]) => {
      const named: readonly (string | number)[] = subjects[kind];
      return ids.some((id) => named.includes(id));
    }),
  );
}
