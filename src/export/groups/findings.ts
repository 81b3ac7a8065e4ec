import type { Diagnosis } from '../../rules/engine/diagnosis.ts';
import type { Severity } from '../../rules/engine/rule.ts';
import type { Known } from '../known.ts';
import { counts, each, type Metric, one } from '../metric.ts';

const severities = ['critical', 'warning', 'info'] as const satisfies readonly Severity[];

/** More than there are rules: a rule can find with two severities. */
const mostFindings = 100;

interface Kind {
  readonly id: string;
  readonly severity: Severity;
  readonly findings: readonly Diagnosis[];
}

/** The findings that are open, as the screen has them, by rule and severity. */
function kinds({ verdicts }: Known): readonly Kind[] {
  const byKind = Map.groupBy(verdicts.findings, ({ id, severity }) => `${severity} ${id}`);
  return [...byKind.values()].flatMap((findings) => {
    const [first] = findings;
    return first === undefined ? [] : [{ id: first.id, severity: first.severity, findings }];
  });
}

const labelsOf = ({ id, severity }: Kind): { readonly id: string; readonly severity: Severity } => ({ id, severity });

export const findingMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_finding',
    type: 'gauge',
    help: 'Findings of this rule and severity; present only while there is one',
    labels: ['id', 'severity'],
    most: mostFindings,
    read: (known) => each(kinds(known), labelsOf, ({ findings }) => findings.length),
  },
  {
    name: 'rtwatch_finding_since_seconds',
    type: 'gauge',
    help: 'Unix time since when the oldest of these findings is true, as far as known; present only while there is one',
    labels: ['id', 'severity'],
    most: mostFindings,
    read: (known) =>
      each(kinds(known), labelsOf, ({ findings }) => Math.min(...findings.map((one) => openedAt(one, known))) / 1000),
  },
  {
    name: 'rtwatch_findings',
    type: 'gauge',
    help: 'Findings of this severity, also 0',
    labels: ['severity'],
    read: ({ verdicts }) =>
      counts(
        'severity',
        severities,
        verdicts.findings.map(({ severity }) => severity),
      ),
  },
  {
    name: 'rtwatch_rules_unjudged',
    type: 'gauge',
    help: 'Rules without which the health of the node is unknown, and that cannot be judged now, or only in part: what they need is unknown',
    labels: [],
    read: ({ verdicts }) => one(new Set(verdicts.unknown.filter(({ matters }) => matters).map(({ id }) => id)).size),
  },
];

function openedAt({ since, lifecycle }: Diagnosis, { model }: Known): number {
  return lifecycle?.openedAt ?? since ?? model.at;
}
