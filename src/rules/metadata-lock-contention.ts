import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { formatPercent } from '../base/percent.ts';
import { listOf } from '../base/words.ts';
import { daemonKind } from '../model/daemons/kind.ts';
import type { StacksModel } from '../model/daemons/stacks.ts';
import type { DiskModel } from '../model/disks/disks.ts';
import type { ReportedGroup } from '../model/goroutines/analysis.ts';
import { shortName } from '../model/goroutines/frames.ts';
import { isHolding, type ProcessModel } from '../model/processes/processes.ts';
import { okValue } from '../sample/reading.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { daemonNamed, stacksSource } from './shared/daemon-words.ts';
import { holdsInSync, sync } from './shared/metadata-writer.ts';

/** A change takes as long as an fsync, in milliseconds: for three to wait at one poll, an fsync must take seconds. */
const manyWaiters = 3;
/** Share of time: below it disks are as busy as they may be. Our own judgement, as for I/O pressure. */
const pressurePercent = 20;
const longSeconds = 10;

/**
 * containerd's changes wait for the write lock of its database, and the one that has it waits for the disk: everything that
 * starts, stops or pulls stands still.
 */
export const metadataLockContention = rule({
  id: 'metadata-lock-contention',
  needs: ['stacks'],
  uses: ['daemons', 'processes', 'disks'],
  matters: false,
  judge: (given) =>
    given.stacks.flatMap((daemon) => {
      const waiters = patternCount(daemon, 'bbolt-lock-waiter');
      const holder = daemon.report.groups.find(holdsInSync);
      return waiters === 0 || holder === undefined ? [] : [findingOf(daemon, waiters, holder, given)];
    }),
});

type Around = Parts<'daemons' | 'processes' | 'disks'>;

function patternCount({ patterns }: StacksModel, id: string): number {
  return patterns.find((pattern) => pattern.id === id)?.count ?? 0;
}

function findingOf(stacks: StacksModel, waiters: number, holder: ReportedGroup, around: Around): Finding {
  const { daemon } = stacks;
  const statuses = patternCount(stacks, 'cri-status-lock-waiter');
  const polls = stacks.patterns.find(({ id }) => id === 'bbolt-lock-waiter')?.polls ?? 1;
  const thread = blockedThread(daemon, around);
  const disk = diskOf(daemon, thread, around);
  const what = whatOf(holder);
  return {
    id: 'metadata-lock-contention',
    severity: severityOf(waiters, polls, thread, around),
    confidence: 'certain',
    title: `${daemon}’s database waits for the disk: ${countOf(waiters, 'change')} behind one fsync`,
    summary: `One goroutine of ${daemon} holds the write lock of its database while it ${what}; ${countOf(waiters, 'other change')} ${plural(waiters, 'waits', 'wait')} for the lock${disk === null ? '' : `, because ${disk.words}`}. Meanwhile nothing starts, stops or is pulled.${statuses === 0 ? '' : ` ${countOf(statuses, 'request')} for the status of containers ${plural(statuses, 'waits', 'wait')} behind it: the kubelet’s list of containers stands still (PLEG).`}`,
    since: thread?.secondsFrom !== 'last-ran' ? null : Math.round((around.at - thread.seconds * 1000) / 1000) * 1000,
    evidence: [
      {
        source: stacksSource(stacks),
        text: `${countOf(waiters, 'goroutine')} in bbolt.(*DB).beginRWTx${polls > 1 ? `, in ${polls} polls in a row` : ''}`,
      },
      { source: stacksSource(stacks), text: `the lock is held in ${namesOf(holder)}` },
      ...(statuses === 0
        ? []
        : [
            {
              source: stacksSource(stacks),
              text: `${countOf(statuses, 'goroutine')} in CRI statusStorage.Get or UpdateSync`,
            },
          ]),
      ...threadEvidence(thread),
      ...(disk === null ? [] : [{ source: disk.source, text: disk.words }]),
    ],
    subjects: {
      ...noSubjects,
      pids: thread === null ? [] : [thread.pid],
      devices: disk?.device == null ? [] : [disk.device],
      daemons: [daemon],
    },
    ruledOut: [],
    remedies: remediesOf(disk, around),
    references: [
      'https://github.com/containerd/containerd/issues/8931',
      'https://github.com/containerd/containerd/pull/8676',
    ],
  };
}

/** One or two behind one fsync, seen once, are what a busy node has while it pulls. */
function severityOf(
  waiters: number,
  polls: number,
  thread: ProcessModel | null,
  { disks }: Parts<'disks'>,
): Finding['severity'] {
  if (waiters >= manyWaiters || polls >= 2) return 'critical';
  const some = okValue(disks?.pressure)?.some.avg10 ?? 0;
  const slow = some >= pressurePercent || (thread !== null && thread.seconds >= longSeconds);
  return slow ? 'warning' : 'info';
}

function whatOf(holder: ReportedGroup): string {
  const names = holder.frames.map(({ func }) => func);
  if (names.some((name) => /content\/local\.\(\*writer\)\.Commit$/.test(name)))
    return 'writes image content to the disk (fsync)';
  return 'writes the database to the disk (fdatasync)';
}

/** The frames that say something, the callee first. */
function namesOf({ frames }: ReportedGroup): string {
  const own = frames.filter(({ func }) => sync.test(func) || /Commit|Update|Sync|commit/.test(func));
  return own
    .slice(0, 5)
    .map(({ func }) => shortName(func))
    .join(' < ');
}

/** The daemon itself, with a thread in D. */
function blockedThread(daemon: string, { daemons, processes }: Parts<'daemons' | 'processes'>): ProcessModel | null {
  const pid = daemonNamed(daemons, daemon)?.process?.pid;
  return processes?.list.find((process) => process.pid === pid && isHolding(process)) ?? null;
}

function threadEvidence(thread: ProcessModel | null): Evidence[] {
  if (thread === null) return [];
  const { pid, blockedTids, waits, wchan, seconds, secondsFrom } = thread;
  return [
    {
      source: `/proc/${pid}/task`,
      text: `${countOf(blockedTids?.length ?? 1, 'thread')} in D for ${secondsFrom === 'last-ran' ? '' : 'at least '}${formatSeconds(seconds)}: ${waits?.text ?? wchan ?? 'unknown'}`,
    },
  ];
}

interface Slow {
  readonly source: string;
  readonly words: string;
  readonly device: string | null;
  readonly marked: DiskModel | null;
}

/** The state of the disk, as far as it is known: its own trouble first, then the pressure of the node. */
function diskOf(daemon: string, thread: ProcessModel | null, { disks }: Parts<'disks'>): Slow | null {
  const mount = thread?.waits?.mount ?? null;
  const all = disks?.list ?? [];
  const own =
    all.find(
      ({ device, mounts }) =>
        mount !== null && (device === mount.device || mounts.some((one) => one.device === mount.device)),
    ) ??
    all.find(({ roots }) => roots.some((root) => root.of === (daemon === 'dockerd' ? 'docker' : daemonKind(daemon))));
  const [mark] = own?.faults ?? [];
  if (own !== undefined && mark !== undefined) {
    return {
      source: `/sys/block/${own.name}`,
      words: `${own.name}: ${mark.text}`,
      device: `/dev/${own.name}`,
      marked: own,
    };
  }
  const some = okValue(disks?.pressure)?.some.avg10 ?? null;
  const busy = own?.rates?.utilPercent ?? null;
  const words = [
    ...(own === undefined || busy === null || busy < 50
      ? []
      : [`${own.name} is busy ${formatPercent(busy)} of the time`]),
    ...(some === null || some < pressurePercent ? [] : [`tasks wait for I/O ${formatPercent(some)} of the time`]),
  ];
  if (words.length === 0) return null;
  return {
    source: '/proc/pressure/io',
    words: listOf(words),
    device: own === undefined ? (mount?.source ?? null) : `/dev/${own.name}`,
    marked: null,
  };
}

function remediesOf(disk: Slow | null, { processes }: Parts<'processes'>): Remedy[] {
  const frozen = processes?.list.find(({ waits }) => waits?.kind === 'frozen-filesystem' && waits.mount !== null);
  return [
    {
      text: `Look at the disk below it${disk?.device == null ? '' : ` (${disk.device})`}: if it is slow, this clears by itself; if it failed or is frozen, fix that first.${frozen?.waits?.mount == null ? '' : ` ${frozen.waits.mount.mountPoint} (${frozen.waits.mount.source}) is frozen, so no process can write to it: thaw it.`}`,
      command: 'cat /proc/pressure/io; dmesg --level=err,warn | tail -40',
      risk: 'none',
    },
    {
      text: 'Take load off it: pause image pulls and the top writer (Disk I/O).',
      command: null,
      risk: 'none',
    },
    {
      text: 'Long term: put containerd’s root on a disk of its own, apart from what the containers write. Restarting containerd does not help: the next fsync waits as long.',
      command: null,
      risk: 'none',
    },
  ];
}
