import type { Diagnosis } from '../rules/engine/diagnosis.ts';
import type { Remedy } from '../rules/engine/rule.ts';

/** A finding without a cause among the others, and its consequences. */
interface FindingTree {
  readonly root: Diagnosis;
  readonly effects: readonly Diagnosis[];
  /** The consequences are counted only: listed, they would hide other causes. */
  readonly isFolded: boolean;
}

/** More consequences than this repeat each other: thirty containers on one dead mount. */
const maxUnfolded = 4;

/** Findings in the order of their causes as trees, one for each root cause. */
export function findingTrees(findings: readonly Diagnosis[]): FindingTree[] {
  const trees: { readonly root: Diagnosis; readonly effects: Diagnosis[] }[] = [];
  for (const finding of findings) {
    const last = trees.at(-1);
    if (finding.depth === 0 || last === undefined) trees.push({ root: finding, effects: [] });
    else last.effects.push(finding);
  }
  return trees.map((tree) => ({ ...tree, isFolded: tree.effects.length > maxUnfolded }));
}

/**
 * The same findings, in their order, where a remedy is shown once in a tree: what ends a cause ends what follows from it. In the JSON
 * each finding keeps its own.
 */
export function withoutRepeatedRemedies(findings: readonly Diagnosis[]): Diagnosis[] {
  const shown = new Set<string>();
  return findings.map((finding) => {
    if (finding.depth === 0) shown.clear();
    const isNew = ({ text, command }: Remedy): boolean => stepsOf(text, command).some((step) => !shown.has(step));
    const remedies = finding.remedies.filter(isNew);
    for (const { text, command } of remedies) for (const step of stepsOf(text, command)) shown.add(step);
    return { ...finding, remedies };
  });
}

/** A command line by line; the sentence where there is none. A mount of one cause is reached through any process that sees it. */
const stepsOf = (text: string, command: string | null): string[] =>
  command === null ? [text] : command.replace(/\/proc\/\d+\/root(?=\/)/g, '').split('\n');
