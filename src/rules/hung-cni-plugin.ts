import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { listOf } from '../base/words.ts';
import type { CniPlugin } from '../sample/cni.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { sleepWords } from './shared/sleep-words.ts';

/** Setting up a network takes seconds, and half a minute where a cloud attaches a device; no runtime gives it a deadline of its own. */
const longSeconds = 120;
/** The kubelet has given up RunPodSandbox by then (twice its runtimeRequestTimeout of two minutes). */
const givenUpSeconds = 240;
const maxNamed = 8;

/** A CNI plugin runs for minutes: the pod whose network it sets up or takes down waits for it. */
export const hungCniPlugin = rule({
  id: 'hung-cni-plugin',
  needs: ['processes'],
  uses: ['containers', 'daemons'],
  matters: false,
  judge: (given) => {
    const hung = given.processes.cniPlugins
      .filter(({ ageSeconds }) => ageSeconds >= longSeconds)
      .toSorted((a, b) => b.ageSeconds - a.ageSeconds || a.pid - b.pid);
    return [...Map.groupBy(hung, ({ ppid }) => ppid).values()].map((some) => findingOf(some, given));
  },
});

type Around = Parts<'containers' | 'daemons'>;

/** @param hung those of one runtime, the oldest first */
function findingOf(hung: readonly CniPlugin[], around: Around): Finding {
  const [longest] = hung;
  const seconds = longest?.ageSeconds ?? 0;
  const runtime = longest === undefined ? 'the runtime' : starterOf(longest, around);
  const pods = [...new Set(hung.flatMap((one) => podOf(one, around) ?? []))];
  const whose = pods.length === 0 ? '' : ` for ${listOf(pods, 3)}`;
  const who =
    hung.length === 1 && longest !== undefined ? `CNI plugin ${named(longest)}` : `${hung.length} CNI plugins`;
  const locks = hung.filter(({ waits }) => waits.some(isFileLock)).length;
  return {
    id: 'hung-cni-plugin',
    severity: seconds >= givenUpSeconds ? 'critical' : 'warning',
    confidence: 'certain',
    title: `${who} ${plural(hung.length, 'has', 'have')} run for ${formatSeconds(seconds)}${whose}`,
    summary: `${listOf(
      hung.map((one) => `${named(one)}, ${formatSeconds(one.ageSeconds)} old`),
      4,
    )}: a plugin finishes in seconds, and ${runtime} waits for it without a deadline. ${stays(hung)}${locks === 0 ? '' : ` ${countOf(locks, 'plugin')} ${plural(locks, 'waits', 'wait')} for a file lock, which another process holds.`}`,
    since: Math.round((around.at - seconds * 1000) / 1000) * 1000,
    evidence: [
      ...hung.slice(0, maxNamed).map((one) => lineOf(one, around)),
      ...(hung.length > maxNamed
        ? [{ source: '/proc', text: countOf(hung.length - maxNamed, 'more CNI plugin') }]
        : []),
    ],
    subjects: {
      ...noSubjects,
      containers: [...new Set(hung.flatMap(({ sandboxId }) => sandboxId ?? []))],
      pids: hung.map(({ pid }) => pid),
      daemons: runtime === 'the runtime' ? [] : [runtime],
    },
    ruledOut: [],
    remedies: remediesOf(hung, locks > 0),
    references: [
      'https://github.com/containerd/containerd/issues/4666',
      'https://github.com/containernetworking/plugins/issues/561',
    ],
  };
}

/** What the pods look like from outside. */
function stays(hung: readonly CniPlugin[]): string {
  const isDel = (one: CniPlugin): boolean => one.command === 'DEL';
  const pods = plural(hung.length, 'Its pod stays', 'Their pods stay');
  if (hung.every(isDel)) return `${pods} in Terminating.`;
  if (hung.some(isDel)) return `${pods} in ContainerCreating or Terminating.`;
  return `${pods} in ContainerCreating, and each retry of the kubelet fails with “name is reserved”.`;
}

/** `bridge ADD (pid 5010)` */
function named({ comm, command, pid }: CniPlugin): string {
  return `${comm}${command === null ? '' : ` ${command}`} (pid ${pid})`;
}

function podOf({ pod, sandboxId }: CniPlugin, { containers }: Around): string | null {
  const listed = containers?.list.find(({ id }) => id === sandboxId);
  return pod ?? listed?.label ?? sandboxId?.slice(0, 12) ?? null;
}

/** By its name in the daemons pane. */
function starterOf({ ppid, parentComm }: CniPlugin, { daemons }: Around): string {
  return daemons?.find(({ process }) => process?.pid === ppid)?.name ?? parentComm;
}

const isFileLock = (wchan: string): boolean => /_lock_(?:inode|file)_wait$/.test(wchan);

function lineOf(one: CniPlugin, around: Around): Evidence {
  const { pid, state, ageSeconds, waitsFor, waits, ppid } = one;
  const pod = podOf(one, around);
  const below = waitsFor === null ? '' : `, waits for ${waitsFor}`;
  const [wait] = waits;
  const sleeps = wait === undefined ? '' : `${waitsFor === null ? ', in' : ' in'} ${wait}${sleepWords(wait)}`;
  return {
    source: `/proc/${pid}/stat`,
    text: `${named(one)}${pod === null ? '' : ` of ${pod}`}: state ${state}, started ${formatSeconds(ageSeconds)} ago by ${starterOf(one, around)} (pid ${ppid})${below}${sleeps}`,
  };
}

function remediesOf(hung: readonly CniPlugin[], isLocked: boolean): Remedy[] {
  const [oldest] = hung;
  return [
    ...(isLocked
      ? [
          {
            text: 'Find the holder of the file lock: lines with -> wait for the process of the line above them.',
            command: 'cat /proc/locks',
            risk: 'none' as const,
          },
        ]
      : []),
    {
      text: 'See what the oldest waits for: its agent’s socket, an API server, a lock. Its agent’s log says more.',
      command: `ls -l /proc/${oldest?.pid}/fd; grep . /proc/${oldest?.pid}/task/*/wchan`,
      risk: 'none',
    },
    {
      text: 'Kill the oldest: its pod’s call fails, and the kubelet tries again. SIGKILL does not end a process in D.',
      command: `kill -KILL ${oldest?.pid}`,
      risk: 'low',
    },
  ];
}
