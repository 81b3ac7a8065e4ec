import type { DaemonValue } from '../../src/sample/daemons.ts';
import type { FilesystemValue } from '../../src/sample/filesystems.ts';
import { ok } from '../../src/sample/reading.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks } from './case.ts';
import { logged, repeated } from './log-node.ts';
import { dockerNode } from './node.ts';

/** containerd opens the fifos of clients that are gone: a thread each. */
const fifoOpens = (count: number): FoldedStack =>
  make.goroutines(
    count,
    'syscall.openat',
    'syscall.Open',
    'os.openFileNolog',
    'os.OpenFile',
    'github.com/containerd/fifo.openFifo.func2',
  );

const withThreads = (threads: number): ReturnType<typeof make.daemonProcess> =>
  make.daemonProcess({ pid: 890, rssBytes: 180 * 1024 ** 2, fds: 33, threads });

const giB = 1024 ** 3;
const space = (totalGiB: number, freeGiB: number): Partial<FilesystemValue> => ({
  totalBytes: totalGiB * giB,
  freeBytes: freeGiB * giB,
  availableBytes: freeGiB * giB,
});
const root = make.filesystem('/');
const dockerRoot = (change: Partial<FilesystemValue>): FilesystemValue =>
  make.filesystem('/var/lib/docker', { source: '/dev/vdb', device: '254:16', ...change });

/** The pool of the devicemapper driver, in GB. */
const pool = (usedGb: number, metadataMb: number): Partial<DaemonValue> => ({
  settings: ok(
    make.settings({
      storageDriver: 'devicemapper',
      pool: {
        name: 'docker-thinpool',
        data: { usedBytes: usedGb * 1e9, totalBytes: 107.4e9 },
        metadata: { usedBytes: metadataMb * 1e6, totalBytes: 1074e6 },
      },
    }),
    3,
  ),
});

const noSpace = (path: string): string =>
  `level=error msg="Handler for POST /v1.41/containers/create returned error: open ${path}: no space left on device"`;

/** What a daemon or a filesystem has only so much of is used up. */
export const faultsOfLimits: readonly Case[] = [
  {
    name: 'containerd has 9,954 threads, each in the open of a fifo that nobody opens on the other side',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containerd: { process: ok(withThreads(9954), 0.2), goroutines: ok(9585, 1) },
          containerdStacks: [fifoOpens(9500)],
        }),
      ),
    expected: [finds('thread-exhaustion', { daemons: ['containerd'], pids: [890] }), finds('goroutine-growth')],
  },
  {
    name: 'dockerd has 8,600 threads, and its goroutines are too many to be read',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          dockerd: { process: ok(make.daemonProcess({ threads: 8600 }), 0.2), goroutines: ok(30_000, 1) },
        }),
      ),
    expected: [finds('thread-exhaustion', { daemons: ['dockerd'] })],
    // The stacks of that many goroutines are not asked for.
    mayAlso: ['goroutine-leak-on-stop', 'goroutine-growth'],
  },
  {
    name: 'The threads of containerd grow by ninety a minute, at 3,000',
    scene: () =>
      looks(400, 10, (second) =>
        dockerNode(second, { containerd: { process: ok(withThreads(3000 + Math.floor(second * 1.5)), 0.2) } }),
      ),
    expected: [finds('thread-exhaustion', { daemons: ['containerd'] })],
  },
  {
    name: 'The engine’s filesystem has no byte left, and no log says so yet',
    scene: () => glance((second) => dockerNode(second, { filesystems: [root, dockerRoot(space(100, 0))] })),
    expected: [{ ...finds('filesystem-full', { mounts: ['/var/lib/docker'], devices: ['/dev/vdb'] }), times: 1 }],
  },
  {
    name: 'The engine’s filesystem has no byte left, and dockerd says so in its log',
    scene: logged(repeated(4, 20, 30, 'dockerd[901]', noSpace('/var/lib/docker/overlay2/0a1b2c/link')), {
      filesystems: [root, dockerRoot(space(100, 0))],
    }),
    expected: [{ ...finds('filesystem-full', { mounts: ['/var/lib/docker'] }), times: 1 }],
  },
  {
    name: 'The root filesystem keeps 3 % of 60 GiB',
    scene: () => glance((second) => dockerNode(second, { filesystems: [make.filesystem('/', space(60, 1.8))] })),
    expected: [finds('filesystem-full', { mounts: ['/'] })],
  },
  {
    name: 'Small files took every inode of /var, with a third of the space free',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          filesystems: [root, make.filesystem('/var', { ...space(100, 33), inodes: { total: 655_360, free: 0 } })],
        }),
      ),
    expected: [finds('filesystem-full', { mounts: ['/var'] })],
  },
  {
    name: '/run is full, so that no runtime can write its state',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          filesystems: [root, make.filesystem('/run', { type: 'tmpfs', source: 'tmpfs', ...space(0.8, 0) })],
        }),
      ),
    expected: [finds('filesystem-full', { mounts: ['/run'] })],
  },
  {
    name: 'The thin pool of devicemapper has 4 % left, as the engine says',
    scene: () => glance((second) => dockerNode(second, { dockerd: pool(103.2, 240) })),
    expected: [finds('filesystem-full', { daemons: ['dockerd'], devices: ['docker-thinpool'] })],
    mayAlso: ['outdated-engine'],
  },
  {
    name: 'The metadata of the thin pool is used up, and its data is not',
    scene: () => glance((second) => dockerNode(second, { dockerd: pool(40, 1020) })),
    expected: [finds('filesystem-full', { devices: ['docker-thinpool'] })],
  },
];
