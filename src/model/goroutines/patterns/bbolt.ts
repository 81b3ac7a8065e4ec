import { gap, lock, lockSubject, type Pattern } from './pattern.ts';

export const bboltLockWaiter: Pattern = {
  id: 'bbolt-lock-waiter',
  title: 'Waits for the write lock of containerd’s database',
  meaning:
    'All changes to containerd’s metadata (containers, images, leases, snapshots) go one after the other. When they pile ' +
    'up, the one that holds the lock is slow: look at bbolt-lock-holder, and at the disk of containerd’s root.',
  versions: 'containerd, and dockerd for build cache and volumes',
  references: [],
  harmless: false,
  noun: 'database',
  signatures: [{ steps: [lock, ['bbolt.(*DB).beginRWTx', 'bolt.(*DB).beginRWTx']], subject: lockSubject }],
};

/** A goroutine inside Update that does not wait for the lock holds it; View does not take it. */
export const bboltLockHolder: Pattern = {
  id: 'bbolt-lock-holder',
  title: 'Holds the write lock of containerd’s database',
  meaning:
    'Inside a write transaction. Short ones are normal. With waiters behind it, its leaf says what takes so long: Fsync ' +
    'below content Commit writes an image layer to the disk while the lock is held; Fsync or fdatasync below Tx.Commit ' +
    'writes the database itself.',
  versions: 'containerd, and dockerd for build cache and volumes',
  references: ['https://github.com/containerd/containerd/pull/8676'],
  harmless: false,
  noun: null,
  unless: ['bbolt-lock-waiter'],
  signatures: [
    { steps: [gap, ['bbolt.(*DB).Update', 'bolt.(*DB).Update']] },
    { steps: [gap, ['bbolt.(*Tx).Commit', 'bolt.(*Tx).Commit']] },
  ],
};
