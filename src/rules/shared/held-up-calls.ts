import { countOf, plural } from '../../base/counts.ts';
import { quote } from '../../base/shell-word.ts';
import type { StacksModel } from '../../model/daemons/stacks.ts';
import type { Evidence, Finding, Remedy } from '../engine/rule.ts';
import { noSubjects } from '../engine/rule.ts';
import { stacksSource } from './daemon-words.ts';

/** Two reads, half a minute apart at least. */
const lastingPolls = 2;

/** How many goroutines of a pattern each of the last two reads found; 0 when one of them found none. */
export function lastingCount({ patterns }: StacksModel, id: string): number {
  const trend = patterns.find((one) => one.id === id);
  return trend !== undefined && trend.polls >= lastingPolls ? trend.count : 0;
}

interface HeldUp {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
  readonly references: readonly string[];
}

/** A finding about calls of one daemon that wait behind one thing. */
export function heldUpFinding({ daemon }: StacksModel, pid: number | null, verdict: HeldUp): Finding {
  return {
    ...verdict,
    severity: 'critical',
    confidence: 'likely',
    since: null,
    subjects: { ...noSubjects, daemons: [daemon], pids: pid === null ? [] : [pid] },
    ruledOut: [],
    remedies: [
      ...verdict.remedies,
      {
        text: 'See all of its goroutines, and keep them for a report.',
        command: `rtwatch goroutines ${quote(daemon)}`,
        risk: 'none',
      },
    ],
  };
}

/** `3 goroutines wait in eventq.(*EventQueue).Send, in two reads in a row` */
export function countEvidence(stacks: StacksModel, count: number, where: string): Evidence {
  return {
    source: stacksSource(stacks),
    text: `${countOf(count, 'goroutine')} ${plural(count, 'waits', 'wait')} in ${where}, in two reads in a row`,
  };
}
