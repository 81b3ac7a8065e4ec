import { formatCount, nothing } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import { isHolding, type ProcessModel } from '../../../model/processes/processes.ts';
import type { WaitKind } from '../../../model/processes/wait-kind.ts';
import type { Wait } from '../../../model/processes/waits.ts';
import type { SyscallValue } from '../../../sample/processes.ts';
import { clean, truncate, widthOf } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import { pane } from './guarded.ts';
import { detail } from './pane.ts';
import { type ProcessRow, processTree } from './process-tree.ts';

/** Columns of a name: of the kernel's no more (TASK_COMM_LEN). */
const longestName = 15;

export const processesPane = pane<ProcessRow>({
  title: 'Processes D/Z',
  source: 'processes',
  beside: 'left',
  rows: (model) => model.processes?.list ?? null,
  tree: (rows, model, theme) => processTree(rows, model, theme.glyphs),
  key: (process) => `${process.pid} ${process.starttime}`,
  subjects: (process) => ({ pids: [process.pid] }),
  // A zombie whose thread is in D is both.
  states: (process) => [process.state, ...(isHolding(process) ? ['D'] : [])],
  label: (process) => `${process.comm} ${process.pid}`,
  columns: [
    {
      id: 'pid',
      title: 'pid',
      width: 7,
      shrinks: true,
      align: 'right',
      text: (process) => String(process.pid),
      by: (process) => process.pid,
    },
    {
      id: 'state',
      title: 'st',
      width: 2,
      text: (process) => (process.isParent ? '' : process.state === 'Z' && isHolding(process) ? 'ZD' : process.state),
      tone: (process) => (isHolding(process) ? 'critical' : 'warning'),
      by: (process) => process.state,
    },
    {
      id: 'for',
      title: 'for',
      width: 8,
      shrinks: true,
      align: 'right',
      text: (process) =>
        process.isParent ? '' : `${process.secondsFrom === 'first-seen' ? '≥' : ''}${formatSeconds(process.seconds)}`,
      by: (process) => -process.seconds,
    },
    {
      id: 'comm',
      title: 'comm',
      // The tree indents it.
      width: 26,
      shrinks: true,
      text: (process) => `${process.indent ?? ''}${truncate(clean(process.comm), longestName)}`,
      tone: (process) => (process.isParent ? 'dim' : 'strong'),
      by: (process) => process.comm,
    },
    {
      id: 'kill',
      title: 'sig',
      width: 4,
      drop: 2,
      ifAny: true,
      text: (process) => (process.killPending ? 'KILL' : ''),
      tone: () => 'critical',
      by: (process) => (process.killPending ? 0 : 1),
    },
    {
      id: 'waits',
      title: 'waits in',
      width: 'flex',
      // A kernel function or a mount; with both, the container's name would be cut.
      enough: 18,
      text: waitsText,
      by: (process) => process.wchan ?? '',
    },
    {
      id: 'container',
      title: 'container',
      width: 'flex',
      // Pod and container are at the end, the namespace at the start.
      cut: 'middle',
      ifAny: true,
      drop: 1,
      text: (process) => clean(containerText(process)),
      by: containerText,
    },
  ],
  summary: ({ processes }) => {
    if (processes === null) return [];
    const held = processes.list.filter(isHolding).length;
    const zombies = processes.list.filter(({ state }) => state === 'Z').length;
    return [
      span(`${held} D`, held > 0 ? 'critical' : 'dim'),
      span(' · ', 'dim'),
      span(`${zombies} Z`, zombies > 0 ? 'warning' : 'dim'),
      span(` of ${formatCount(processes.total)}`, 'dim'),
    ];
  },
  folded: ({ processes }) =>
    processes === null || processes.list.length > 0 || processes.unreadable > 0
      ? []
      : [span(`no D or Z tasks of ${formatCount(processes.total)}`, 'dim')],
  empty: ({ processes }) =>
    (processes?.unreadable ?? 0) > 0
      ? `none readable; ${processes?.unreadable} are hidden: run as root`
      : 'no D or Z tasks',
  containerOf: (process) => process.containerId,
  copyOf: (process) => String(process.pid),
  details: (process, theme, model) => (process.isParent ? parentLines(process) : processLines(process, theme, model)),
});

/** Of a parent only this is known. */
function parentLines(process: ProcessRow): Line[] {
  return [
    detail('process', clean(`${process.comm}, pid ${process.pid}`)),
    detail('container', clean(containerText(process)) || 'none'),
    detail('state', 'neither D nor Z: it is a parent of one that is'),
  ];
}

function processLines(process: ProcessModel, theme: Theme, model: Model): Line[] {
  return [
    detail('process', clean(`${process.comm}, pid ${process.pid}${process.kernelThread ? ', kernel thread' : ''}`)),
    ...(process.nsPid === null || process.nsPid === process.pid ? [] : [detail('pid inside', String(process.nsPid))]),
    detail('container', clean(containerText(process)) || 'none'),
    detail('parents', clean(parentsText(process, model, theme))),
    detail(
      'state',
      `${process.state}, ${process.secondsFrom === 'last-ran' ? 'last ran' : 'first seen'} ${formatSeconds(process.seconds)} ago`,
    ),
    ...(process.blockedTids === null ? [] : [detail('threads in D', process.blockedTids.join(' '))]),
    ...(process.zombie !== null && !process.zombie.holds ? [] : [detail('SIGKILL', killText(process))]),
    ...zombieLines(process),
    ...waitLines(process),
    ...keptLines(process, model),
  ];
}

/** A parent at work takes its time to call wait(). */
const reapsWithinSeconds = 5;

function waitsText(process: ProcessRow, width: number, theme: Theme): string {
  if (process.isParent) return '';
  if (!isHolding(process)) {
    const reaps = process.seconds < reapsWithinSeconds ? 'has not reaped it yet' : 'does not reap';
    return clean(`${theme.glyphs.parent} ${process.parentComm ?? 'pid'} ${process.ppid} ${reaps}`);
  }
  const place = placeText(process.waits);
  const whole = clean([process.wchan ?? nothing, ...(place === null ? [] : [place])].join(` ${theme.glyphs.dot} `));
  if (place === null || widthOf(whole) <= width) return whole;
  // Without room for both, a mount says more than the wchan.
  return clean((process.waits?.mount ?? null) === null ? (process.wchan ?? place) : place);
}

/** Where it waits and what is wrong there: `/data frozen`; null if only `wchan` is known. */
function placeText(waits: Wait | null): string | null {
  const word = waits === null ? null : placeWords[waits.kind];
  if (waits === null || word === null) return null;
  return waits.mount === null ? word : `${waits.mount.mountPoint} ${word}${waits.certainty === 'certain' ? '' : '?'}`;
}

const placeWords: Readonly<Record<WaitKind, string | null>> = {
  'frozen-filesystem': 'frozen',
  fuse: 'FUSE',
  nfs: 'NFS',
  'network-filesystem': 'network',
  disk: 'disk',
  'disk-encryption': 'dm-crypt',
  drbd: 'DRBD',
  journal: 'journal',
  writeback: 'writeback',
  unmount: 'unmount',
  autofs: 'automounter',
  zfs: 'ZFS',
  'filesystem-lock': 'file lock',
  fanotify: 'virus scanner',
  'mount-lock': 'mount lock',
  'cgroup-lock': 'cgroup lock',
  kernfs: 'kernfs',
  freezer: 'freezer',
  'network-device': 'network device',
  rcu: 'RCU',
  'kernel-work': 'kernel thread',
  'helper-program': 'helper program',
  audit: 'audit',
  seccomp: 'seccomp',
  'memory-lock': 'memory lock',
  'memory-reclaim': 'memory reclaim',
  'oom-killer-off': 'OOM killer off',
  'memory-teardown': 'memory teardown',
  vfio: 'VFIO',
  nvidia: 'NVIDIA driver',
  vfork: 'vfork',
  'async-io': 'async I/O',
  coredump: 'core dump',
  exit: 'exit',
  unknown: null,
};

function killText({ killPending, waits }: ProcessModel): string {
  if (!killPending) return 'not pending';
  return waits?.killable === true ? 'pending; this wait is killable' : 'pending: killing again does nothing';
}

function zombieLines({ zombie }: ProcessModel): Line[] {
  return zombie === null ? [] : [detail('not reaped', clean(zombie.advice))];
}

/** What its longest-waiting thread waits for: in words, the syscall, the wchan, the kernel stack. */
function waitLines(process: ProcessModel): Line[] {
  const { waits, syscall, wchan, stack } = process;
  if (waits === null) return [];
  return [
    detail('waits for', clean(`${waits.text} (${waits.certainty})`)),
    ...(waits.killable ? [detail('', 'SIGKILL ends this wait')] : []),
    ...mountLines(waits),
    ...(syscall === null ? [] : [detail('system call', clean(syscallText(syscall)))]),
    detail('waits in', clean(wchan ?? 'unknown (run as root)')),
    detail('kernel stack', stack === null ? 'unknown (run as root)' : clean(stack[0] ?? 'empty')),
    ...(stack ?? []).slice(1).map((frame) => detail('', clean(frame))),
  ];
}

function mountLines({ mount, how }: Wait): Line[] {
  if (mount === null) return [];
  const why = how === 'descriptor' ? 'from its open file' : 'the only mount of this type that it sees';
  return [
    detail('mount', clean(`${mount.mountPoint}, ${why}`)),
    detail('device', clean(`${mount.type} on ${mount.source} (${mount.device})${mount.readOnly ? ', read-only' : ''}`)),
  ];
}

function syscallText({ number, name, fd, file }: SyscallValue): string {
  const call = name ?? `number ${number}`;
  if (fd === null) return call;
  return `${call} on descriptor ${fd}${file === null ? '' : `, ${file}`}`;
}

/** Processes that cannot exit before this one does. */
function keptLines({ pid }: ProcessModel, { processes }: Model): Line[] {
  const kept = (processes?.sleepers ?? []).filter(({ blockerPid }) => blockerPid === pid);
  return kept.map((sleeper) =>
    detail(
      'blocks',
      clean(`${sleeper.comm} ${sleeper.pid} (${sleeper.killPending ? 'killed' : 'exiting'}): it cannot exit`),
    ),
  );
}

/** `sh 26138 ← containerd-shim 26119`, as far as the listed processes and their shims show. */
function parentsText({ ppid, parentComm }: ProcessModel, { processes, shims }: Model, { glyphs }: Theme): string {
  const parents = [`${parentComm ?? nothing} ${ppid}`];
  const shimOf = shims?.shims.find(
    ({ pid, containers }) => pid !== ppid && containers.some(({ tasks }) => tasks.some((task) => task.pid === ppid)),
  );
  const known = [...(processes?.list ?? []), ...(processes?.sleepers ?? [])].find(({ pid }) => pid === ppid);
  if (known !== undefined && known.ppid !== shimOf?.pid) parents.push(`${known.parentComm ?? nothing} ${known.ppid}`);
  if (shimOf !== undefined) {
    const stopped = shimOf.state === 'T' ? ', stopped' : '';
    parents.push(`${shimOf.comm} ${shimOf.pid}${stopped}`);
  }
  return parents.join(` ${glyphs.parent} `);
}

function containerText(process: ProcessModel): string {
  return process.containerName ?? process.containerId?.slice(0, 12) ?? (process.kernelThread ? '(kernel)' : '');
}
