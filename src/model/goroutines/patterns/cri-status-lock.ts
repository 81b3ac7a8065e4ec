import { gap, lock, lockSubject, type Pattern } from './pattern.ts';

const storage = (...methods: readonly string[]): string[] =>
  methods.map((method) => `container.(*statusStorage).${method}`);

export const criStatusLockWaiter: Pattern = {
  id: 'cri-status-lock-waiter',
  title: 'Waits for the status of a CRI container',
  meaning:
    'The status of one container is locked. ListContainers visits every container, so the kubelet’s whole relist waits: ' +
    'the node becomes NotReady (PLEG is not healthy) because of one container. Look at cri-status-lock-holder.',
  versions: 'containerd with CRI, up to 2.3 at least',
  references: [],
  harmless: false,
  noun: 'lock',
  signatures: [{ steps: [lock, storage('Get', 'Update', 'UpdateSync', 'Delete')], subject: lockSubject }],
};

export const criStatusLockHolder: Pattern = {
  id: 'cri-status-lock-holder',
  title: 'Holds the status lock of a CRI container',
  meaning:
    'The status is written, and the lock held, while the disk or containerd’s database is waited for. With waiters behind ' +
    'it the relist of the kubelet stands still.',
  versions: 'containerd with CRI, up to 2.3 at least',
  references: [],
  harmless: false,
  noun: 'container',
  unless: ['cri-status-lock-waiter'],
  signatures: [
    {
      steps: [gap, storage('Update', 'UpdateSync', 'Delete')],
      subject: [{ func: storage('Update', 'UpdateSync', 'Delete'), word: 0 }],
    },
  ],
};
