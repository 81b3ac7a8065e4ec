/** What a wait is for. `unknown`: none of its functions is known. */
export type WaitKind =
  // Filesystems and disks.
  | 'frozen-filesystem'
  | 'fuse'
  | 'nfs'
  | 'network-filesystem'
  | 'autofs'
  | 'disk'
  | 'journal'
  | 'zfs'
  | 'writeback'
  | 'unmount'
  | 'filesystem-lock'
  | 'fanotify'
  // Locks and services of the kernel.
  | 'mount-lock'
  | 'cgroup-lock'
  | 'kernfs'
  | 'freezer'
  | 'network-device'
  | 'rcu'
  | 'kernel-work'
  | 'helper-program'
  | 'audit'
  | 'seccomp'
  // Memory and devices.
  | 'memory-lock'
  | 'memory-reclaim'
  | 'oom-killer-off'
  | 'memory-teardown'
  | 'vfio'
  | 'nvidia'
  // The life of a process.
  | 'vfork'
  | 'async-io'
  | 'coredump'
  | 'exit'
  | 'unknown';
