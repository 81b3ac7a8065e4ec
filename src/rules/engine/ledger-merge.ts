import type { Diagnosis } from './diagnosis.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { Finding, Subjects } from './rule.ts';

/** A finding of this moment and what is remembered of it; one of the two may be missing. */
export interface Merged {
  readonly found: Diagnosis | null;
  readonly entry: Entry | null;
}

/**
 * What is found, each with its past, and what is not found any more, where it stood before: a line of the screen that only
 * settles must not jump.
 */
export function mergeFound({ open, resolved }: Ledger, findings: readonly Diagnosis[]): Merged[] {
  const byKey = new Map([...resolved, ...open].map((entry) => [entry.key, entry]));
  const foundKeys = new Set(findings.map(({ key }) => key));
  const missing = open.filter(({ key }) => !foundKeys.has(key));
  const merged: Merged[] = findings.map((found) => ({
    found,
    entry: byKey.get(found.key) ?? takeOver(found, missing),
  }));
  const places = new Map(merged.map((one, index) => [one.entry?.key, index]));
  const placesBefore = new Map(open.map(({ key }, index) => [key, index]));
  const after = Map.groupBy(missing, ({ key }) => {
    for (let place = (placesBefore.get(key) ?? 0) - 1; place >= 0; place--) {
      const found = places.get(open[place]?.key);
      if (found !== undefined) return found;
    }
    return -1;
  });
  const missed = (place: number): Merged[] => (after.get(place) ?? []).map((entry) => ({ found: null, entry }));
  return [...missed(-1), ...merged.flatMap((one, place) => [one, ...missed(place)])];
}

/**
 * What a finding is about grows and shrinks (one container more of those whose mounts a job holds), and its key may change with
 * it: it is the same finding when it shares something with one of its rule that is not found under its own key, and the same as
 * the one with which it shares most. That one leaves the list.
 */
function takeOver(found: Finding, missing: Entry[]): Entry | null {
  let best = -1;
  let most = 0;
  for (const [index, { finding }] of missing.entries()) {
    const shared = finding.id === found.id ? sharedOf(finding.subjects, found.subjects) : 0;
    if (shared > most) [best, most] = [index, shared];
  }
  return best < 0 ? null : (missing.splice(best, 1)[0] ?? null);
}

const kinds = ['containers', 'pids', 'mounts', 'devices'] as const satisfies readonly (keyof Subjects)[];

/** How many things both are about. */
function sharedOf(a: Subjects, b: Subjects): number {
  return kinds.reduce((sum, kind) => {
    const names: ReadonlySet<string | number> = new Set<string | number>(a[kind]);
    return sum + b[kind].filter((name) => names.has(name)).length;
  }, 0);
}
