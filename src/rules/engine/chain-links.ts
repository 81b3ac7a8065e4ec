import type { Subjects } from './rule.ts';

/** One finding may follow from another: which from which, and when two of them belong together. */
export interface ChainLink {
  /** Rule of the finding that follows. */
  readonly effect: string;
  /** Rule of the finding that it follows from. */
  readonly cause: string;
  /** Both name a thing of one of these kinds in common; `node`: to be on the same node is enough. */
  readonly join: readonly (keyof Subjects | 'node')[];
  /** They also belong together when one of the two names nothing of these kinds. */
  readonly orUnnamed?: true;
  /** Not a consequence: it only explains why it is that bad. Shown below it, and not counted as a cause. */
  readonly beside?: true;
}

/** What follows from what, as far as the mechanism is known. No rule follows from itself, not even by others. */
export const chainLinks: readonly ChainLink[] = [
  // A device whose file lies on a frozen filesystem cannot write (drivers/block/loop.c lo_rw_aio).
  { effect: 'stalled-disk', cause: 'frozen-filesystem', join: ['devices'] },
  { effect: 'io-pressure', cause: 'frozen-filesystem', join: ['devices'] },
  { effect: 'io-pressure', cause: 'stalled-disk', join: ['devices'] },
  // All writers to a frozen filesystem wait, and so do those that wait for them.
  { effect: 'blocked-process', cause: 'frozen-filesystem', join: ['pids', 'mounts', 'devices'] },
  { effect: 'unkillable-container', cause: 'frozen-filesystem', join: ['containers', 'pids', 'devices'] },
  { effect: 'stuck-removal', cause: 'frozen-filesystem', join: ['containers', 'pids'] },
  { effect: 'stalled-task-delete', cause: 'frozen-filesystem', join: ['pids', 'devices'] },
  { effect: 'metadata-lock-contention', cause: 'frozen-filesystem', join: ['pids', 'devices'] },
  { effect: 'silent-daemon', cause: 'frozen-filesystem', join: ['pids'] },
  { effect: 'silent-kubelet', cause: 'frozen-filesystem', join: ['pids'] },
  { effect: 'stalled-reader', cause: 'frozen-filesystem', join: ['pids'] },
  { effect: 'blocked-process', cause: 'dead-network-storage', join: ['pids', 'devices'] },
  { effect: 'unkillable-container', cause: 'dead-network-storage', join: ['containers', 'pids', 'devices'] },
  { effect: 'stuck-removal', cause: 'dead-network-storage', join: ['containers', 'pids'] },
  { effect: 'silent-daemon', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'silent-kubelet', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'stalled-reader', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'blocked-process', cause: 'stalled-disk', join: ['pids', 'devices'] },
  { effect: 'unkillable-container', cause: 'stalled-disk', join: ['containers', 'pids', 'devices'] },
  { effect: 'stuck-removal', cause: 'stalled-disk', join: ['containers', 'pids'] },
  { effect: 'stalled-task-delete', cause: 'stalled-disk', join: ['pids', 'devices'], orUnnamed: true },
  { effect: 'metadata-lock-contention', cause: 'stalled-disk', join: ['pids', 'devices'], orUnnamed: true },
  { effect: 'silent-daemon', cause: 'stalled-disk', join: ['pids'] },
  { effect: 'silent-kubelet', cause: 'stalled-disk', join: ['pids'] },

  // A stop of an unkillable container waits for its exit: two goroutines each, forever up to 20.10.9 (moby PR 42956).
  { effect: 'goroutine-leak-on-stop', cause: 'unkillable-container', join: ['containers'], orUnnamed: true },
  // An exit that containerd never reported, or dockerd never received, is waited for in the same way.
  { effect: 'goroutine-leak-on-stop', cause: 'stalled-task-delete', join: ['containers'] },
  { effect: 'goroutine-leak-on-stop', cause: 'lost-event-stream', join: ['daemons'] },
  // Each waiter costs a stack, two buffers, and the descriptor of its connection.
  { effect: 'growing-heap', cause: 'goroutine-leak-on-stop', join: ['daemons'] },
  { effect: 'growing-heap', cause: 'container-lock-contention', join: ['daemons'], orUnnamed: true },
  { effect: 'fd-exhaustion', cause: 'goroutine-leak-on-stop', join: ['daemons'] },
  { effect: 'fd-exhaustion', cause: 'container-lock-contention', join: ['daemons'], orUnnamed: true },

  // Each system call that does not return holds a thread. Go aborts the daemon at 10,000 of them.
  { effect: 'thread-exhaustion', cause: 'frozen-filesystem', join: ['pids'] },
  { effect: 'thread-exhaustion', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'thread-exhaustion', cause: 'stalled-disk', join: ['pids'] },
  { effect: 'thread-exhaustion', cause: 'goroutine-growth', join: ['daemons'] },
  { effect: 'crash-loop', cause: 'thread-exhaustion', join: ['daemons'] },

  // The lock of a container is held while a goroutine talks to its shim: dockerd/monitor.go, kill.go.
  { effect: 'container-lock-contention', cause: 'unkillable-container', join: ['containers', 'pids'] },
  { effect: 'container-lock-contention', cause: 'stalled-task-delete', join: ['containers', 'pids'] },
  // A start waits for each mount, container and shim that is left.
  { effect: 'hanging-start', cause: 'frozen-filesystem', join: ['pids'] },
  { effect: 'hanging-start', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'hanging-start', cause: 'stalled-disk', join: ['pids'] },
  { effect: 'hanging-start', cause: 'blocked-process', join: ['pids'] },
  { effect: 'crash-loop', cause: 'hanging-start', join: ['daemons'] },
  // A request for its status, or for the list of all, waits for the lock that a call to its shim holds.
  { effect: 'unkillable-container', cause: 'container-status-lock', join: ['containers'] },
  // accept(2) fails without a descriptor; a list or a ping waits for a lock.
  { effect: 'silent-daemon', cause: 'fd-exhaustion', join: ['daemons'] },
  { effect: 'silent-daemon', cause: 'container-lock-contention', join: ['daemons'], orUnnamed: true },
  { effect: 'silent-daemon', cause: 'metadata-lock-contention', join: ['daemons'] },

  // rmdir(2) of a directory that is mounted somewhere is EBUSY; what lives in another namespace cannot be unmounted.
  // A frozen task obeys no signal until it is thawed; a runtime waits for the set-up below it.
  { effect: 'unkillable-container', cause: 'frozen-cgroup', join: ['containers', 'pids'] },
  { effect: 'hung-runtime', cause: 'frozen-cgroup', join: ['containers', 'pids'] },
  { effect: 'hung-runtime', cause: 'blocked-process', join: ['pids'] },
  { effect: 'hung-runtime', cause: 'unkillable-container', join: ['pids'] },
  // containerd and dockerd hold the lock of a container while its runtime works.
  { effect: 'container-lock-contention', cause: 'hung-runtime', join: ['containers'] },

  { effect: 'stuck-removal', cause: 'leaked-mount', join: ['containers'] },
  { effect: 'stuck-removal', cause: 'unkillable-container', join: ['containers'] },
  { effect: 'stuck-removal', cause: 'stalled-task-delete', join: ['containers'] },
  { effect: 'stuck-removal', cause: 'blocked-process', join: ['pids', 'devices'] },
  { effect: 'stuck-removal', cause: 'io-pressure', join: ['devices'] },
  // StopPodSandbox takes the pod’s network down.
  { effect: 'stuck-removal', cause: 'failed-network-setup', join: ['containers'] },
  // daemon/delete.go: the lock of a container is held while its files are removed.
  { effect: 'container-lock-contention', cause: 'stuck-removal', join: ['containers', 'daemons'] },
  { effect: 'lock-contention', cause: 'stuck-removal', join: ['daemons'] },
  // The holder is in a system call, and the thread of that call in D.
  { effect: 'lock-contention', cause: 'frozen-filesystem', join: ['pids'] },
  { effect: 'lock-contention', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'lock-contention', cause: 'stalled-disk', join: ['pids'] },
  { effect: 'lock-contention', cause: 'blocked-process', join: ['pids'] },
  { effect: 'leaked-mount', cause: 'split-mount-namespace', join: ['containers', 'pids'] },

  // An fsync holds the one write lock of bbolt; an unmount writes all that is dirty.
  { effect: 'metadata-lock-contention', cause: 'io-pressure', join: ['devices'], orUnnamed: true },
  { effect: 'metadata-lock-contention', cause: 'blocked-process', join: ['pids'] },
  { effect: 'stalled-task-delete', cause: 'io-pressure', join: ['devices'], orUnnamed: true },
  { effect: 'stalled-task-delete', cause: 'blocked-process', join: ['pids'] },
  { effect: 'blocked-process', cause: 'io-pressure', join: ['devices'] },
  { effect: 'unkillable-container', cause: 'io-pressure', join: ['devices'] },
  { effect: 'unkillable-container', cause: 'blocked-process', join: ['pids'] },
  { effect: 'unkillable-container', cause: 'stalled-task-delete', join: ['containers'] },
  // An exit that the engine missed.
  { effect: 'lost-shim', cause: 'lost-event-stream', join: ['containers'] },
  { effect: 'lost-shim', cause: 'stalled-task-delete', join: ['containers', 'pids'] },
  // It has exited, and the engine does not know.
  { effect: 'unkillable-container', cause: 'lost-event-stream', join: ['containers'] },

  // Files of a process that is blocked are what a reader hangs on.
  { effect: 'stalled-reader', cause: 'unkillable-container', join: ['pids'] },
  { effect: 'stalled-reader', cause: 'blocked-process', join: ['pids'] },

  { effect: 'dead-sandbox', cause: 'oom-kill', join: ['containers'] },

  // A signal that AppArmor denies never arrives.
  { effect: 'unkillable-container', cause: 'denied-signal', join: ['containers'] },
  { effect: 'failed-stop', cause: 'denied-signal', join: ['containers'] },

  // What the kernel says in its log of what is seen.
  { effect: 'network-storage-silent', cause: 'dead-network-storage', join: ['devices'] },
  { effect: 'hung-task', cause: 'frozen-filesystem', join: ['pids', 'devices'] },
  { effect: 'hung-task', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'hung-task', cause: 'stalled-disk', join: ['pids', 'devices'] },
  { effect: 'hung-task', cause: 'disk-errors', join: ['devices'] },
  { effect: 'stalled-disk', cause: 'disk-errors', join: ['devices'] },
  // The kubelet asks the runtime, which waits for itself, or for one container.
  ...['metadata-lock-contention', 'lock-contention', 'silent-daemon', 'hanging-start', 'thread-exhaustion'].map(
    (cause): ChainLink => ({ effect: 'runtime-not-responding', cause, join: ['daemons'] }),
  ),
  ...['unkillable-container', 'stalled-task-delete', 'frozen-cgroup', 'hung-runtime', 'container-lock-contention'].map(
    (cause): ChainLink => ({ effect: 'runtime-not-responding', cause, join: ['containers'] }),
  ),
  // An earlier create that does not end keeps its name: it waits for the one runtime that the kubelet has.
  { effect: 'name-reserved', cause: 'runtime-not-responding', join: ['daemons'], orUnnamed: true },
  { effect: 'name-reserved', cause: 'metadata-lock-contention', join: ['daemons'] },
  { effect: 'name-reserved', cause: 'lock-contention', join: ['daemons'] },
  ...['snapshot-gc-lock', 'nri-lock', 'stopped-event-queue'].map(
    (cause): ChainLink => ({ effect: 'name-reserved', cause, join: ['daemons'] }),
  ),
  // The id that holds the name is that of the first create, and of what it waits for.
  { effect: 'name-reserved', cause: 'hung-cni-plugin', join: ['containers', 'pids'] },
  { effect: 'name-reserved', cause: 'hung-runtime', join: ['containers'] },
  { effect: 'name-reserved', cause: 'dead-network-storage', join: ['pids'] },
  { effect: 'name-reserved', cause: 'blocked-process', join: ['pids'] },
  // A plugin that does not finish: the call that waits for it fails in the end, or holds up the kubelet.
  { effect: 'hung-cni-plugin', cause: 'blocked-process', join: ['pids'] },
  { effect: 'failed-network-setup', cause: 'hung-cni-plugin', join: ['containers'] },
  { effect: 'stuck-removal', cause: 'hung-cni-plugin', join: ['containers'] },
  { effect: 'runtime-not-responding', cause: 'hung-cni-plugin', join: ['daemons'] },
  ...['frozen-filesystem', 'dead-network-storage', 'frozen-cgroup', 'hung-runtime'].map(
    (cause): ChainLink => ({ effect: 'failed-stop', cause, join: ['containers'] }),
  ),
  // A daemon that is killed or aborts is away until it is started again.
  { effect: 'crash-loop', cause: 'oom-kill', join: ['daemons'] },
  { effect: 'silent-daemon', cause: 'crash-loop', join: ['daemons'] },

  { effect: 'outdated-engine', cause: 'goroutine-leak-on-stop', join: ['daemons'], orUnnamed: true, beside: true },
];
