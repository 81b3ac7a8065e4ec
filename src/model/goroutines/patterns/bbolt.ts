import { gap, lock, lockSubject, type Pattern } from './pattern.ts';

export const bboltLockWaiter: Pattern = {
  id: 'bbolt-lock-waiter',
  title: 'Waits for the write lock of a database (bolt)',
  meaning:
    'All changes to it (in containerd: containers, images, leases, snapshots) go one after the other. When they pile ' +
    'up, the one that holds the lock is slow: look at bbolt-lock-holder, and at the disk below its root.',
  versions: 'containerd, and dockerd for networks, volumes and the build cache',
  references: [],
  harmless: false,
  noun: 'database',
  signatures: [{ steps: [lock, ['bbolt.(*DB).beginRWTx', 'bolt.(*DB).beginRWTx']], subject: lockSubject }],
};

/** A goroutine inside Update that does not wait for the lock holds it; View does not take it. */
export const bboltLockHolder: Pattern = {
  id: 'bbolt-lock-holder',
  title: 'Holds the write lock of a database (bolt)',
  meaning:
    'Inside a write transaction. Short ones are normal. With waiters behind it, its leaf says what takes so long: Fsync ' +
    'below content Commit writes an image layer to the disk while the lock is held; Fsync or fdatasync below Tx.Commit ' +
    'writes the database itself.',
  versions: 'containerd, and dockerd for networks, volumes and the build cache',
  references: ['https://github.com/containerd/containerd/pull/8676'],
  harmless: false,
  noun: null,
  unless: ['bbolt-lock-waiter', 'bolt-damaged'],
  signatures: [
    { steps: [gap, ['bbolt.(*DB).Update', 'bolt.(*DB).Update']] },
    { steps: [gap, ['bbolt.(*Tx).Commit', 'bolt.(*Tx).Commit']] },
  ],
};

/** bolt checks a page and gives the whole program up: these functions return at once, so only a crash shows them. */
export const boltDamaged: Pattern = {
  id: 'bolt-damaged',
  title: 'The program gave up: its database (bolt) is damaged',
  meaning:
    'A page of the file is not what it should be: a write was lost with the power or by a disk, or two programs had it open. ' +
    'A restart does not help. The calls above tell which database: libnetwork is network/files/local-kv.db and volumes is ' +
    'volumes/metadata.db of dockerd, metadata is meta.db and snapshots is metadata.db of containerd. Stop the daemon and move ' +
    'that file away; without meta.db or metadata.db, containerd has no containers and images any more.',
  versions: 'dockerd, containerd',
  references: ['https://github.com/containerd/containerd/issues/9929', 'https://github.com/moby/moby/issues/31806'],
  harmless: false,
  noun: null,
  signatures: [
    {
      steps: [
        ['bolt', 'bbolt'].flatMap((name) =>
          [
            '_assert',
            '(*freelist).free',
            '(*freelist).read',
            '(*page).fastCheck',
            '(*Tx).checkBucket',
            '(*Bucket).node',
            '(*DB).freepages',
          ].map((func) => `${name}.${func}`),
        ),
      ],
      states: ['running'],
    },
  ],
};
