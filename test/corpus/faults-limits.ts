import { ok } from '../../src/sample/reading.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks } from './case.ts';
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
];
