import { countOf, plural } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import { daemonKind } from '../../model/daemons/kind.ts';
import type { StacksModel } from '../../model/daemons/stacks.ts';
import type { Parts } from '../engine/parts.ts';
import type { Evidence, Remedy } from '../engine/rule.ts';
import { daemonNamed, stacksSource } from './daemon-words.ts';
import { lastingCount } from './held-up-calls.ts';

/** What an earlier create of a container or a sandbox waits for. */
interface HeldCreate {
  /** A clause: `stat() of a volume does not return`. */
  readonly cause: string;
  readonly evidence: Evidence;
  readonly remedy: Remedy;
  readonly daemons: readonly string[];
  readonly pids: readonly number[];
}

/** A network is set up in seconds. */
const longPluginSeconds = 60;

type Around = Parts<'stacks' | 'daemons' | 'processes'>;

/** What the goroutines of the runtimes and the processes below them show of creates that do not end. */
export function heldCreates(around: Around): HeldCreate[] {
  const ofStacks = (around.stacks ?? [])
    .filter(({ daemon }) => ['containerd', 'crio'].includes(daemonKind(daemon) ?? ''))
    .flatMap((one) => waits.flatMap((wait) => inStacks(one, wait, around)));
  return [...ofStacks, ...inPlugins(around)];
}

interface KnownWait {
  readonly pattern: string;
  readonly cause: string;
  readonly where: string;
  readonly remedy: Remedy;
}

const waits: readonly KnownWait[] = [
  {
    pattern: 'mount-stat',
    cause: 'stat() of a volume does not return (a dead NFS or CSI mount)',
    where: 'stat() of a volume (opts.WithMounts)',
    remedy: {
      text: 'Find the dead mount below the kubelet’s directory, and repair its server or unmount it.',
      command: "grep -E ' /var/lib/kubelet/.* - (nfs|nfs4|cifs|ceph|fuse)' /proc/1/mountinfo",
      risk: 'none',
    },
  },
  {
    pattern: 'bbolt-lock-waiter',
    cause: 'a write to the metadata database waits for its lock',
    where: 'the write lock of the metadata database',
    remedy: { text: 'Relieve the disk under the runtime’s root.', command: 'rtwatch', risk: 'none' },
  },
];

function inStacks(
  stacks: StacksModel,
  { pattern, cause, where, remedy }: KnownWait,
  { daemons }: Around,
): HeldCreate[] {
  const count = lastingCount(stacks, pattern);
  if (count === 0) return [];
  const pid = daemonNamed(daemons, stacks.daemon)?.process?.pid;
  return [
    {
      cause,
      evidence: {
        source: stacksSource(stacks),
        text: `${countOf(count, 'goroutine')} ${plural(count, 'waits', 'wait')} for ${where}, in two reads in a row`,
      },
      remedy,
      daemons: [stacks.daemon],
      pids: pid === undefined ? [] : [pid],
    },
  ];
}

function inPlugins({ processes, daemons }: Around): HeldCreate[] {
  const hung = (processes?.cniPlugins ?? []).filter(
    ({ ageSeconds, command }) => ageSeconds >= longPluginSeconds && command !== 'DEL',
  );
  const [oldest] = hung.toSorted((a, b) => b.ageSeconds - a.ageSeconds);
  if (oldest === undefined) return [];
  return [
    {
      cause: `a CNI plugin does not finish (${oldest.comm}, pid ${oldest.pid})`,
      evidence: {
        source: `/proc/${oldest.pid}/stat`,
        text: `${countOf(hung.length, 'CNI plugin')} of ${oldest.parentComm} ${plural(hung.length, 'runs', 'run')}, the oldest for ${formatSeconds(oldest.ageSeconds)}`,
      },
      remedy: {
        text: 'See what the plugin waits for: its agent, a file lock, an API server.',
        command: `ls -l /proc/${oldest.pid}/fd; grep . /proc/${oldest.pid}/task/*/wchan`,
        risk: 'none',
      },
      daemons: (daemons ?? []).filter(({ process }) => process?.pid === oldest.ppid).map(({ name }) => name),
      pids: hung.map(({ pid }) => pid).slice(0, 50),
    },
  ];
}
