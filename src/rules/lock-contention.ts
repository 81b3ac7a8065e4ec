import { countOf, formatCount, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import type { StacksModel } from '../model/daemons/stacks.ts';
import type { ReportedPattern } from '../model/goroutines/analysis.ts';
import { kindOf, shortName } from '../model/goroutines/frames.ts';
import type { LockReport } from '../model/goroutines/locks/report.ts';
import { holderSentences } from '../model/goroutines/locks/sentences.ts';
import { sameLock } from '../model/goroutines/locks/whole.ts';
import type { ProcessModel } from '../model/processes/processes.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { type RestartDockerdParts, restartDockerd, stacksSource } from './shared/daemon-words.ts';
import { threadOfCall } from './shared/held-calls.ts';
import { holdsInSync } from './shared/metadata-writer.ts';

/** Many containers that start at once wait for a lock for a moment, some dozens of them; half a minute later they are done. */
const atOnce = 50;
const lasting = 10;
const lastingPolls = 2;

/** Goroutines of a daemon pile up behind one lock. Those of containers and of containerd's database have rules of their own. */
export const lockContention = rule({
  id: 'lock-contention',
  needs: ['stacks'],
  uses: ['daemons', 'mounts', 'containers', 'processes'],
  matters: false,
  judge: (given) =>
    given.stacks.flatMap((stacks) =>
      stacks.report.locks
        .filter((lock) => isPileUp(lock, stacks) && !hasOwnRule(lock, stacks))
        .map((lock) => findingOf(lock, stacks, given)),
    ),
});

function isPileUp({ waiters, name }: LockReport, { lockPolls }: StacksModel): boolean {
  return waiters >= atOnce || (waiters >= lasting && (lockPolls.get(name) ?? 0) >= lastingPolls);
}

function hasOwnRule({ name }: LockReport, { daemon, report }: StacksModel): boolean {
  if (daemon === 'dockerd') return name.startsWith('the lock of a container');
  if (/database|CRI container/.test(name)) return report.groups.some(holdsInSync);
  const ids = report.patterns.map(({ id }) => id);
  return (/snapshotter/.test(name) && ids.includes('snapshot-gc')) || /\bNRI\b|nri\.|adaptation/.test(name);
}

type Around = RestartDockerdParts & Parts<'processes'>;

function findingOf(lock: LockReport, stacks: StacksModel, around: Around): Finding {
  const { daemon } = stacks;
  const polls = stacks.lockPolls.get(lock.name) ?? 1;
  const known = patternOf(lock, stacks);
  const exact = stacks.whole === null ? null : sameLock(lock, stacks.whole.locks);
  const thread = heldThread(exact ?? lock, stacks, around);
  return {
    id: 'lock-contention',
    severity: polls >= lastingPolls ? 'critical' : 'warning',
    confidence: confidenceOf(lock, exact),
    title: `${daemon}: ${countOf(lock.waiters, 'goroutine')} wait for ${lock.name}`,
    summary: `${countOf(lock.waiters, 'goroutine')} of ${daemon} wait for ${lock.name}, in ${pathOf(lock)}. ${exact === null ? holderWords(lock, stacks) : exactWords(lock, exact, stacks)}${known === null ? '' : ` ${known.meaning}`}`,
    since: null,
    evidence: [...evidenceOf(lock, exact, stacks, polls), ...(thread === null ? [] : [threadEvidence(thread)])],
    subjects: { ...noSubjects, daemons: [daemon], pids: thread === null ? [] : [thread.pid] },
    ruledOut: [],
    remedies: remediesOf(stacks, lock, exact, around),
    references: known?.references ?? [],
  };
}

/** An address proves the holder; functions make it likely. */
function confidenceOf(lock: LockReport, exact: LockReport | null): Finding['confidence'] {
  if (exact?.holder?.probably === false && isMost(exact, lock)) return 'certain';
  return (exact ?? lock).holder === null ? 'possible' : 'likely';
}

/** Of the goroutines that the folded stacks put together. */
function isMost(exact: LockReport, { waiters }: LockReport): boolean {
  return exact.waiters * 2 >= waiters;
}

/** The thread of the system call in which the holder, or the last one behind it, waits; null when it waits for something else. */
function heldThread(
  { holder, chain, candidates }: LockReport,
  { daemon }: StacksModel,
  around: Around,
): ProcessModel | null {
  const last =
    chain.findLast((link) => link.holder !== null)?.holder ??
    holder ??
    (candidates.length === 1 ? candidates[0] : null);
  return last == null ? null : threadOfCall(daemon, last.path, around);
}

function threadEvidence({ pid, blockedTids, seconds, waits, wchan, syscall }: ProcessModel): Evidence {
  return {
    source: `/proc/${pid}/task/${blockedTids?.[0] ?? pid}/stack`,
    text: `the thread of that call (${syscall?.name ?? 'unknown'}) has been in D for ${formatSeconds(seconds)}: ${waits?.text ?? wchan ?? 'unknown'}`,
  };
}

function pathOf({ wanted }: LockReport): string {
  return (wanted[0]?.path ?? []).slice(0, 5).join(' < ');
}

/** They hold a lock while they wait for the next one. */
const holdingPatterns = [
  'network-release',
  'container-config-sync',
  'health-check-stop',
  'log-driver-close',
  'log-driver-drain',
  'stream-drain',
];

function holderWords({ holder, candidates, chain }: LockReport, { report }: StacksModel): string {
  if (holder === null) {
    const near = report.groups.find(({ pattern }) => holdingPatterns.includes(pattern ?? ''));
    const where =
      near?.frames.filter(({ func }) => kindOf(func) === 'program').map(({ func }) => shortName(func)) ?? [];
    if (where.length > 0) return `A goroutine in ${where.slice(0, 6).join(' < ')} is probably behind it.`;
    if (candidates.length === 0) return 'The holder is unknown: these stacks have no addresses.';
    return `The holder is probably in one of: ${candidates.map(({ path }) => path.slice(0, 4).join(' < ')).join('; ')}.`;
  }
  const behind = chain.map(({ name }) => ` That one waits for ${name}.`).join('');
  return `A goroutine in ${holder.path.join(' < ')} probably holds it.${behind}`;
}

/** After so long the holder can be another one. */
const freshSeconds = 120;

/** The holder as the whole dump shows it, with its wait and what it waits for. */
function exactWords(lock: LockReport, exact: LockReport, { whole }: StacksModel): string {
  const age = whole?.ageSeconds ?? 0;
  const when = age > freshSeconds ? `${formatSeconds(age)} ago: ` : '';
  const part = isMost(exact, lock)
    ? ''
    : `${formatCount(exact.waiters)} of them ${plural(exact.waiters, 'waits', 'wait')} for one lock. `;
  return `${when}${part}${holderSentences(exact, whole?.partial ?? false).join(' ')}`;
}

/** What is known of those that wait. */
function patternOf({ wanted }: LockReport, { report }: StacksModel): ReportedPattern | null {
  const leaf = wanted[0]?.path[0];
  const group = report.groups.find(({ frames }) => frames.some(({ func }) => shortName(func) === leaf));
  return report.patterns.find(({ id, harmless }) => id === group?.pattern && !harmless) ?? null;
}

function evidenceOf(lock: LockReport, exact: LockReport | null, stacks: StacksModel, polls: number): Evidence[] {
  const source = stacksSource(stacks);
  return [
    {
      source,
      text: `${countOf(lock.waiters, 'goroutine')} in Lock below ${pathOf(lock)}${polls > 1 ? `, in ${polls} polls in a row` : ''}`,
    },
    ...(exact !== null || lock.holder === null
      ? []
      : [{ source, text: `another one in ${lock.holder.path.join(' < ')}` }]),
    ...(exact === null ? [] : exactEvidence(exact, stacks)),
  ];
}

function exactEvidence({ holder, waiters, kind, address }: LockReport, { daemon, whole }: StacksModel): Evidence[] {
  const source = `${daemon} goroutine?debug=2, ${formatSeconds(whole?.ageSeconds ?? 0)} ago`;
  const what = `${kind === 'mutex' ? 'Mutex' : 'RWMutex'}${address === null ? '' : ` ${address}`}`;
  return [
    { source, text: `${countOf(waiters, 'goroutine')} wait for ${what}` },
    ...(holder === null
      ? []
      : [{ source, text: `goroutine ${holder.goroutine ?? 'unknown'} in ${holder.path.join(' < ')}` }]),
  ];
}

function remediesOf(
  { daemon }: StacksModel,
  lock: LockReport,
  exact: LockReport | null,
  around: RestartDockerdParts,
): Remedy[] {
  const holder = exact?.holder ?? lock.holder;
  return [
    {
      text:
        exact === null
          ? 'See which goroutine holds the lock, with its address and how long it waits.'
          : 'See all goroutines as they are now, the lock and its holder first.',
      command: `rtwatch goroutines ${quote(daemon)}`,
      risk: 'none',
    },
    ...(holder === null
      ? []
      : [{ text: `End what the holder waits for: ${holder.doing}.`, command: null, risk: 'none' as const }]),
    ...(daemon === 'dockerd'
      ? restartDockerd(around, 'Last of all: a new dockerd has none of these locks, and takes them again.')
      : []),
  ];
}
