import { formatCount, formatPerMinute } from '../base/counts.ts';
import { isBefore } from '../base/versions.ts';
import { listOf } from '../base/words.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { PatternTrend, StacksModel } from '../model/daemons/stacks.ts';
import { talliesBySign } from '../model/logs/logs.ts';
import { okValue } from '../sample/reading.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import {
  costEvidence,
  daemonNamed,
  type RestartDockerdParts,
  restartDockerd,
  stacksOf,
  stacksSource,
} from './shared/daemon-words.ts';
import { remediesFor } from './shared/wait-remedies.ts';

/** The first release whose waits end (moby pull request 42956). */
const boundedSince = '20.10.10';
/** So many at once are no coincidence when SIGKILL has failed. */
const manyWaiters = 10;
/** On an engine whose waits end they come and go: only a number that has grown for a minute or more is a leak. */
const boundedPolls = 3;
/** dockerd 20.10 with json-file logs has 34, and 5 to 6 for each running container; with room for others. */
const baseGoroutines = 50;
const goroutinesPerContainer = 6;
/** So many more than that are no burst of requests. */
const farOver = 200;
/** Clients retry every two minutes (the kubelet), at most every five. */
const recentMs = 600_000;

/** docker stop, kill and rm of a container that cannot exit leave goroutines, descriptors and memory behind in dockerd. */
export const goroutineLeakOnStop = rule({
  id: 'goroutine-leak-on-stop',
  needs: ['daemons'],
  uses: ['stacks', 'containers', 'shims', 'logs', 'mounts'],
  matters: true,
  judge: (given) => {
    const dockerd = daemonNamed(given.daemons, 'dockerd');
    if (dockerd === null || dockerd.process === null) return [];
    const leak = leakOf(dockerd, given);
    return leak === null ? [] : [findingOf(leak, dockerd, given)];
  },
});

interface Leak {
  /** Requests that wait; null if no stacks show it. */
  readonly waiting: number | null;
  readonly perMinute: number | null;
  /** Beyond what this dockerd needs; null if their number is unknown. */
  readonly excess: number | null;
  /** The containers that cannot exit. */
  readonly stuck: readonly ContainerModel[];
  /** How often dockerd sent SIGKILL to a process itself, by its log; 0 when it has not lately. */
  readonly forced: number;
  /** Its waits have no end; null when its version is not known. */
  readonly unbounded: boolean | null;
  readonly stacks: StacksModel | null;
  readonly confidence: Finding['confidence'];
}

function leakOf(dockerd: DaemonModel, given: Parts<'stacks' | 'containers' | 'logs'>): Leak | null {
  const unbounded = isBefore(dockerd.version, boundedSince);
  const stuck = (given.containers?.list ?? []).filter(({ stuckIn }) => stuckIn.includes('stop'));
  const stacks = stacksOf(given.stacks, 'dockerd');
  const trend = stacks?.patterns.find(({ id }) => id === 'stop-waits-for-exit') ?? null;
  const known = { stuck, forced: forcedOf(given), unbounded, stacks, excess: excessOf(dockerd, given) };
  if (stacks !== null) {
    const confidence = trend === null ? null : confidenceOf(trend, { ...known, stopping: stoppingOf(given) });
    if (trend === null || confidence === null) return null;
    return { ...known, waiting: trend.count, perMinute: trend.perMinute, confidence };
  }
  // Too many to read, or no debug page: the number and the failed attempts have to suffice.
  if (unbounded === false || !isFarOver(known.excess, dockerd)) return null;
  if (stuck.length === 0 && known.forced < manyWaiters) return null;
  return { ...known, waiting: null, perMinute: dockerd.goroutineGrowthPerMinute, confidence: 'likely' };
}

/** Null when these are waits that a healthy node has too: a stop inside its grace period waits as well. */
function confidenceOf(
  { count: waiting, perMinute, polls }: PatternTrend,
  {
    stuck,
    forced,
    unbounded,
    stopping,
  }: { readonly stuck: readonly ContainerModel[]; forced: number; unbounded: boolean | null; stopping: number },
): Finding['confidence'] | null {
  const grows = perMinute !== null && perMinute > 0 && polls >= 2;
  // Each container that is stopping in good health explains one, a stuck one explains its first.
  const unexplained = waiting - stopping - stuck.length;
  if (unbounded === false) {
    return grows && polls >= boundedPolls && waiting >= manyWaiters && unexplained > 0 ? 'likely' : null;
  }
  if (unexplained <= 0) return null;
  if (stuck.length > 0 || (waiting >= manyWaiters && forced > 0)) return unbounded === null ? 'likely' : 'certain';
  return grows && waiting >= manyWaiters ? 'likely' : null;
}

/** The kubelet's grace period is only in the request itself: any container with a stop request may be within it. */
function stoppingOf({ containers }: Parts<'containers'>): number {
  return (containers?.list ?? []).filter(
    ({ stuck, state, attempts }) => !stuck && (attempts > 0 || state === 'stopping' || state === 'removing'),
  ).length;
}

/** dockerd writes a line each time it sends SIGKILL itself: an unbounded wait follows. */
function forcedOf({ logs, at }: Parts<'logs'>): number {
  const tally = talliesBySign(logs).find(({ sign }) => sign === 'direct-sigkill');
  return tally?.lastAt != null && at - tally.lastAt <= recentMs ? tally.count : 0;
}

function excessOf({ goroutines }: DaemonModel, { containers }: Parts<'containers'>): number | null {
  const number = okValue(goroutines);
  if (number === null) return null;
  return number - baseGoroutines - goroutinesPerContainer * (containers?.running ?? 0);
}

/** Without a number of goroutines, the connections whose client is gone stand for them: one for each request that waits. */
function isFarOver(excess: number | null, { fdKinds }: DaemonModel): boolean {
  return excess === null ? (fdKinds?.peerless ?? 0) * 2 >= farOver : excess >= farOver;
}

function findingOf(leak: Leak, dockerd: DaemonModel, around: RestartDockerdParts): Finding {
  const { stuck, confidence, stacks } = leak;
  const isOlder = stuck.some(({ stuckBefore }) => stuckBefore);
  const sinces = isOlder ? [] : stuck.map(({ stuckSince }) => stuckSince).filter((since) => since !== null);
  return {
    id: 'goroutine-leak-on-stop',
    severity: 'critical',
    confidence,
    title: titleOf(leak),
    summary: summaryOf(leak, dockerd),
    since: sinces.length === 0 ? null : Math.min(...sinces),
    evidence: evidenceOf(leak, dockerd),
    subjects: {
      ...noSubjects,
      containers: stuck.map(({ id }) => id),
      pids: [
        ...(dockerd.process === null ? [] : [dockerd.process.pid]),
        ...stuck.flatMap(({ blocker }) => (blocker === null ? [] : [blocker.pid])),
      ],
      daemons: ['dockerd'],
    },
    ruledOut:
      stacks?.eventStreams.status === 'present'
        ? [
            {
              id: 'lost-event-stream',
              because: `${stacks.eventStreams.count} goroutines in processEventStream hear containerd’s events: an exit would not be missed`,
            },
          ]
        : [],
    remedies: remediesOf(leak, around),
    references: [
      'https://github.com/moby/moby/pull/42956',
      'https://github.com/moby/moby/pull/41586',
      'https://github.com/moby/moby/pull/41588',
    ],
  };
}

function titleOf({ waiting, stuck, excess }: Leak): string {
  if (waiting === null) {
    const more = excess === null ? '' : `: ${formatCount(excess)} more than it needs`;
    return `dockerd leaks goroutines with stops that fail${more}`;
  }
  const whom =
    stuck.length === 1
      ? `${stuck[0]?.label} to exit`
      : stuck.length === 0
        ? 'exits'
        : `${stuck.length} containers to exit`;
  return `dockerd leaks with each stop: ${requests(waiting)} for ${whom}`;
}

/** `1,520 requests wait` */
function requests(waiting: number): string {
  return waiting === 1 ? '1 request waits' : `${formatCount(waiting)} requests wait`;
}

function summaryOf({ waiting, perMinute, stuck, unbounded }: Leak, { version, process, fdKinds }: DaemonModel): string {
  const rate = perMinute === null || perMinute < 1 ? '' : `, ${formatCount(perMinute)} more a minute`;
  const each = 'each holds two goroutines, a connection and its buffers until the container exits';
  const what =
    waiting === null
      ? `Its stop requests wait without a deadline${rate === '' ? '' : ` (goroutines: ${rate.slice(2)})`}; ${each}.`
      : `${requests(waiting)} for an exit, after stop, kill or rm${rate}; ${each}.`;
  const why =
    unbounded === false
      ? ` dockerd ${version} gives each up after some 14 seconds, so this many should not be there.`
      : unbounded === true
        ? ` dockerd ${version} waits for ever and does not check whether the client is still there (fixed in ${boundedSince}).`
        : ` Up to ${boundedSince} dockerd waits for ever; the version of this one is not known.`;
  const whose = stuck.length === 0 ? '' : ` Stuck: ${listOf(stuck.map(({ label }) => label))}.`;
  const fds = process?.fds == null ? '' : ` dockerd has ${formatCount(process.fds)} descriptors open`;
  const left =
    fds === ''
      ? ''
      : `${fds}${fdKinds?.peerless ? `, ${formatCount(fdKinds.peerless)} of them to clients that are gone` : ''}.`;
  return `${what}${why}${whose}${left}`;
}

function evidenceOf({ waiting, perMinute, excess, forced, stacks }: Leak, dockerd: DaemonModel): Evidence[] {
  const companions = stacks?.patterns.find(({ id }) => id === 'state-wait')?.count ?? 0;
  const evidence: Evidence[] = [];
  if (stacks !== null && waiting !== null) {
    const grown = perMinute === null ? '' : `, ${formatPerMinute(perMinute)}`;
    evidence.push({
      source: stacksSource(stacks),
      text: `${formatCount(waiting)} of ${formatCount(stacks.report.total)} goroutines in Kill or containerStop, and ${formatCount(companions)} in State.Wait${grown}`,
    });
  }
  const goroutines = okValue(dockerd.goroutines);
  if (waiting === null && goroutines !== null && excess !== null) {
    evidence.push({
      source: 'GET /debug/pprof/',
      text: `${formatCount(goroutines)} goroutines, ${formatCount(excess)} more than a dockerd with so many containers has`,
    });
  }
  if (forced > 0) {
    evidence.push({
      source: 'logs: direct-sigkill',
      text: `at least ${formatCount(forced)} times SIGKILL through containerd led to no exit`,
    });
  }
  return [...evidence, ...costEvidence(dockerd)];
}

function remediesOf({ stuck, unbounded }: Leak, around: RestartDockerdParts): Remedy[] {
  const [first] = stuck.filter(({ blocker }) => blocker !== null);
  return [
    ...(first?.blocker == null ? [] : remediesFor(first.blocker)),
    {
      text: 'Free the containers: when one exits, all requests that wait for it finish and close their descriptors. See unkillable-container for what holds them. Do not stop them again until then: each attempt leaks more.',
      command: null,
      risk: 'none',
    },
    ...restartDockerd(
      around,
      'A new dockerd has none of them, and leaks again with the next stop of such a container.',
    ),
    ...(unbounded === false
      ? []
      : [
          {
            text: `Long term: dockerd ${boundedSince} or newer gives up after the grace period and some 14 seconds. 19.03 never got that fix. It stops the leak, not the cause.`,
            command: null,
            risk: 'none' as const,
          },
        ]),
  ];
}
