import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { about, type Case, finds, glance, watch } from './case.ts';
import { dockerNode, hostNamespace, initPid, layerOf, mergedOf, shimPid } from './node.ts';
import { batch1, exited, oldNamespace, scanner, trio, unmountOf, unremovable, web1, web2 } from './parts.ts';
import { lockedDatabase, taskDeletes } from './stacks.ts';

const others = [web1, web2];

/** Removals and mounts, and what containerd cannot finish. */
export const faultsOfMounts: readonly Case[] = [
  {
    name: 'A removal failed because the filesystem is busy',
    scene: () => glance((second) => dockerNode(second, { containers: [...others, unremovable(batch1)] })),
    expected: [finds('stuck-removal', about(batch1))],
  },
  {
    name: 'A removal failed because a file is immutable',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: [
            ...others,
            unremovable(
              batch1,
              `unlinkat /var/lib/docker/overlay2/${layerOf(batch1)}/diff/pinned: operation not permitted`,
            ),
          ],
        }),
      ),
    expected: [finds('stuck-removal', about(batch1))],
  },
  {
    name: 'A container has been in removal for more than a minute',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [...others, { ...batch1, state: 'removing', status: 'Removal In Progress' }],
        }),
      ),
    expected: [finds('stuck-removal', about(batch1))],
  },
  {
    name: 'The list says dead',
    scene: () =>
      glance((second) => dockerNode(second, { containers: [...others, { ...batch1, state: 'dead', status: 'Dead' }] })),
    expected: [finds('stuck-removal', about(batch1))],
  },
  {
    name: 'A scan agent holds the mount of a container that was removed',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: others,
          namespaces: [scanner(batch1)],
          mountsValue: {
            layers: ok(
              [...trio].map((one) => ({ layer: layerOf(one), containerId: one.id })),
              0.2,
            ),
          },
        }),
      ),
    expected: [finds('leaked-mount', { pids: [10_695], mounts: ['/mnt/scan/a'] })],
  },
  {
    name: 'A backup job has a private copy of the mount of a container that exited, in the host’s namespace',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [...others, exited(batch1)],
          hostMounts: [
            make.mount(`/mnt/backup/overlay2/${layerOf(batch1)}/merged`, {
              layer: layerOf(batch1),
              device: '0:77',
              propagation: 'private',
            }),
          ],
        }),
      ),
    expected: [finds('leaked-mount', { mounts: [`/mnt/backup/overlay2/${layerOf(batch1)}/merged`] })],
  },
  {
    name: 'dockerd was started again in a new mount namespace; its shims are in the old one, and nothing is left behind yet',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: {
            settings: ok(make.settings({ liveRestore: true }), 3),
            process: ok(make.daemonProcess({ starttime: 350_000_000, ageSeconds: 300 + second }), 0.2),
          },
          readings: {
            mounts: ok(
              make.mounts(
                [
                  make.namespace(
                    hostNamespace,
                    trio.map((one, index) =>
                      make.mount(mergedOf(one), { layer: layerOf(one), device: `0:${60 + index}` }),
                    ),
                    {
                      holders: [
                        make.holder(901, 'dockerd', {
                          kind: 'daemon',
                          unit: 'docker.service',
                          starttime: 350_000_000,
                          ageSeconds: 300 + second,
                        }),
                        make.holder(890, 'containerd', {
                          kind: 'daemon',
                          unit: 'docker.service',
                          ageSeconds: 300 + second,
                        }),
                      ],
                    },
                  ),
                  oldNamespace(trio, [shimPid(0), shimPid(1), shimPid(2)]),
                  make.namespace('4026531840', [], {
                    host: true,
                    holders: [make.holder(1, 'systemd', { kind: 'init' })],
                  }),
                ],
                {
                  layers: ok(
                    trio.map((one) => ({ layer: layerOf(one), containerId: one.id })),
                    0.2,
                  ),
                },
              ),
              2,
            ),
          },
        }),
      ),
    expected: [finds('split-mount-namespace', { daemons: ['dockerd'] })],
  },
  {
    name: 'A shim hangs in umount, and containerd cannot delete its task',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          processes: [unmountOf(shimPid(2), 140 + second)],
          shims: { [batch1.id]: { waits: ['wb_wait_for_completion'] } },
          containerdStacks: taskDeletes(1),
          logs: {
            tallies: [
              make.logTally('task-exit-failed', batch1.id, {
                count: 10,
                firstAt: make.noon - 140_000,
                lastAt: make.noon - 3000,
              }),
            ],
          },
        }),
      ),
    expected: [finds('stalled-task-delete', { pids: [shimPid(2)] })],
    // containerd 1.6.20 cannot mount with volatile, which would end this.
    mayAlso: ['blocked-process', 'unkillable-container', 'outdated-engine'],
  },
  {
    name: 'containerd writes again and again that it cannot handle an exit',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          logs: {
            tallies: [
              make.logTally('task-exit-failed', batch1.id, {
                count: 6,
                firstAt: make.noon - 140_000,
                lastAt: make.noon + second * 1000 - 3000,
                lastMinute: 3,
              }),
            ],
          },
        }),
      ),
    expected: [finds('stalled-task-delete', about(batch1))],
    mayAlso: ['unkillable-container'],
  },
  {
    name: 'containerd’s database is locked while an image layer is written to the disk',
    scene: () => watch((second) => dockerNode(second, { containerdStacks: lockedDatabase(5) })),
    expected: [finds('metadata-lock-contention', { daemons: ['containerd'] })],
  },
  {
    name: 'MountFlags=slave and live-restore: the next restart will split dockerd from its shims',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: { settings: ok(make.settings({ liveRestore: true }), 3) },
          mountsValue: {
            units: [
              {
                unit: 'docker.service',
                mountFlags: 'slave',
                namespaced: [],
                killMode: 'process',
                files: ['/usr/lib/systemd/system/docker.service'],
              },
            ],
          },
        }),
      ),
    expected: [finds('split-mount-namespace', { daemons: ['dockerd'] })],
  },
  {
    name: 'A container with the host’s / has a private copy of the mount of another that exited',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [web1, web2, { ...batch1, state: 'exited', status: 'Exited (0) 2 hours ago' }],
          namespaces: [
            make.namespace(
              '4026541000',
              [
                make.mount(`/host${mergedOf(batch1)}`, {
                  layer: layerOf(batch1),
                  device: '0:77',
                  propagation: 'private',
                }),
              ],
              {
                rootLayer: layerOf(web1),
                holders: [make.holder(initPid(0), 'csi-driver', { containerId: web1.id })],
              },
            ),
          ],
        }),
      ),
    expected: [finds('leaked-mount', { mounts: [`/host${mergedOf(batch1)}`] })],
  },
];
