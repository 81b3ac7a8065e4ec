import type { Diagnosis } from '../rules/engine/diagnosis.ts';

/** A finding with no cause among the others, and all that is listed below it. */
interface FindingTree {
  readonly root: Diagnosis;
  readonly effects: readonly Diagnosis[];
  /** So many are counted where they would push other causes out of sight. */
  readonly isFolded: boolean;
}

/** Up to so many each say something of their own; more are the same over and over: thirty containers on one dead mount. */
const maxUnfolded = 4;

export function findingTrees(findings: readonly Diagnosis[]): FindingTree[] {
  const trees: { readonly root: Diagnosis; readonly effects: Diagnosis[] }[] = [];
  for (const finding of findings) {
    const last = trees.at(-1);
    if (finding.depth === 0 || last === undefined) trees.push({ root: finding, effects: [] });
    else last.effects.push(finding);
  }
  return trees.map((tree) => ({ ...tree, isFolded: tree.effects.length > maxUnfolded }));
}
