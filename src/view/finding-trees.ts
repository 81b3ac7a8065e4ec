import type { Diagnosis } from '../rules/engine/diagnosis.ts';

/** A finding without a cause among the others, and its consequences. */
interface FindingTree {
  readonly root: Diagnosis;
  readonly effects: readonly Diagnosis[];
  /** The consequences are counted only: listed, they would hide other causes. */
  readonly isFolded: boolean;
}

/** More consequences than this repeat each other: thirty containers on one dead mount. */
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
