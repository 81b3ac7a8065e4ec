import { absent, ok, pending } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { about, type Case, finds, glance, watch } from './case.ts';
import { dockerNode, initPid, shimPid } from './node.ts';
import {
  batch1,
  debian10Docker,
  frozenData,
  frozenGroup,
  frozenTask,
  frozenWriter,
  noProcess,
  removingEngine,
  unanswered,
  web1,
  web2,
  withoutEngine,
} from './parts.ts';
import { lockedContainer, lostStreams, stacksAt, stopsThatWait } from './stacks.ts';

const others = [web1, web2];

/** Containers that cannot end. */
export const faultsOfContainers: readonly Case[] = [
  {
    name: 'SIGKILL is pending on a writer of a frozen volume',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: [...others, unanswered(batch1)],
          processes: [frozenWriter(28_816, batch1.id, second)],
        }),
      ),
    expected: [frozenData, finds('unkillable-container', { ...about(batch1), pids: [28_816] })],
  },
  {
    name: 'The first process of a container is dead, and a thread of it is in D',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: [...others, unanswered(batch1)],
          processes: [
            make.blocked(
              initPid(2),
              {
                comm: 'java',
                state: 'Z',
                threads: 12,
                killPending: true,
                containerId: batch1.id,
                ppid: shimPid(2),
                parentComm: 'containerd-shim',
              },
              {
                tid: 31_044,
                comm: 'io-worker',
                offCpuSeconds: 700 + second,
                wchan: '__vma_start_write',
                stack: ['__vma_start_write', 'vms_gather_munmap_vmas', '__vm_munmap'],
              },
            ),
          ],
        }),
      ),
    expected: [finds('unkillable-container', about(batch1))],
  },
  {
    name: 'Signals of the engine have not been answered for minutes, and nothing else tells why',
    scene: () => glance((second) => dockerNode(second, { containers: [...others, unanswered(batch1)] })),
    expected: [finds('unkillable-container', about(batch1))],
  },
  {
    name: 'Three threads of dockerd are held at the removal of a container on a frozen filesystem, and 49 requests wait',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: [...others, { ...batch1, state: 'removing', status: 'Removal In Progress' }],
          dockerdStacks: lockedContainer(49),
          processes: [removingEngine(20 + second)],
        }),
      ),
    expected: [
      finds('stuck-removal', { ...about(batch1), pids: [901], devices: ['/dev/loop0'] }),
      finds('container-lock-contention'),
    ],
  },
  {
    name: 'The cgroup of a running container is frozen, with a process in the freezer of version 1',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          processes: [frozenTask(5100, batch1.id, 400 + second)],
          cgroups: { version: 'v1', groups: [frozenGroup(batch1, 'v1', 400 + second)] },
        }),
      ),
    expected: [finds('frozen-cgroup', { ...about(batch1), pids: [5100] })],
  },
  {
    name: 'The cgroup of a running container is frozen on version 2, where its processes only sleep',
    scene: () =>
      glance((second) =>
        dockerNode(second, { cgroups: { version: 'v2', groups: [frozenGroup(batch1, 'v2', 400 + second)] } }),
      ),
    expected: [finds('frozen-cgroup', about(batch1))],
  },
  {
    name: 'runc init has been frozen for four weeks, on a node without an engine',
    scene: () =>
      glance((second) => ({
        ...withoutEngine.readings,
        daemons: ok(make.daemons(make.dockerd(noProcess('dockerd')), make.containerd()), 1),
        host: ok(make.host(), 1),
        processes: ok(
          make.processes([{ ...frozenTask(14_378, make.idOf('7f'), 2_419_200 + second), comm: 'runc:[2:INIT]' }]),
          1,
        ),
      })),
    expected: [finds('frozen-cgroup', { pids: [14_378] })],
  },
  {
    name: 'runc create has slept for nine hours, with its init below it',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          readings: {
            processes: ok(
              make.processes([], {
                runtimes: [
                  make.runtime(5010, { containerId: batch1.id, ageSeconds: 32_400 + second, wchan: 'ep_poll' }),
                  make.runtime(5020, {
                    comm: 'runc:[2:INIT]',
                    command: 'init',
                    ppid: 5010,
                    parentComm: 'runc',
                    wchan: 'futex_wait_queue',
                    containerId: batch1.id,
                    ageSeconds: 32_399 + second,
                  }),
                ],
              }),
              9,
            ),
          },
        }),
      ),
    expected: [finds('hung-runtime', { ...about(batch1), pids: [5010, 5020] })],
  },
  {
    name: 'A killed process waits for a FUSE daemon, on a node without an engine',
    scene: () =>
      watch((second) => {
        const id = make.idOf('7f');
        const process = make.blocked(
          6100,
          { comm: 'cat', containerId: id, killPending: true },
          {
            offCpuSeconds: 90 + second,
            wchan: 'request_wait_answer',
            stack: ['request_wait_answer', 'fuse_simple_request', 'fuse_read_folio'],
          },
        );
        return dockerNode(second, {
          containers: [],
          dockerd: noProcess('dockerd'),
          processes: [process],
          orphans: [
            make.containerTasks('7f', {
              initPid: 6100,
              tasks: [make.treeTask(6100, 1, { comm: 'cat', state: 'D', killPending: true })],
            }),
          ],
          readings: { containers: absent('no container engine at unix:///var/run/docker.sock') },
        });
      }),
    expected: [finds('unkillable-container', { pids: [6100] })],
  },
  {
    name: 'A shim was stopped with SIGSTOP, and a kill waits for it',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [
            ...others,
            { ...batch1, inspect: pending(40_000 + second * 1000, 'GET /containers/…/json: no answer yet') },
          ],
          dockerdStacks: lockedContainer(3),
          shims: { [batch1.id]: { state: 'T' } },
        }),
      ),
    expected: [finds('container-lock-contention', about(batch1)), finds('unkillable-container', about(batch1))],
  },
  {
    name: 'Inspect of one container hangs, those of others answer',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [
            ...others,
            { ...batch1, inspect: pending(60_000 + second * 1000, 'GET /containers/…/json: no answer yet') },
          ],
          dockerdStacks: lockedContainer(4),
        }),
      ),
    expected: [finds('container-lock-contention', about(batch1))],
    // A container whose lock is held cannot be stopped either.
    mayAlso: ['unkillable-container'],
  },
  {
    name: 'A process of a container that nobody stops is on a frozen filesystem',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          processes: [{ ...frozenWriter(28_816, batch1.id, second), killPending: false }],
        }),
      ),
    expected: [frozenData, finds('blocked-process', { pids: [28_816] })],
  },
  {
    name: 'Eight processes wait for the same frozen volume: that is one thing',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          processes: Array.from({ length: 8 }, (_, n) => ({
            ...frozenWriter(28_800 + n, batch1.id, second),
            killPending: false,
          })),
        }),
      ),
    expected: [frozenData, { ...finds('blocked-process', { pids: [28_800, 28_807] }), times: 1 }],
  },
  {
    name: 'Events of containerd were lost: stops wait for exits that have happened',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [web1, web2, unanswered(batch1, 4)],
          dockerd: debian10Docker,
          readings: { stacks: stacksAt(second, { dockerd: [...lostStreams(3, 0), ...stopsThatWait(4)] }) },
          logs: {
            tallies: [
              make.logTally('event-stream-lost', null, { firstAt: make.noon - 90_000, lastAt: make.noon - 90_000 }),
            ],
          },
        }),
      ),
    expected: [
      finds('lost-event-stream', { daemons: ['dockerd'] }),
      finds('unkillable-container', { containers: [batch1.id] }),
    ],
    mayAlso: ['goroutine-leak-on-stop', 'outdated-engine'],
  },
];
