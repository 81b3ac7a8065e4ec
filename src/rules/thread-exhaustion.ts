import { countOf, formatCount } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import { maxThreads } from '../model/daemons/growth.ts';
import type { StacksModel } from '../model/daemons/stacks.ts';
import type { ReportedGroup, ReportedPattern } from '../model/goroutines/analysis.ts';
import { stackName } from '../model/goroutines/frames.ts';
import type { ProcessModel } from '../model/processes/processes.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, rule, type Severity } from './engine/rule.ts';
import { restartRemedy } from './shared/daemon-restart.ts';
import { stacksOf, stacksSource } from './shared/daemon-words.ts';

const critical = 8000;
/** A daemon on a crowded node has a few hundred. A slow disk adds more for a while, which then stay idle. */
const warning = 5000;
/** Growth counts from here on; below it, it is a burst of container starts. */
const leastGrowing = 1000;
const leastPerMinute = 1;
const soonSeconds = 86_400;

/** A Go daemon is close to 10,000 threads, where the Go runtime aborts it: each thread is blocked in a system call. */
export const threadExhaustion = rule({
  id: 'thread-exhaustion',
  needs: ['daemons'],
  uses: ['stacks', 'processes', 'containers', 'mounts'],
  matters: true,
  judge: (given) =>
    given.daemons.flatMap((daemon) => {
      const severity = severityOf(daemon);
      return severity === null ? [] : [findingOf(daemon, severity, given)];
    }),
});

type Around = Parts<'stacks' | 'processes' | 'containers' | 'mounts'>;

function severityOf({ process, threadGrowthPerMinute, threadExhaustionSeconds }: DaemonModel): Severity | null {
  if (process === null) return null;
  // It is alive above the limit, so the limit was raised.
  if (process.threads >= maxThreads) return 'warning';
  if (process.threads >= critical) return 'critical';
  if (process.threads >= warning) return 'warning';
  const grows = threadGrowthPerMinute !== null && threadGrowthPerMinute >= leastPerMinute;
  return process.threads >= leastGrowing && grows && (threadExhaustionSeconds ?? soonSeconds) < soonSeconds
    ? 'warning'
    : null;
}

function findingOf(daemon: DaemonModel, severity: Severity, around: Around): Finding {
  const { name, process } = daemon;
  const threads = process?.threads ?? 0;
  const pid = process?.pid ?? 0;
  const stacks = stacksOf(around.stacks, name);
  const calls = stacks === null ? null : callsOf(stacks);
  const held = around.processes?.list.find((one) => one.pid === pid && one.blockedTids !== null) ?? null;
  const raised = threads >= maxThreads;
  const restart = restartRemedy(
    daemon,
    around,
    `Restarting ${name} frees them and gains time: they grow again while the cause lasts.`,
  );
  return {
    id: 'thread-exhaustion',
    severity,
    confidence: raised ? 'likely' : 'certain',
    title: raised
      ? `${name} has ${formatCount(threads)} threads: above Go’s default limit`
      : `${name} has ${formatCount(threads)} threads; Go aborts it at ${formatCount(maxThreads)}`,
    summary: `${name} (pid ${pid}) has ${countOf(threads, 'thread')}. Each is, or was, blocked in a system call.${gainText(daemon, raised)} ${waitWords(calls, held)}`,
    since: null,
    evidence: [
      { source: `/proc/${pid}/status`, text: `Threads: ${threads}` },
      ...callEvidence(stacks, calls),
      ...heldEvidence(held),
    ],
    subjects: { ...noSubjects, daemons: [name], pids: [pid] },
    ruledOut: calls !== null && calls.count < threads / 2 ? [notOfGoroutines(name, calls)] : [],
    remedies: [
      {
        text: 'Find what the threads wait for: the largest groups of goroutines in a system call.',
        command: `rtwatch goroutines ${quote(name)}`,
        risk: 'none',
      },
      {
        text: 'Count the kernel functions in which the threads sleep.',
        command: `cat /proc/${pid}/task/*/wchan 2>/dev/null | sed 's/$/\\n/' | sort | uniq -c | sort -rn | head`,
        risk: 'none',
      },
      ...(restart === null ? [] : [restart]),
    ],
    references: calls?.known?.references ?? ['https://pkg.go.dev/runtime/debug#SetMaxThreads'],
  };
}

/** ` It gains 12 per minute: the limit is 3h 10m away.` */
function gainText({ threadGrowthPerMinute, threadExhaustionSeconds }: DaemonModel, raised: boolean): string {
  if (threadGrowthPerMinute === null || threadGrowthPerMinute < leastPerMinute) return '';
  const away =
    raised || threadExhaustionSeconds === null ? '' : `: the limit is ${formatSeconds(threadExhaustionSeconds)} away`;
  return ` It gains ${formatCount(threadGrowthPerMinute)} per minute${away}.`;
}

function notOfGoroutines(name: string, { count }: Calls): Finding['ruledOut'][number] {
  const few = `only ${countOf(count, 'goroutine')} of ${name} ${count === 1 ? 'is' : 'are'} in a system call`;
  return { id: 'goroutine-growth', because: few };
}

interface Calls {
  /** Goroutines in a system call, each of which holds a thread. */
  readonly count: number;
  readonly largest: ReportedGroup | null;
  /** What is known of the largest group. */
  readonly known: ReportedPattern | null;
}

/** Packages whose functions are system calls. The network poller and signals have one thread each. */
const callPackage = /^(?:syscall|internal\/runtime\/syscall|internal\/syscall\/unix|golang\.org\/x\/sys\/unix)\./;

function callsOf({ report }: StacksModel): Calls {
  const inCall = report.groups.filter(({ frames }) => callPackage.test(frames[0]?.func ?? ''));
  const [largest = null] = inCall.toSorted((a, b) => b.count - a.count);
  return {
    count: inCall.reduce((sum, { count }) => sum + count, 0),
    largest,
    known: report.patterns.find(({ id }) => id === largest?.pattern) ?? null,
  };
}

function waitWords(calls: Calls | null, held: ProcessModel | null): string {
  if (calls?.largest != null && calls.largest.count >= leastGrowing / 10) {
    const { largest, known } = calls;
    const what =
      known === null
        ? `in ${stackName(largest.frames)}`
        : `of one kind: ${known.title.charAt(0).toLowerCase()}${known.title.slice(1)}`;
    return `${countOf(largest.count, 'goroutine')} in a system call ${largest.count === 1 ? 'is' : 'are'} ${what}.${known === null ? '' : ` ${known.meaning}`}`;
  }
  if (held !== null) return `Threads of it are blocked in the kernel: ${held.waits?.text ?? held.wchan ?? 'unknown'}.`;
  return 'What they wait for is unknown: its goroutines say.';
}

function heldEvidence(held: ProcessModel | null): Evidence[] {
  if (held === null) return [];
  const blocked = (held.blockedTids?.length ?? 0) + held.moreBlocked;
  const what = held.waits?.text ?? held.wchan ?? 'unknown';
  return [{ source: `/proc/${held.pid}/task`, text: `${countOf(blocked, 'thread')} in D: ${what}` }];
}

function callEvidence(stacks: StacksModel | null, calls: Calls | null): Evidence[] {
  if (stacks === null || calls === null || calls.count === 0) return [];
  const largest =
    calls.largest === null ? '' : `, ${formatCount(calls.largest.count)} of them in ${stackName(calls.largest.frames)}`;
  return [{ source: stacksSource(stacks), text: `${countOf(calls.count, 'goroutine')} in a system call${largest}` }];
}
