import { formatBytes } from '../base/bytes.ts';
import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { StacksModel } from '../model/daemons/stacks.ts';
import { unpackHint } from '../model/disks/volatile-hint.ts';
import { talliesBySign } from '../model/logs/logs.ts';
import { isHolding, type ProcessModel } from '../model/processes/processes.ts';
import type { ShimValue } from '../sample/shims.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { containerdStacks, daemonNamed, stacksSource } from './shared/daemon-words.ts';

/** containerd gives each exit ten seconds (handleEventTimeout, pkg/cri/server/events.go). A healthy unmount takes less. */
const patienceSeconds = 10;
/** Each exit has an unmount, and a call that waits for it; the kernel's grace period alone takes tens of milliseconds. */
const momentSeconds = 1;
/** And tries again after at most five minutes: what was logged longer ago is another story. */
const recentMs = 600_000;
const longestPauseMs = 300_000;
/** So many failures in a row, for so long, are no hiccup. */
const repeatedLines = 3;
const repeatedMs = 60_000;
/** Each try is given ten seconds. */
const betweenTriesMs = 15_000;
const busyPerMinute = 4;
/** The logs also name containers of `ctr`, which no other source knows by that name. */
const idLength = 64;

/**
 * A container has exited, and containerd cannot delete its task: the shim does not answer, most often because it is in
 * umount.
 */
export const stalledTaskDelete = rule({
  id: 'stalled-task-delete',
  needs: ['shims', 'processes'],
  uses: ['containers', 'daemons', 'stacks', 'disks', 'writers', 'logs'],
  matters: false,
  judge: (given) => {
    const stall = stallOf(given.shims.shims, given);
    return stall === null ? [] : [findingOf(stall, given)];
  },
});

type Around = Parts<'processes' | 'containers' | 'daemons' | 'stacks' | 'disks' | 'writers' | 'logs'>;

interface Stall {
  /** Shims that unmount, the longest first. */
  readonly unmounting: readonly ProcessModel[];
  /** Shims that a signal stopped. */
  readonly stopped: readonly ShimValue[];
  /** Calls of Delete that wait in containerd. */
  readonly deletes: number;
  readonly log: { readonly count: number; readonly firstAt: number; readonly lastAt: number } | null;
  readonly stacks: StacksModel | null;
  readonly confidence: Finding['confidence'];
  readonly all: readonly ShimValue[];
}

function stallOf(all: readonly ShimValue[], { processes, containers, stacks: taken, logs, at }: Around): Stall | null {
  const unmounting = (processes?.list ?? [])
    .filter((process) => isUnmounting(process, all))
    .toSorted((a, b) => b.seconds - a.seconds);
  const [stacks = null] = containerdStacks(taken).toSorted((a, b) => deletesOf(b) - deletesOf(a));
  const deletes = deletesOf(stacks);
  const log = logOf({ logs, at });
  const known = { unmounting, deletes, log, stacks, all, stopped: [] };
  // Each try lasts ten seconds: two polls half a minute apart see two of them.
  const polls = stacks?.patterns.find(({ id }) => id === 'shim-call')?.polls ?? 0;
  const lasts = polls >= 2 && !isBusy({ containers, at });
  const [longest] = unmounting;
  if (longest !== undefined) {
    const isLong = longest.seconds >= patienceSeconds;
    // Only the kernel's time is exact: one that was first seen a moment ago may have waited for long.
    const isMoment = longest.secondsFrom === 'last-ran' && longest.seconds < momentSeconds;
    const isWaitedFor = !isMoment && ((deletes > 0 && lasts) || log !== null);
    const confidence = isLong || (deletes > 0 && log !== null) ? 'certain' : 'likely';
    if (isLong || isWaitedFor) return { ...known, confidence };
  }
  const stopped = all.filter(({ state }) => state === 'T');
  if (deletes > 0 && (lasts || log !== null)) return { ...known, stopped, confidence: 'likely' };
  // Only the log shows a shim that hangs without being in D: a read of the goroutines falls between two tries, or there is
  // no debug socket.
  if (log === null) return null;
  const isCurrent = stacks === null ? isDue(log, at) : at - log.lastAt <= betweenTriesMs;
  const repeated = log.count >= repeatedLines && isRetried(logs) && log.lastAt - log.firstAt >= repeatedMs && isCurrent;
  return repeated || stopped.length > 0 ? { ...known, stopped, confidence: 'possible' } : null;
}

/** One failure each, of several containers, is of exits that worked at the second try. */
function isRetried(logs: Around['logs']): boolean {
  const failed = (logs?.tallies ?? []).filter(({ sign }) => sign === 'task-exit-failed');
  return failed.some(({ container, count }) => container === null || count > 1);
}

/** So many tasks are deleted that each read of the goroutines meets one that is. */
function isBusy({ containers, at }: Pick<Around, 'containers' | 'at'>): boolean {
  const churn = containers?.churn ?? null;
  return churn !== null && churn.destroyed / Math.max(1, (at - churn.since) / 60_000) >= busyPerMinute;
}

/** The pauses between tries double, up to five minutes: when none follows for longer than all before took, it has worked. */
function isDue({ firstAt, lastAt }: NonNullable<Stall['log']>, at: number): boolean {
  return at - lastAt <= Math.min(lastAt - firstAt, longestPauseMs) + patienceSeconds * 2000;
}

/** A shim with a thread in the kernel's unmount: it runs on as long as the data is written. */
function isUnmounting(process: ProcessModel, all: readonly ShimValue[]): boolean {
  if (!isHolding(process) || !all.some(({ pid }) => pid === process.pid)) return false;
  const byCall = process.syscall?.name === 'umount2' || process.syscall?.name === 'umount';
  return byCall || process.waits?.kind === 'unmount' || process.waits?.kind === 'writeback';
}

const deleting = /(?:^|[/.])\(\*(?:shimTask|taskClient|process)\)\.[dD]elete$/;

/** Goroutines that wait for a shim to answer a Delete. */
function deletesOf(stacks: StacksModel | null): number {
  return (stacks?.report.groups ?? [])
    .filter(({ pattern, frames }) => pattern === 'shim-call' && frames.some(({ func }) => deleting.test(func)))
    .reduce((sum, group) => sum + group.count, 0);
}

function logOf({ logs, at }: Pick<Around, 'logs' | 'at'>): Stall['log'] {
  const tally = talliesBySign(logs).find(({ sign }) => sign === 'task-exit-failed');
  if (tally?.lastAt == null || at - tally.lastAt > recentMs) return null;
  return { count: tally.count, firstAt: tally.firstAt ?? tally.lastAt, lastAt: tally.lastAt };
}

function findingOf(stall: Stall, around: Around): Finding {
  const { unmounting, stopped, deletes, log, confidence } = stall;
  const [longest] = unmounting;
  const shims = longest === undefined ? stopped.length : unmounting.length;
  const containers = containersOf(stall, around);
  const name = stall.stacks?.daemon ?? 'containerd';
  return {
    id: 'stalled-task-delete',
    severity: confidence === 'possible' ? 'warning' : 'critical',
    confidence,
    title:
      longest !== undefined
        ? `${countOf(shims, 'shim')} cannot finish ${plural(shims, 'its container: its', 'their containers: their')} unmount waits for the disk`
        : shims > 0
          ? `${name} cannot delete exited containers: ${countOf(shims, 'shim')} ${plural(shims, 'is', 'are')} stopped (T)`
          : `${name} cannot delete exited containers: a shim does not answer`,
    summary: summaryOf(stall, around),
    since: sinceOf(stall, around),
    evidence: evidenceOf(stall, around),
    subjects: {
      ...noSubjects,
      containers,
      pids: [...unmounting, ...stopped].map(({ pid }) => pid),
      daemons: deletes > 0 || log !== null ? [name] : [],
    },
    ruledOut:
      longest !== undefined && shims > 0
        ? [{ id: 'stopped-shim', because: 'the shims were not stopped by a signal: the kernel holds a thread of each' }]
        : [],
    remedies: remediesOf(stall, around),
    references: [
      'https://github.com/containerd/containerd/pull/8676',
      'https://github.com/containerd/containerd/issues/7496',
      'https://github.com/containerd/containerd/issues/8931',
    ],
  };
}

function sinceOf({ unmounting: [longest], log }: Stall, { at }: Parts): number | null {
  if (longest?.secondsFrom === 'last-ran') return Math.round((at - longest.seconds * 1000) / 1000) * 1000;
  return log?.firstAt ?? null;
}

/** Docker's shim stands for one container, the CRI's for a pod: its sandbox, and what runs below it. */
function containersOf({ unmounting, stopped, all, log }: Stall, { logs, at }: Parts<'logs'>): string[] {
  const pids = new Set([...unmounting, ...stopped].map(({ pid }) => pid));
  const ids = all
    .filter(({ pid }) => pids.has(pid))
    .flatMap(({ bundleId, containers }) => [
      ...(bundleId === null ? [] : [bundleId]),
      ...containers.map(({ containerId }) => containerId),
    ]);
  const named =
    log === null
      ? []
      : (logs?.tallies ?? []).flatMap(({ sign, container, lastAt }) =>
          sign === 'task-exit-failed' && container?.length === idLength && at - (lastAt ?? 0) <= recentMs
            ? [container]
            : [],
        );
  return [...new Set([...ids, ...named])];
}

function summaryOf(stall: Stall, around: Around): string {
  const { unmounting, deletes, log, all } = stall;
  const name = stall.stacks?.daemon ?? 'containerd';
  const [longest] = unmounting;
  const waits =
    deletes === 0
      ? ''
      : ` ${countOf(deletes, 'call')} of ${name} to delete a task ${plural(deletes, 'waits', 'wait')} for that.`;
  const retries =
    log === null ? '' : ` ${name} gave up ${countOf(log.count, 'time')} after ten seconds each, and tries again.`;
  if (longest === undefined) {
    return `Containers have exited, and their shims do not answer the call that deletes them.${waits}${retries} Meanwhile they count as running or terminating.`;
  }
  const who = listOf(
    unmounting.map(({ pid }) => {
      const bundle = all.find((shim) => shim.pid === pid)?.bundleId;
      return bundle == null ? `pid ${pid}` : `pid ${pid} (${nameOf(bundle, around)})`;
    }),
  );
  const hint = unpackHint(around);
  const volatile =
    hint.volatileMounts === 'all'
      ? ''
      : ' The unmount of a container’s root waits until all dirty memory of its filesystem is written, that of other containers too.';
  return `${plural(unmounting.length, 'The shim', 'Shims')} ${who} ${plural(unmounting.length, 'has', 'have')} been in umount for ${longest.secondsFrom === 'last-ran' ? '' : 'at least '}${formatSeconds(longest.seconds)}.${volatile}${waits}${retries} Pods stay Terminating meanwhile, and starts wait behind them.`;
}

function nameOf(id: string, { containers }: Parts<'containers'>): string {
  return containers?.list.find((container) => container.id === id)?.label ?? id.slice(0, 12);
}

function evidenceOf({ unmounting, stopped, deletes, log, stacks }: Stall, { disks }: Parts<'disks'>): Evidence[] {
  const flush = disks?.flush ?? null;
  return [
    ...unmounting.slice(0, 4).map(({ pid, comm, seconds, secondsFrom, stack, wchan, waits }) => ({
      source: `/proc/${pid}/task`,
      text: `${comm} in D for ${secondsFrom === 'last-ran' ? '' : 'at least '}${formatSeconds(seconds)}: ${waits?.text ?? 'umount'} (${(stack ?? [wchan ?? 'umount']).slice(0, 4).join(' < ')})`,
    })),
    ...stopped.map(({ pid, comm }) => ({ source: `/proc/${pid}/stat`, text: `${comm}: state T, a signal stopped it` })),
    ...(deletes === 0 || stacks === null
      ? []
      : [{ source: stacksSource(stacks), text: `${countOf(deletes, 'goroutine')} in ttrpc Call < shimTask.delete` }]),
    ...(log === null
      ? []
      : [
          {
            source: 'logs: task-exit-failed',
            text: `failed to handle TaskExit: ${countOf(log.count, 'line')}, this is when the last one was written`,
            at: log.lastAt,
          },
        ]),
    ...(flush === null || unmounting.length === 0
      ? []
      : [
          {
            source: '/proc/meminfo',
            text: `${formatBytes(flush.leftBytes)} dirty or being written${flush.device === null ? '' : `; ${flush.device} completes none of its requests`}`,
          },
        ]),
  ];
}

function remediesOf({ unmounting, stopped, stacks }: Stall, around: Around): Remedy[] {
  if (unmounting.length === 0 && stopped.length > 0) {
    return [
      {
        text: 'Let the shims continue; what waits for them then finishes by itself.',
        command: `kill -CONT ${stopped.map(({ pid }) => pid).join(' ')}`,
        risk: 'low',
      },
    ];
  }
  const [first] = unmounting;
  if (first === undefined) {
    return [
      {
        text: 'See which shim is called, and what it does: a shim writes its goroutines to containerd’s log at SIGUSR1.',
        command: `rtwatch goroutines ${quote(stacks?.daemon ?? 'containerd')}`,
        risk: 'none',
      },
    ];
  }
  const { text, canBeVolatile } = unpackHint(around);
  const version = daemonNamed(around.daemons, stacks?.daemon ?? 'containerd')?.version ?? null;
  const setting = '[plugins."io.containerd.snapshotter.v1.overlayfs"] mount_options = ["volatile"]';
  const own =
    canBeVolatile === false
      ? `containerd ${version} cannot mount containers without that sync; 1.6.24, 1.7.4 and 2.0 can: ${setting}`
      : `let new containers be mounted without that sync: ${setting}, in containerd 1.6.24, 1.7.4, 2.0 or newer`;
  return [
    {
      text: 'See whether the disk makes progress: if it is slow, this clears by itself; if it failed or is frozen, fix that first. Killing the shim does not help: the kernel holds it.',
      command: `cat /proc/${first.pid}/task/*/stack; grep -E 'Dirty|Writeback:' /proc/meminfo; cat /proc/pressure/io`,
      risk: 'none',
    },
    {
      text: 'Reduce dirty pages: pause image pulls and the top writer (Disk I/O) until the unmount is done.',
      command: null,
      risk: 'none',
    },
    {
      text: `Long term: ${text ?? `${own}. What a container wrote into its layer may be lost in a crash of the node; it needs Linux 5.10`}.`,
      command: null,
      risk: 'low',
    },
  ];
}
