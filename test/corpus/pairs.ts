import { failed, ok, pending } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, watch } from './case.ts';
import { dockerNode, hostNamespace, initPid, layerOf, mergedOf, shimPid } from './node.ts';
import {
  batch1,
  debian10Docker,
  diskWaiter,
  frozenData,
  frozenWriter,
  oldNamespace,
  slowDisk,
  unanswered,
  unmountOf,
  unremovable,
  web1,
  web2,
  zombies,
} from './parts.ts';
import { lockedContainer, lockedDatabase, lostStreams, stacksAt, stopsThatWait, taskDeletes } from './stacks.ts';

const about = (...containers: readonly { readonly id: string }[]): { readonly containers: string[] } => ({
  containers: containers.map(({ id }) => id),
});

/** Two faults at once, of which one does not hide the other. */
export const pairs: readonly Case[] = [
  {
    name: 'A slow disk, a locked database and shims that hang in umount: images are unpacked after a boot',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          disks: slowDisk(second, 80, 60),
          processes: [unmountOf(shimPid(2), 40 + second)],
          shims: { [batch1.id]: { waits: ['wb_wait_for_completion'] } },
          containerdStacks: [...lockedDatabase(5), ...taskDeletes(1)],
        }),
      ),
    expected: [finds('io-pressure'), finds('metadata-lock-contention'), finds('stalled-task-delete')],
    mayAlso: ['blocked-process', 'unkillable-container', 'outdated-engine'],
  },
  {
    name: 'One container is held by a frozen volume, another does not reap',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [web1, web2, unanswered(batch1)],
          processes: [frozenWriter(28_816, batch1.id, second), ...zombies(12, initPid(0), web1.id)],
        }),
      ),
    expected: [frozenData, finds('unkillable-container', about(batch1)), finds('unreaped-zombie')],
  },
  {
    name: 'After a restart in a new namespace the old one keeps the mount of a container that was removed',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [web1, web2],
          dockerd: {
            settings: ok(make.settings({ liveRestore: true }), 3),
            process: ok(make.daemonProcess({ starttime: 350_000_000, ageSeconds: 900 + second }), 0.2),
          },
          readings: {
            mounts: ok(
              make.mounts(
                [
                  make.namespace(
                    hostNamespace,
                    [web1, web2].map((one, index) =>
                      make.mount(mergedOf(one), { layer: layerOf(one), device: `0:${60 + index}` }),
                    ),
                    {
                      host: true,
                      holders: [
                        make.holder(1, 'systemd', { kind: 'init' }),
                        make.holder(901, 'dockerd', {
                          kind: 'daemon',
                          unit: 'docker.service',
                          starttime: 350_000_000,
                          ageSeconds: 900 + second,
                        }),
                        make.holder(890, 'containerd', { kind: 'daemon', ageSeconds: 900 + second }),
                      ],
                    },
                  ),
                  oldNamespace([web1, web2, batch1], [shimPid(0), shimPid(1)]),
                ],
                {
                  layers: ok(
                    [web1, web2, batch1].map((one) => ({ layer: layerOf(one), containerId: one.id })),
                    0.2,
                  ),
                },
              ),
              2,
            ),
          },
        }),
      ),
    expected: [
      finds('split-mount-namespace', { daemons: ['dockerd'] }),
      finds('leaked-mount', { mounts: [mergedOf(batch1)] }),
    ],
  },
  {
    name: 'A removal fails because a backup job has the mount in the host’s namespace',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [web1, web2, unremovable(batch1)],
          hostMounts: [
            make.mount(`/mnt/backup/overlay2/${layerOf(batch1)}/merged`, {
              layer: layerOf(batch1),
              device: '0:77',
              propagation: 'private',
            }),
          ],
        }),
      ),
    expected: [
      finds('stuck-removal', about(batch1)),
      finds('leaked-mount', { mounts: [`/mnt/backup/overlay2/${layerOf(batch1)}/merged`] }),
    ],
  },
  {
    name: 'dockerd 19.03 leaks with each stop, and is nearly out of descriptors',
    scene: () =>
      watch((second) => {
        const stops = 1520 + Math.floor(second / 5);
        return dockerNode(second, {
          containers: [web1, web2, unanswered(batch1, 60)],
          dockerd: {
            ...debian10Docker,
            process: ok(
              make.daemonProcess({
                fds: 65 + stops,
                fdLimit: 1800,
                fdKinds: make.fdKinds({
                  accepted: stops + 4,
                  peerless: stops,
                  sockets: stops + 8,
                  unixSockets: stops + 7,
                }),
              }),
              0.2,
            ),
          },
          dockerdStacks: stopsThatWait(stops),
          processes: [frozenWriter(28_816, batch1.id, second)],
        });
      }),
    expected: [
      frozenData,
      finds('goroutine-leak-on-stop', { daemons: ['dockerd'] }),
      finds('unkillable-container', about(batch1)),
      finds('fd-exhaustion', { daemons: ['dockerd'] }),
      finds('outdated-engine'),
    ],
    mayAlso: ['growing-heap'],
  },
  {
    name: 'The engine’s disk is slow, and a process waits for another one',
    scene: () =>
      watch((second) => dockerNode(second, { disks: slowDisk(second), processes: [diskWaiter(5120, 600 + second)] })),
    expected: [finds('io-pressure', { devices: ['/dev/vda'] }), finds('blocked-process', { pids: [5120] })],
  },
  {
    name: 'dockerd does not answer, and the kernel shows a container that cannot end',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: {
            ping: failed('GET /_ping: no answer within 5s'),
            goroutines: failed('GET /debug/pprof/: no answer within 5s'),
          },
          processes: [frozenWriter(28_816, batch1.id, second)],
          shims: {
            [batch1.id]: {
              containers: [
                make.containerTasks(batch1.id, {
                  initPid: initPid(2),
                  tasks: [make.treeTask(28_816, shimPid(2), { comm: 'dd', state: 'D', killPending: true })],
                }),
              ],
            },
          },
          readings: {
            containers: pending(40_000 + second * 1000, 'GET /containers/json: no answer yet'),
            stacks: ok({ daemons: [] }, 0),
          },
        }),
      ),
    expected: [
      frozenData,
      finds('silent-daemon', { daemons: ['dockerd'] }),
      finds('unkillable-container', { pids: [28_816] }),
    ],
    unknown: ['stuck-removal'],
  },
  {
    name: 'Two containers cannot end, each for its own reason',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: [unanswered(web1), web2, unanswered(batch1)],
          processes: [
            frozenWriter(28_816, batch1.id, second),
            make.blocked(
              6100,
              { comm: 'cat', containerId: web1.id, killPending: true },
              {
                offCpuSeconds: 90 + second,
                wchan: 'request_wait_answer',
                stack: ['request_wait_answer', 'fuse_simple_request', 'fuse_read_folio'],
              },
            ),
          ],
        }),
      ),
    expected: [frozenData, finds('unkillable-container', { ...about(web1, batch1), pids: [6100, 28_816] })],
  },
  {
    name: 'dockerd hears no events, and a container has zombies',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          processes: zombies(6, initPid(2), batch1.id),
          readings: { stacks: stacksAt(second, { dockerd: lostStreams(3, 0) }) },
        }),
      ),
    expected: [finds('lost-event-stream', { daemons: ['dockerd'] }), finds('unreaped-zombie')],
  },
  {
    name: 'One container’s shim is stopped, another cannot be removed',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [
            { ...web1, inspect: pending(40_000 + second * 1000, 'GET /containers/…/json: no answer yet') },
            web2,
            unremovable(batch1, 'unlinkat /var/lib/docker/x: operation not permitted'),
          ],
          shims: { [web1.id]: { state: 'T' } },
          dockerdStacks: lockedContainer(3),
        }),
      ),
    expected: [
      finds('container-lock-contention', about(web1)),
      finds('unkillable-container', about(web1)),
      finds('stuck-removal', about(batch1)),
    ],
  },
];
