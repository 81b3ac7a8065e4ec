import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, glance, looks, quiet } from './case.ts';
import { dockerNode } from './node.ts';

const withThreads = (threads: number): ReturnType<typeof make.daemonProcess> =>
  make.daemonProcess({ pid: 890, rssBytes: 90 * 1024 ** 2, fds: 33, threads });

/** Much is used, and enough is left. */
export const healthyLimits: readonly Case[] = [
  quiet('A slow disk once gave containerd 1,800 threads, which idle since', () =>
    looks(400, 10, (second) => dockerNode(second, { containerd: { process: ok(withThreads(1800), 0.2) } })),
  ),
  quiet('Forty containers start at once, and the threads of containerd double', () =>
    looks(400, 10, (second) =>
      dockerNode(second, { containerd: { process: ok(withThreads(80 + Math.min(90, second)), 0.2) } }),
    ),
  ),
  quiet('A crowded node: dockerd has 900 threads', () =>
    glance((second) => dockerNode(second, { dockerd: { process: ok(make.daemonProcess({ threads: 900 }), 0.2) } })),
  ),
];
