import type { Finding, Rule, Subjects } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { reportText } from '../../src/view/report/text.ts';
import { modelOf } from '../support/scenes.ts';
import type { Case, Expected } from './case.ts';

/** How a rule did in one case. */
export type Outcome = 'true positive' | 'false positive' | 'false negative' | 'true negative';

export interface Judgement {
  /** By rule. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What is not as it should be, in words; empty when all is. */
  readonly faults: readonly string[];
  /** What `rtwatch check` prints of it. */
  readonly report: string;
}

/** Runs the rules over a case, and compares what they say with what they should. */
export function judge({ scene, expected, mayAlso = [], unknown = [] }: Case, rules: readonly Rule[]): Judgement {
  const model = modelOf(scene());
  const verdicts = run(rules, model);
  const outcomes = new Map<string, Outcome>();
  const faults: string[] = [];
  for (const { id } of rules) {
    const found = verdicts.findings.filter((finding) => finding.id === id);
    const alarms = found.filter(({ severity }) => severity !== 'info');
    const wanted = expected.find((one) => one.id === id);
    const shown = wanted?.severity === 'info' ? found : alarms;
    const wrong = wanted === undefined ? [] : shortOf(wanted, shown);
    if (wanted !== undefined && wrong.length > 0) {
      outcomes.set(id, 'false negative');
      faults.push(...wrong.map((text) => `${id}: ${text}`));
    } else if (wanted === undefined ? alarms.length > 0 && !mayAlso.includes(id) : isTooLoud(wanted, alarms)) {
      outcomes.set(id, 'false positive');
      faults.push(...alarms.map(({ title, summary }) => `${id}: “${title}” is not so (${summary})`));
    } else if (wanted !== undefined) outcomes.set(id, 'true positive');
    else if (alarms.length === 0) outcomes.set(id, 'true negative');
  }
  const unexpected = expected.filter(({ id }) => !rules.some((rule) => rule.id === id));
  faults.push(...unexpected.map(({ id }) => `${id}: there is no such rule`));
  const unjudged = verdicts.unknown.map(({ id }) => id);
  faults.push(...unknown.filter((id) => !unjudged.includes(id)).map((id) => `${id}: should be unknown`));
  faults.push(
    ...verdicts.unknown
      .filter(({ because }) => because.includes('itself failed'))
      .map(({ id, because }) => `${id}: ${because}`),
  );
  return { outcomes, faults, report: reportText(model, verdicts) };
}

function isTooLoud(wanted: Expected, alarms: readonly Finding[]): boolean {
  return wanted.severity === 'info' && alarms.length > 0;
}

function shortOf({ about = {}, times }: Expected, found: readonly Finding[]): string[] {
  if (found.length === 0) return ['not found'];
  if (times !== undefined && found.length !== times) return [`found ${found.length} times, which is ${times}`];
  return Object.entries(about).flatMap(([kind, names]) => {
    const shown = new Set(
      found.flatMap(({ subjects }): readonly (string | number)[] => subjects[kind as keyof Subjects]),
    );
    return (names as readonly (string | number)[])
      .filter((name) => !shown.has(name))
      .map((name) => `found, without ${kind} ${name}`);
  });
}

/** How often a rule was right. */
export interface Score {
  readonly id: string;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Of what was found, how much is so; null when nothing was found. */
  readonly precision: number | null;
  /** Of what is so, how much was found; null when nothing is. */
  readonly recall: number | null;
}

export function score(id: string, outcomes: readonly Outcome[]): Score {
  const count = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;
  const [truePositives, falsePositives] = [count('true positive'), count('false positive')];
  const [falseNegatives, trueNegatives] = [count('false negative'), count('true negative')];
  const share = (others: number): number | null =>
    truePositives + others === 0 ? null : truePositives / (truePositives + others);
  return {
    id,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    precision: share(falsePositives),
    recall: share(falseNegatives),
  };
}
