import { countOf, plural } from '../base/counts.ts';
import { listOf } from '../base/words.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { PatternTrend, StacksModel } from '../model/daemons/stacks.ts';
import type { ReportedGroup } from '../model/goroutines/analysis.ts';
import { shortName } from '../model/goroutines/frames.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { daemonNamed, restartDockerd, stacksOf, stacksSource } from './shared/daemon-words.ts';

/** A start holds the lock for seconds, and a few requests wait behind it: never so many at one poll. */
const manyWaiters = 10;
const fewWaiters = 2;
/** What holds the lock and says what for. */
const holderPatterns = [
  'container-lock-holder',
  'log-driver-close',
  'log-driver-drain',
  'stream-drain',
  'network-release',
  'container-config-sync',
  'health-check-stop',
];

/** The lock of a container is held in dockerd: every request for that container waits, and others are answered. */
export const containerLockContention = rule({
  id: 'container-lock-contention',
  needs: [['containers', 'stacks']],
  uses: ['daemons', 'shims', 'mounts'],
  matters: false,
  judge: (given) => {
    const contention = contentionOf(given);
    return contention === null ? [] : [findingOf(contention, given)];
  },
});

interface Contention {
  /** Those whose inspect hangs. */
  readonly silent: readonly ContainerModel[];
  /** Requests that wait for a lock; 0 if no stacks show it. */
  readonly waiters: number;
  readonly trend: PatternTrend | null;
  /** A goroutine that holds a lock and waits for something else. */
  readonly holders: readonly ReportedGroup[];
  readonly stacks: StacksModel | null;
  readonly confidence: Finding['confidence'];
}

function contentionOf({ containers, stacks: known }: Parts<'containers' | 'stacks'>): Contention | null {
  const stacks = stacksOf(known, 'dockerd');
  const silent = (containers?.list ?? []).filter(({ evidence }) =>
    evidence.some(({ kind }) => kind === 'inspect-silent'),
  );
  const trend = stacks?.patterns.find(({ id }) => id === 'container-lock-waiter') ?? null;
  const holders = stacks?.report.groups.filter(({ pattern }) => holderPatterns.includes(pattern ?? '')) ?? [];
  const waiters = trend?.count ?? 0;
  const common = { silent, waiters, trend, holders, stacks };
  const piledUp = waiters >= fewWaiters && ((trend?.polls ?? 0) >= 2 || waiters >= manyWaiters);
  if (silent.length > 0) {
    const proven = silent.some(({ evidence }) =>
      evidence.some(({ kind, strength }) => kind === 'inspect-silent' && strength === 'proof'),
    );
    return { ...common, confidence: proven || waiters >= fewWaiters ? 'certain' : 'likely' };
  }
  return piledUp ? { ...common, confidence: holders.length > 0 ? 'likely' : 'possible' } : null;
}

type Around = Parts<'daemons' | 'containers' | 'shims' | 'mounts'>;

function findingOf(contention: Contention, around: Around): Finding {
  const { silent, waiters, confidence } = contention;
  const whose = silent.length === 0 ? 'a container' : listOf(silent.map(({ label }) => label));
  const sinces = silent.flatMap(({ evidence }) =>
    evidence.flatMap(({ kind, since }) => (kind === 'inspect-silent' && since !== null ? [since] : [])),
  );
  const shims = shimsOf(contention, around);
  return {
    id: 'container-lock-contention',
    severity: confidence === 'possible' ? 'warning' : 'critical',
    confidence,
    title: `dockerd holds the lock of ${whose}${waiters === 0 ? '' : `: ${countOf(waiters, 'request')} ${plural(waiters, 'waits', 'wait')} for it`}`,
    summary: summaryOf(contention, shims),
    since: sinces.length === 0 ? null : Math.min(...sinces),
    evidence: evidenceOf(contention, shims),
    subjects: {
      ...noSubjects,
      containers: silent.map(({ id }) => id),
      pids: shims.map(({ pid }) => pid),
      daemons: ['dockerd'],
    },
    ruledOut:
      daemonNamed(around.daemons, 'dockerd')?.ping.status === 'ok'
        ? [{ id: 'silent-daemon', because: 'dockerd answers pings: only what needs this lock waits' }]
        : [],
    remedies: remediesOf(contention, shims, around),
    references: ['https://github.com/moby/moby/blob/v20.10.24/daemon/kill.go'],
  };
}

interface HeldShim {
  readonly pid: number;
  readonly state: string;
  /** Kernel functions its threads in D wait in. */
  readonly waits: readonly string[];
}

/** The shims in trouble: of the silent containers; or any, if the engine does not say whose lock it is. */
function shimsOf({ silent }: Contention, { shims }: Parts<'shims'>): HeldShim[] {
  const own = new Set(silent.flatMap(({ shim }) => (shim === null ? [] : [shim.pid])));
  return (shims?.shims ?? [])
    .filter(({ pid, runtimeNamespace }) => (silent.length > 0 ? own.has(pid) : runtimeNamespace === 'moby'))
    .filter(({ state, waits }) => state === 'T' || state === 'D' || waits.length > 0);
}

function summaryOf({ silent, waiters, holders, stacks }: Contention, shims: readonly HeldShim[]): string {
  const asked =
    silent.length === 0
      ? `${countOf(waiters, 'request')} of dockerd wait for the lock of a container.`
      : `inspect of ${listOf(silent.map(({ label }) => label))} does not answer, others do: the lock of ${plural(silent.length, 'that container', 'those containers')} is held.`;
  const [holder] = holders;
  const why =
    holder !== undefined
      ? ` The one that has it waits for ${waitOf(holder)}.`
      : stacks === null
        ? ' Its goroutines, which would show the holder, were not read.'
        : ' Who has it is not among the known patterns.';
  return `${asked}${why}${shims.map(shimWords).join('')} Everything that asks for it piles up: inspect, stop, the kubelet.`;
}

function shimWords({ pid, state, waits }: HeldShim): string {
  if (state === 'T') return ` A signal stopped the shim (pid ${pid}, T): it answers nothing until it is continued.`;
  return ` The kernel holds the shim (pid ${pid}, D${waits.length === 0 ? '' : ` in ${waits[0]}`}).`;
}

/** Read from the stack: the last thing that the holder called outside. */
const holds: readonly (readonly [RegExp, string])[] = [
  [
    /\bfluentd?\.\(\*[Ff]luentd?\)\.Close$|logger\.\(\*(?:RingLogger\)\.Close|Copier\)\.Wait)$/,
    'the log driver to close, because its log server is away',
  ],
  [/libnetwork\.\(\*\w+\)\.(?:sbLeave|getSvcRecords)$/, 'a lock of the network code, to release the network'],
  [/ioutils\.\(\*atomicFileWriter\)\.Close$/, 'an fsync of the container’s configuration'],
  [/\.\(\*(?:task|client|container|tasksClient)\)\.(?:Kill|SignalProcess)$/, 'containerd to send a signal'],
  [
    /\.\(\*(?:task|client|container|tasksClient)\)\.(?:Delete|DeleteTask)$/,
    'containerd to delete the task of an exited container',
  ],
  [/\.\(\*(?:task|client|container|tasksClient)\)\.(?:Create|Start|NewTask)$/, 'containerd to start the container'],
  [/stream\.\(\*Config\)\.Wait$/, 'the end of the container’s output, which another process still holds open'],
  [/unix\.Unmount$/, 'an unmount'],
];

function waitOf({ frames }: ReportedGroup): string {
  const known = holds.find(([pattern]) => frames.some(({ func }) => pattern.test(func)));
  return known?.[1] ?? shortName(frames[0]?.func ?? '');
}

function evidenceOf({ silent, waiters, trend, holders, stacks }: Contention, shims: readonly HeldShim[]): Evidence[] {
  const polls = trend !== null && trend.polls > 1 ? `, in ${trend.polls} polls in a row` : '';
  return [
    ...silent.flatMap(({ evidence }) =>
      evidence.filter(({ kind }) => kind === 'inspect-silent').map(({ source, text }) => ({ source, text })),
    ),
    ...(stacks === null || waiters === 0
      ? []
      : [
          {
            source: stacksSource(stacks),
            text: `${countOf(waiters, 'goroutine')} in Mutex.Lock of a container${polls}`,
          },
        ]),
    ...(stacks === null
      ? []
      : holders.slice(0, 3).map((holder) => ({
          source: stacksSource(stacks),
          text: `${holder.count === 1 ? 'one holds' : `${holder.count} hold`} a lock in ${pathOf(holder)}`,
        }))),
    ...shims.map(({ pid, state, waits }) => ({
      source: `/proc/${pid}/stat`,
      text: `the shim is in state ${state}${waits.length === 0 ? '' : `, its threads wait in ${waits.join(', ')}`}`,
    })),
  ];
}

/** `grpc/…waitOnHeader < tasksClient.Kill < Daemon.killWithSignal`: the leaf, and the frames that name what it does. */
function pathOf({ frames }: ReportedGroup): string {
  const [leaf, ...rest] = frames;
  const own = rest.filter(({ func }) => /\.\(\*(?:Daemon|task|tasksClient|client|Config)\)\.\w+$/.test(func));
  return [...(leaf === undefined ? [] : [leaf]), ...own.slice(0, 6)].map(({ func }) => shortName(func)).join(' < ');
}

function remediesOf({ holders }: Contention, shims: readonly HeldShim[], around: Around): Remedy[] {
  const stopped = shims.filter(({ state }) => state === 'T');
  const held = shims.filter(({ state }) => state !== 'T');
  return [
    ...(stopped.length === 0
      ? []
      : [
          {
            text: 'Continue the shim: it answers the call, the lock is released, and the waiting requests continue.',
            command: `kill -CONT ${stopped.map(({ pid }) => pid).join(' ')}`,
            risk: 'low' as const,
          },
        ]),
    ...held.map(({ pid }) => ({
      text: 'See what the shim waits for in the kernel and fix that: killing the shim does not work.',
      command: `cat /proc/${pid}/task/*/stack`,
      risk: 'none' as const,
    })),
    {
      text:
        holders.length > 0
          ? 'See all goroutines, and the container that they are about.'
          : 'See which goroutine holds it, and what that one waits for.',
      command: 'rtwatch goroutines dockerd',
      risk: 'none',
    },
    ...(stopped.length > 0
      ? []
      : restartDockerd(
          around,
          'Last of all: a new dockerd has none of these locks, and takes them again at the next call.',
        )),
  ];
}
