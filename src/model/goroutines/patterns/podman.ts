import { gap, type Pattern } from './pattern.ts';

export const libpodLock: Pattern = {
  id: 'libpod-lock',
  title: 'Waits for a lock of Podman (libpod)',
  meaning:
    'The lock of a container, pod or volume is in shared memory, for all processes of Podman. Another one holds it: look for ' +
    'a podman or a conmon that hangs (podman ps waits for it too). If none runs, two of them have got the same number of a lock: ' +
    'podman system renumber gives new ones, with no other podman running.',
  versions: 'Podman',
  references: ['https://docs.podman.io/en/latest/markdown/podman-system-renumber.1.html'],
  harmless: false,
  noun: null,
  signatures: [
    { steps: [gap, ['shm._Cfunc_lock_semaphore', 'shm.(*SHMLocks).LockSemaphore']] },
    { steps: [gap, ['file.(*FileLocks).LockFileLock']] },
  ],
};

/** fcntl(F_SETLKW) is a system call: those that wait in the same process have a lock of Go before it. */
export const storageFileLock: Pattern = {
  id: 'storage-file-lock',
  title: 'Waits for a lock file of container storage',
  meaning:
    'Another process has the layers, images or containers of the storage locked (/proc/locks names it): a pull, a commit or a ' +
    'prune that lasts, or one that hangs. Short ones are normal.',
  versions: 'Podman, CRI-O, Buildah',
  references: ['https://github.com/containers/storage/blob/main/pkg/lockfile/lockfile.go'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        ['unix.FcntlFlock', 'syscall.FcntlFlock', 'unix.fcntl', 'unix.Flock'],
        gap,
        ['lockfile.lockHandle', 'lockfile.(*LockFile).lock', 'lockfile.(*lockfile).lock', 'storage.(*lockfile).lock'],
      ],
      states: ['syscall'],
    },
  ],
};
