import { gap, type Pattern } from './pattern.ts';

const brief = 'Short ones are normal.';

export const mountPointStat: Pattern = {
  id: 'mount-point-stat',
  title: 'Waits in stat() or statfs() of a volume or of a mount point',
  meaning:
    'Its filesystem does not answer: an NFS, CephFS or CSI mount whose server is away, or a dead FUSE daemon. Below syncLoop ' +
    'no pod changes any more; below main the kubelet does not finish its start. Find the mount, and bring the server back ' +
    `or unmount it with umount -l. ${brief}`,
  versions: 'kubelet, with cAdvisor',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/101622',
    'https://github.com/kubernetes/kubernetes/issues/122491',
  ],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        [
          ...['syscall', 'unix'].flatMap((name) => [
            `${name}.Stat`,
            `${name}.Lstat`,
            `${name}.fstatat`,
            `${name}.Fstatat`,
            `${name}.lstat`,
            `${name}.Statfs`,
          ]),
        ],
        gap,
        [
          'mount.(*Mounter).*',
          'mount-utils.(*Mounter).*',
          'fs.getVfsStats',
          'fs.Info',
          'kubelet.(*Kubelet).getMountedVolumePathListFromDisk',
          'kubelet.(*Kubelet).getPodVolumePathListFromDisk',
          'volume.(*metricsStatFS).*',
          'volume.(*metricsDu).*',
        ],
      ],
      states: ['syscall'],
    },
  ],
};

export const unmountCall: Pattern = {
  id: 'unmount-call',
  title: 'Waits in umount()',
  meaning:
    'The last unmount of a filesystem writes its dirty pages to the disk, that of an overlay those of the whole filesystem ' +
    'below it. One that lasts has a slow or frozen disk below it, many writers, or a network server that is away. ' +
    `${brief}`,
  versions: 'containerd, dockerd, kubelet, CRI-O',
  references: ['https://github.com/containerd/containerd/issues/4485', 'https://github.com/moby/moby/issues/42242'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: ['shim-unmount'],
  signatures: [{ steps: [gap, ['unix.Unmount', 'syscall.Unmount']], states: ['syscall'] }],
};

export const treeRemoval: Pattern = {
  id: 'tree-removal',
  title: 'Deletes a directory with all its files (unlink)',
  meaning:
    'The layer or the directory of a container is removed, with what its lock protects. One that lasts has very many files, or ' +
    `a slow or hung disk or filesystem below it. ${brief}`,
  versions: 'dockerd, containerd, CRI-O, kubelet',
  references: ['https://github.com/moby/moby/issues/31801'],
  harmless: true,
  briefMinutes: 10,
  noun: null,
  unless: ['layer-removal', 'snapshot-gc'],
  signatures: [
    {
      steps: [
        gap,
        ['syscall.unlinkat', 'syscall.Unlink', 'syscall.Rmdir', 'unix.Unlinkat', 'unix.unlinkat', 'os.removeAllFrom'],
        gap,
        'os.RemoveAll',
      ],
      states: ['syscall'],
    },
  ],
};

export const boltFileLock: Pattern = {
  id: 'bolt-file-lock',
  title: 'Opens a database of bolt, and waits for its file lock',
  meaning:
    'Another process, or this one, has the file open: it tries again and again. Look which process has the database open ' +
    '(/proc/locks): a second containerd or dockerd on the same root, or an old one that has not exited.',
  versions: 'containerd, dockerd',
  references: ['https://github.com/containerd/containerd/issues/1694'],
  harmless: false,
  noun: null,
  signatures: [{ steps: [gap, ['bolt.flock', 'bbolt.flock']], states: ['sleep'] }],
};

/** flock(2) and fcntl(F_SETLKW) are system calls that wait for another open file, most often of another process. */
export const fileLockWait: Pattern = {
  id: 'file-lock-wait',
  title: 'Waits for the lock of a file, which another process has',
  meaning:
    'flock() has no deadline. Its holder is no goroutine of this dump, unless the program has opened the file twice: lslocks or /proc/locks ' +
    'names the process. It hangs, or was left behind with the file open. Short ones are normal.',
  versions: 'nerdctl, CNI plugins (host-local), iptables, any program',
  references: [
    'https://github.com/containerd/containerd/pull/11885',
    'https://github.com/containernetworking/plugins/issues/561',
  ],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  unless: ['bolt-file-lock', 'storage-file-lock', 'libpod-lock'],
  signatures: [
    { steps: [gap, ['unix.Flock', 'syscall.Flock', 'unix.FcntlFlock', 'syscall.FcntlFlock']], states: ['syscall'] },
  ],
};

const foreground = ['exec.(*Cmd).Run', 'exec.(*Cmd).Output', 'exec.(*Cmd).CombinedOutput'];

/** Programs that run as long as their caller are started with Start, and waited for in a goroutine of their own. */
export const childWait: Pattern = {
  id: 'child-wait',
  title: 'Waits for a program that it started to exit',
  meaning:
    'It runs a short program (mount, umount, nsenter, du, iptables, mkfs, …) and needs its answer, without a deadline. One that ' +
    'lasts hangs itself, most often in D on a dead mount or a disk. Look at the children of this process, and what they wait ' +
    `for. ${brief}`,
  versions: 'kubelet, dockerd, containerd, CRI-O',
  references: ['https://github.com/kubernetes/kubernetes/issues/31272'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: ['cni-plugin-wait'],
  signatures: [
    {
      steps: [
        gap,
        ['os.(*Process).wait', 'os.(*Process).Wait', 'os.(*Process).pidfdWait', 'os.(*Process).blockUntilWaitable'],
        gap,
        foreground,
      ],
    },
  ],
};

/** Go before 1.20 waits for the copies of the output in Wait itself. */
export const childOutput: Pattern = {
  id: 'child-output',
  title: 'Waits for the output of a program that has exited',
  meaning:
    'The program is gone, and something that it started still has its output open. Look for a process in the background that ' +
    `the program left behind, with the same pipe. ${brief}`,
  versions: 'kubelet, dockerd, containerd, CRI-O',
  references: ['https://pkg.go.dev/os/exec#Cmd.Wait'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: ['cni-plugin-wait', 'child-wait'],
  signatures: [
    { steps: ['exec.(*Cmd).awaitGoroutines', 'exec.(*Cmd).Wait', gap, foreground] },
    { steps: ['exec.(*Cmd).Wait', gap, foreground], states: ['chan receive'] },
  ],
};
