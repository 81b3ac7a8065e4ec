import type { MountsValue } from '../../src/sample/mounts.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { web1, web2 } from './parts.ts';

const snapshots = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
const copy = make.mount('/mnt/backup/web', { layer: `${snapshots}/41`, device: '0:141' });

const nodeWith = (mountsValue: Partial<MountsValue>) => (): ReturnType<Case['scene']> =>
  watch((second) => dockerNode(second, { containers: [web1, web2], hostMounts: [copy], mountsValue }));

/** Copies of snapshots of containerd that were mounted before rtwatch was started. */
export const leftSnapshots: readonly Case[] = [
  {
    name: 'A backup of a container’s root filesystem is still mounted, and its snapshot was removed before rtwatch was started',
    scene: nodeWith({ goneSnapshots: [`${snapshots}/41`] }),
    expected: [finds('leaked-mount', { mounts: [copy.path] })],
  },
];

export const keptSnapshots: readonly Case[] = [
  quiet('A backup of a container’s root filesystem is mounted, and its snapshot is there', nodeWith({})),
  quiet('A snapshot in a containerd of its own namespace has the number of one that is gone', () =>
    watch((second) =>
      dockerNode(second, {
        containers: [web1, web2],
        namespaces: [
          make.namespace('4026549000', [copy], {
            holders: [make.holder(9400, 'containerd', { kind: 'daemon', containerId: web1.id })],
          }),
        ],
        mountsValue: { goneSnapshots: [`${snapshots}/41`] },
      }),
    ),
  ),
];
