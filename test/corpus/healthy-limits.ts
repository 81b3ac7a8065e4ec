import type { FilesystemValue } from '../../src/sample/filesystems.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, glance, looks, quiet, watch } from './case.ts';
import { logged, repeated } from './log-node.ts';
import { dockerNode } from './node.ts';

const withThreads = (threads: number): ReturnType<typeof make.daemonProcess> =>
  make.daemonProcess({ pid: 890, rssBytes: 90 * 1024 ** 2, fds: 33, threads });

const giB = 1024 ** 3;
const space = (totalGiB: number, freeGiB: number): Partial<FilesystemValue> => ({
  totalBytes: totalGiB * giB,
  freeBytes: freeGiB * giB,
  availableBytes: freeGiB * giB,
});

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
  quiet('A filesystem that is 85 % full', () =>
    glance((second) => dockerNode(second, { filesystems: [make.filesystem('/', space(100, 15))] })),
  ),
  quiet('A large image is pulled: the engine’s filesystem goes from 70 to 91 % and back', () =>
    watch((second) =>
      dockerNode(second, {
        filesystems: [
          make.filesystem('/'),
          make.filesystem('/var/lib/docker', space(200, second < 60 ? 60 - second * 0.7 : 40)),
        ],
      }),
    ),
  ),
  quiet('Ten TiB of volumes of which 4 % are left: that is 400 GiB', () =>
    glance((second) =>
      dockerNode(second, { filesystems: [make.filesystem('/'), make.filesystem('/var', space(10_240, 410))] }),
    ),
  ),
  quiet('btrfs, which has no number of inodes', () =>
    glance((second) => dockerNode(second, { filesystems: [make.filesystem('/', { type: 'btrfs', inodes: null })] })),
  ),
  quiet('Storage on NFS, which is not asked how full it is', () =>
    glance((second) =>
      dockerNode(second, {
        readings: {
          filesystems: ok(
            {
              filesystems: [make.filesystem('/')],
              skipped: [{ path: '/var/lib/containers', type: 'nfs4', because: 'statfs(2) can hang on nfs4' }],
            },
            0.1,
          ),
        },
      }),
    ),
  ),
  quiet(
    'Twenty minutes ago a write failed for want of space, and half of the filesystem is free now',
    logged(
      [[1200, 'dockerd[901]', 'level=error msg="open /var/lib/docker/tmp/GetImageBlob1: no space left on device"']],
      { filesystems: [make.filesystem('/'), make.filesystem('/var/lib/docker', space(100, 50))] },
    ),
  ),
  quiet(
    'Nobody reads audit events, of which only some are kept: nothing waits for that',
    logged([
      ...repeated(9, 1, 5, 'kernel', 'audit: audit_lost=119750 audit_rate_limit=5 audit_backlog_limit=64'),
      ...repeated(9, 1, 5, 'kernel', 'audit: kauditd hold queue overflow'),
    ]),
  ),
];
