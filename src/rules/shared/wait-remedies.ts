import { quote } from '../../base/shell-word.ts';
import type { Blocker } from '../../model/containers/blocker.ts';
import type { WaitKind } from '../../model/processes/wait-kind.ts';
import type { Wait } from '../../model/processes/waits.ts';
import type { Remedy } from '../engine/rule.ts';
import { localServerText } from './local-server.ts';

/** The task that waits. */
type Waiter = Pick<Blocker, 'pid' | 'waits' | 'wchan' | 'hostPath'>;

/**
 * What ends the wait that holds a task of a container: never another signal. Paths go through `/proc/PID/root`, because a
 * mountpoint is named as the task sees it.
 */
export function remediesFor(waiter: Waiter): Remedy[] {
  const { waits } = waiter;
  if (waits === null) return [seeStack(waiter)];
  return remedies[waits.kind]({ ...waiter, waits });
}

type Waiting = Waiter & { readonly waits: Wait };

/** `status` answers without the locks that such a task may hold. */
const tasksInD = "grep -l '^State:.D' /proc/[0-9]*/task/[0-9]*/status";

const remedies: Readonly<Record<WaitKind, (waiter: Waiting) => Remedy[]>> = {
  'frozen-filesystem': thaw,
  fuse: abortFuse,
  nfs: giveUpServer,
  'network-filesystem': giveUpServer,
  autofs: (waiter) => [
    text('Bring the automounter back, or the server it mounts from.', 'systemctl status autofs'),
    seeStack(waiter),
  ],
  disk: checkDevice,
  'disk-encryption': (waiter) => [
    text(
      'See what the kernel says of the driver that encrypts and of the disk below: a crypto accelerator, or a disk, that does not answer holds every request of the encrypted disk.',
      'dmesg --level=err,warn | tail -40',
    ),
    seeStack(waiter),
  ],
  drbd: (waiter) => [
    text(
      'See whether DRBD suspends the I/O of the resource (quorum lost, no disk, a peer that must be fenced): it goes on when the peer or the disk is back.',
      'timeout 10 drbdsetup status --verbose',
    ),
    seeStack(waiter),
  ],
  journal: checkDevice,
  writeback: checkDevice,
  unmount: finishUnmount,
  zfs: (waiter) => [
    text(
      'Look at the ZFS pool: a suspended pool or a failed disk holds every write until it is cleared.',
      'zpool status -x',
    ),
    seeStack(waiter),
  ],
  'filesystem-lock': (waiter) => [
    text(
      'Find the task that holds the lock: it is in D too, usually for longer, and waits for something else. End that wait.',
      tasksInD,
    ),
    seeStack(waiter),
  ],
  fanotify: () => [
    text(
      'Restart or stop the program that watches the files through fanotify (a virus scanner, an EDR agent): its requests are then allowed.',
      'grep -l fanotify /proc/[0-9]*/fdinfo/*',
      'low',
    ),
  ],
  'mount-lock': (waiter) => [
    text(
      'Find the task that mounts or unmounts and hangs: it holds the lock of all mount namespaces. End that wait.',
      tasksInD,
    ),
    seeStack(waiter),
  ],
  'cgroup-lock': (waiter) => [
    text(
      waiter.wchan === 'cgroup_drain_dying'
        ? 'Find the process that dies in that control group and does not exit: it is in D. When there is none, the kernel missed the exit: reboot the node, with another kernel.'
        : 'Find the task that changes a control group and hangs: it holds the lock of them all. End that wait.',
      tasksInD,
    ),
    seeStack(waiter),
  ],
  kernfs: (waiter) => [
    text(
      'Find the task that holds the lock: one that reads or removes files of /sys or of a control group and hangs. Many removed control groups make this lock slow.',
      tasksInD,
    ),
    seeStack(waiter),
  ],
  freezer: ({ pid }) => [
    text(
      'Thaw its cgroup: write THAWED to freezer.state (version 1), or 0 to cgroup.freeze (version 2). Where that does not help, move the process to a thawed cgroup.',
      `cat /proc/${pid}/cgroup`,
    ),
  ],
  'network-device': (waiter) => [
    text(
      'See what the kernel waits for: “unregister_netdevice: waiting for … to become free” names the device. What uses it (a container, a socket, a driver) must go; when nothing does, only a reboot helps.',
      "dmesg | grep -E 'unregister_netdevice|NETDEV WATCHDOG|blocked for more than' | tail -20",
    ),
    seeStack(waiter),
  ],
  rcu: (waiter) => [
    text(
      'See whether the kernel reports an RCU stall: a CPU that does not leave the kernel holds up every grace period. If one does not clear, only a reboot helps.',
      "dmesg | grep -E 'rcu|soft lockup|hard LOCKUP' | tail -20",
    ),
    seeStack(waiter),
  ],
  'kernel-work': (waiter) => [
    text(
      'See which thread of the kernel does not finish: one in D, or a CPU that is kept busy by a real-time task.',
      "dmesg | grep -E 'workqueue|hung|lockup|blocked for more than' | tail -20",
    ),
    seeStack(waiter),
  ],
  'helper-program': () => [
    text(
      'Find the program that the kernel started (modprobe, request-key) and what it waits for.',
      "grep -lE 'modprobe|request-key' /proc/[0-9]*/comm",
    ),
  ],
  audit: () => [
    text(
      'See whether the audit backlog is full: then auditd does not read it, or writes to a disk that hangs.',
      'auditctl -s',
    ),
  ],
  seccomp: ({ pid }) => [
    text(
      'Bring back the supervisor that answers for it (its container runtime started it).',
      `cat /proc/${pid}/status`,
    ),
  ],
  'memory-lock': (waiter) => [
    text(
      'Find the thread of the same process that holds the lock and fix what it waits for: it is in D too, on a filesystem or for memory.',
      `grep . /proc/${waiter.pid}/task/*/wchan`,
    ),
    seeStack(waiter),
  ],
  'memory-reclaim': () => [
    text(
      'Give the control group more memory, or stop what uses it: the kernel reclaims pages instead of letting it run.',
      'grep -E "MemAvailable|Dirty|Writeback:" /proc/meminfo; cat /proc/pressure/memory',
      'low',
    ),
  ],
  'oom-killer-off': ({ pid }) => [
    text(
      'Raise the memory limit of its container, or turn the OOM killer of its control group on: write 0 to memory.oom_control. SIGKILL ends the wait, too.',
      `grep memory /proc/${pid}/cgroup`,
      'low',
    ),
  ],
  'memory-teardown': () => [
    text(
      'Reboot the node at a convenient time: the process is dead, the kernel does not finish freeing its memory, and no signal, daemon or remount changes that. Keep its stack and the kernel log for a report first.',
      null,
      'high',
    ),
  ],
  vfio: () => [
    text(
      'Wait: the kernel gives back memory that was pinned for a device, a page at a time. It takes minutes for a large virtual machine and finishes by itself.',
      null,
    ),
  ],
  nvidia: (waiter) => [
    text(
      'See what the driver reports: after an Xid error the GPU needs a reset, or the node a reboot.',
      "dmesg | grep -E 'NVRM|Xid' | tail -20",
    ),
    seeStack(waiter),
  ],
  vfork: (waiter) => [seeStack(waiter)],
  'async-io': (waiter) => [
    text(
      'Finish the I/O it has in flight (io_uring, aio): the exit waits for what cannot be cancelled. Check the device or server it goes to.',
      'dmesg --level=err,warn | tail -40',
    ),
    seeStack(waiter),
  ],
  coredump: ({ pid }) => [
    text(
      'Look at the program or the filesystem that takes the core dump: the process goes when the dump is written.',
      `cat /proc/sys/kernel/core_pattern /proc/${pid}/wchan`,
    ),
  ],
  exit: (waiter) => [
    text('End what its other tasks wait for: it exits after them.', threadsCommand(waiter)),
    seeStack(waiter),
  ],
  unknown: (waiter) => [
    text(
      waiter.wchan === null
        ? 'See, as root, what it waits for in its kernel stack and in the kernel log: this user may not read it.'
        : 'See what it waits for in its kernel stack and in the kernel log. rtwatch does not know this function: nothing can be advised by it alone.',
      `cat /proc/${waiter.pid}/stack; dmesg --level=err,warn | tail -40`,
    ),
  ],
};

function text(words: string, command: string | null, risk: Remedy['risk'] = 'none'): Remedy {
  return { text: words, command, risk };
}

function seeStack({ pid }: Waiter): Remedy {
  return text('See its kernel stack: it names the functions.', `cat /proc/${pid}/stack`);
}

function threadsCommand({ pid }: Waiter): string {
  return `grep . /proc/${pid}/task/*/wchan`;
}

function thaw(waiter: Waiting): Remedy[] {
  const { pid, waits } = waiter;
  const { mount } = waits;
  if (mount === null) {
    return [
      text(
        'See what it waits for: its kernel stack names the function, its mountinfo the filesystems. Thaw the one that is frozen with fsfreeze -u.',
        `cat /proc/${pid}/stack /proc/${pid}/mountinfo`,
      ),
    ];
  }
  return [
    {
      text: `Thaw ${mount.mountPoint} (${mount.source}), unless a snapshot or a backup froze it and is about to thaw it.`,
      command: `fsfreeze -u ${quote(pathOf(waiter, mount.mountPoint))}`,
      risk: 'low',
    },
  ];
}

function abortFuse({ waits: { mount } }: Waiting): Remedy[] {
  return [
    {
      text: 'Bring the FUSE daemon back; or abort its connection: every request to it then fails, for all its users.',
      command: `echo 1 > /sys/fs/fuse/connections/${quote(mount?.device.split(':')[1] ?? 'N')}/abort`,
      risk: 'high',
    },
  ];
}

function giveUpServer(waiter: Waiting): Remedy[] {
  const { pid, waits } = waiter;
  const { mount } = waits;
  const local = localServerText(mount?.source ?? '');
  return [
    ...(local === null ? [] : [text(local, 'ss -tlnp')]),
    {
      text: `Bring the server${mount === null ? '' : ` of ${mount.source}`} back, or give up the requests that wait for it: what was not written is lost.`,
      command:
        mount === null ? `cat /proc/${pid}/stack /proc/${pid}/mountinfo` : unmountCommand(waiter, mount.mountPoint),
      risk: mount === null ? 'none' : 'high',
    },
  ];
}

function checkDevice(waiter: Waiting): Remedy[] {
  const { mount } = waiter.waits;
  return [
    text(
      `Look at the device${mount === null ? '' : ` ${mount.source}`}: if it is slow, the wait ends by itself; if it failed, it must come back or be removed.`,
      'dmesg --level=err,warn | tail -40',
    ),
    text(
      'See what it waits for: its kernel stack names the function, its mountinfo the filesystems.',
      `cat /proc/${waiter.pid}/stack /proc/${waiter.pid}/mountinfo`,
    ),
  ];
}

function finishUnmount(waiter: Waiting): Remedy[] {
  if (waiter.wchan === 'fuse_wait_aborted') {
    return [
      text(
        'Find the task that still works on a request of this filesystem: its daemon, or a process that uses it. Aborting the connection again does nothing.',
        tasksInD,
      ),
      seeStack(waiter),
    ];
  }
  return /^(?:call_)?rwsem_down_/.test(waiter.wchan ?? '') ? remedies['filesystem-lock'](waiter) : checkDevice(waiter);
}

function pathOf({ pid, hostPath }: Waiter, mountPoint: string): string {
  return hostPath ?? `/proc/${pid}/root${mountPoint}`;
}

/** umount works only on mounts of its own namespace: on the node's, or entered. */
function unmountCommand({ pid, hostPath }: Waiter, mountPoint: string): string {
  return hostPath === null
    ? `nsenter -t ${pid} -m umount -f -l ${quote(mountPoint)}`
    : `umount -f -l ${quote(hostPath)}`;
}
