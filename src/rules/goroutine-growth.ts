import { countOf, formatCount } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import type { GroupTrend, StacksModel } from '../model/daemons/stacks.ts';
import type { ReportedPattern } from '../model/goroutines/analysis.ts';
import { shortName, stackName } from '../model/goroutines/frames.ts';
import { lockShape } from '../model/goroutines/locks/lock-wait.ts';
import { type Evidence, type Finding, noSubjects, rule } from './engine/rule.ts';
import { stacksSource } from './shared/daemon-words.ts';

/** What lasts milliseconds on a healthy node: so many at one moment are left over. */
const leftOver: Readonly<Record<string, number>> = {
  'health-probe': 100,
  'exec-sync-drain': 100,
  'cri-attach': 100,
  'cri-resize': 100,
  'fifo-open': 100,
  'crio-attach': 300,
  // A node has some hundred containers, and one or two agents that follow their logs.
  'log-follow': 500,
  'open-exec': 1000,
  'attach-watch': 1000,
};
/** A dockerd has 34 goroutines and some six for each container; no node has hundreds of containers for this many. */
const manyGoroutines = 5000;
/** Growth in every poll, by so many, to so many: a burst of starts is smaller, and over before. */
const minGrown = 200;
const minGroup = 300;
/** These have rules of their own. */
const elsewhere = ['stop-waits-for-exit', 'state-wait'];

/** A daemon collects goroutines: a known kind is left over, one group grows from poll to poll, or there are thousands. */
export const goroutineGrowth = rule({
  id: 'goroutine-growth',
  needs: ['stacks'],
  uses: [],
  matters: false,
  judge: ({ stacks }) =>
    stacks.flatMap((daemon) => {
      const known = daemon.report.patterns.filter(
        ({ id, count }) => count >= (leftOver[id] ?? Number.POSITIVE_INFINITY),
      );
      const growing = daemon.growing.filter((group) => isLeak(group, daemon));
      const isMany = daemon.report.total >= manyGoroutines && !isNamedElsewhere(daemon);
      if (known.length === 0 && growing.length === 0 && !isMany) return [];
      return [findingOf(daemon, known, growing)];
    }),
});

function isLeak({ funcs, count, grown }: GroupTrend, { report }: StacksModel): boolean {
  if (grown < minGrown || count < minGroup || lockShape(funcs, null) !== null) return false;
  const group = report.groups.find(({ frames }) => frames.map(({ func }) => func).join('\n') === funcs.join('\n'));
  return !elsewhere.includes(group?.pattern ?? '');
}

/** Stops that wait, and waiters for a lock, are most of them. */
function isNamedElsewhere({ report }: StacksModel): boolean {
  const stops = report.patterns.filter(({ id }) => elsewhere.includes(id)).reduce((sum, { count }) => sum + count, 0);
  const waiters = report.locks.reduce((sum, lock) => sum + lock.waiters, 0);
  return stops + waiters >= report.total / 2;
}

function findingOf(stacks: StacksModel, known: readonly ReportedPattern[], growing: readonly GroupTrend[]): Finding {
  const { daemon, report } = stacks;
  const [first] = known.toSorted((a, b) => b.count - a.count);
  const [group] = growing;
  const what = whatOf(stacks, first, group);
  return {
    id: 'goroutine-growth',
    severity: 'warning',
    confidence: first === undefined && group === undefined ? 'possible' : 'likely',
    title: `${daemon} collects goroutines: ${what}`,
    summary: `${daemon} has ${countOf(report.total, 'goroutine')}: ${what}.${growthWords(group)}${first === undefined ? '' : ` ${first.meaning}`}`,
    since: null,
    evidence: evidenceOf(stacks, known, growing),
    subjects: { ...noSubjects, daemons: [daemon] },
    ruledOut: [],
    remedies: [
      {
        text: 'See all groups and what each waits for; two dumps apart in time show what grows.',
        command: `rtwatch goroutines ${quote(daemon)}`,
        risk: 'none',
      },
    ],
    references: first?.references ?? [],
  };
}

function whatOf({ report }: StacksModel, known: ReportedPattern | undefined, growing: GroupTrend | undefined): string {
  if (known !== undefined)
    return `${formatCount(known.count)} ${known.title.charAt(0).toLowerCase()}${known.title.slice(1)}`;
  const largest = growing?.count ?? report.groups[0]?.count ?? 0;
  const name =
    growing === undefined
      ? stackName(report.groups[0]?.frames ?? [])
      : stackName(growing.funcs.map((func) => ({ func, file: null, line: null })));
  return `${formatCount(largest)} in ${name}`;
}

function growthWords(group: GroupTrend | undefined): string {
  if (group === undefined) return '';
  return ` ${formatCount(group.grown)} of this group came in the last ${formatSeconds(group.minutes * 60)}, and none exited.`;
}

function evidenceOf(
  stacks: StacksModel,
  known: readonly ReportedPattern[],
  growing: readonly GroupTrend[],
): Evidence[] {
  const source = stacksSource(stacks);
  return [
    ...known.map(({ id, count: many }) => ({ source, text: `${countOf(many, 'goroutine')} of the kind ${id}` })),
    ...growing.slice(0, 3).map(({ funcs, count: many, grown, minutes }) => ({
      source,
      text: `${countOf(many, 'goroutine')} in ${funcs.slice(0, 4).map(shortName).join(' < ')}, ${grown} more than ${formatSeconds(minutes * 60)} before`,
    })),
    { source, text: `${countOf(stacks.report.total, 'goroutine')} in all` },
  ];
}
