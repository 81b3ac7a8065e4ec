import { ok, pending } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks, quiet, watch } from './case.ts';
import { dockerNode, initPid, layerOf } from './node.ts';
import {
  batch1,
  diskWaiter,
  exited,
  frozenGroup,
  frozenTask,
  removingEngine,
  scanner,
  web1,
  web2,
  zombies,
} from './parts.ts';
import { lockedContainer } from './stacks.ts';

const others = [web1, web2];
const copyOfRunning = make.mount('/mnt/scan/a', { layer: layerOf(batch1), device: '0:62', propagation: 'private' });

/** Containers and processes, just below what is a fault. */
export const nearlyStuck: readonly Case[] = [
  quiet('SIGKILL was sent six seconds ago', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [
          ...others,
          {
            ...batch1,
            kill: make.pendingKill({ firstAt: make.noon - 16_000, lastAt: make.noon - 6000, count: 2, attempts: 1 }),
          },
        ],
      }),
    ),
  ),
  quiet('SIGTERM was sent long ago with docker kill, and the program ignores it', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [
          ...others,
          {
            ...batch1,
            kill: make.pendingKill({
              firstAt: make.noon - 7.2e6,
              lastAt: make.noon - 7.2e6,
              count: 1,
              attempts: 1,
              signal: 15,
            }),
          },
        ],
      }),
    ),
  ),
  quiet('SIGKILL is pending on a process that is in D for less than a second', () =>
    glance((second) =>
      dockerNode(second, {
        processes: [
          make.blocked(
            9500 + second,
            { comm: 'dd', containerId: batch1.id, killPending: true },
            { offCpuSeconds: 0.3, wchan: 'folio_wait_bit_common', stack: ['io_schedule', 'folio_wait_bit_common'] },
          ),
        ],
      }),
    ),
  ),
  quiet('A backup has frozen the engine’s volume for two seconds while a container is removed', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [...others, { ...batch1, state: 'removing', status: 'Removal In Progress' }],
        processes: [removingEngine(second)],
      }),
    ),
  ),
  quiet('A large container is removed from a busy disk, a second in each call', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [...others, { ...batch1, state: 'removing', status: 'Removal In Progress' }],
        processes: [removingEngine(1, ['io_schedule', 'bit_wait_io', 'ext4_free_inode', 'vfs_unlink', 'do_unlinkat'])],
      }),
    ),
  ),
  ...(['v1', 'v2'] as const).map((version) =>
    quiet(`A container is paused (docker pause), with cgroups of version ${version.slice(1)}`, () =>
      glance((second) =>
        dockerNode(second, {
          containers: [...others, { ...batch1, state: 'paused', status: 'Up 3 hours (Paused)' }],
          processes: version === 'v1' ? [frozenTask(5100, batch1.id, 400 + second)] : [],
          cgroups: { version, groups: [frozenGroup(batch1, version, 400 + second)] },
        }),
      ),
    ),
  ),
  quiet('runc has frozen a cgroup for a moment, to change its devices', () =>
    glance((second) =>
      dockerNode(second, {
        processes: second === 1 ? [frozenTask(5100, batch1.id, 0.2)] : [],
        cgroups: { version: 'v1', groups: second === 1 ? [frozenGroup(batch1, 'v1', 0.2)] : [] },
      }),
    ),
  ),
  quiet('A container was created two days ago and not started: its runc init waits', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [...others, { ...batch1, state: 'created', status: 'Created' }],
        readings: {
          processes: ok(
            make.processes([], {
              runtimes: [
                make.runtime(5020, {
                  comm: 'runc:[2:INIT]',
                  command: 'init',
                  wchan: 'wait_for_partner',
                  containerId: batch1.id,
                  ageSeconds: 172_800 + second,
                }),
              ],
            }),
            9,
          ),
        },
      }),
    ),
  ),
  quiet('Thirty containers start at once, and their runtimes take half a minute; one runs in the foreground', () =>
    looks(30, 2, (second) =>
      dockerNode(second, {
        readings: {
          processes: ok(
            make.processes([], {
              runtimes: [
                ...Array.from({ length: 30 }, (_, n) => make.runtime(6000 + n, { ageSeconds: 10 + second })),
                make.runtime(7000, { command: 'run', attached: true, ageSeconds: 90_000 + second }),
              ],
            }),
            9,
          ),
        },
      }),
    ),
  ),
  quiet('A process has waited for a disk for seven seconds', () =>
    glance((second) => dockerNode(second, { processes: [diskWaiter(5120, 5 + second)] })),
  ),
  quiet('A process has waited for an NFS server for forty seconds, in a way that SIGKILL ends', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [web1, web2, batch1],
        processes: [
          make.blocked(
            9600,
            { comm: 'ls', containerId: batch1.id },
            {
              offCpuSeconds: 40 + second,
              wchan: 'rpc_wait_bit_killable',
              stack: ['rpc_wait_bit_killable', '__rpc_execute', 'nfs4_call_sync_sequence', 'nfs_getattr'],
            },
          ),
        ],
      }),
    ),
  ),
  quiet('Threads of the kernel sleep in D as they always do', () =>
    glance((second) =>
      dockerNode(second, {
        processes: [
          make.blocked(
            88,
            { comm: 'jbd2/vda1-8', kernelThread: true, ppid: 2, parentComm: 'kthreadd' },
            {
              offCpuSeconds: 0.1,
              wchan: 'jbd2_journal_commit_transaction',
              stack: ['jbd2_journal_commit_transaction'],
            },
          ),
        ],
      }),
    ),
  ),
  quiet('A removal has been going on for twenty seconds', () =>
    looks(20, 1, (second) =>
      dockerNode(second, {
        containers: [...others, { ...batch1, state: 'removing', status: 'Removal In Progress' }],
      }),
    ),
  ),
  quiet('Inspect of a container has not answered for four seconds', () =>
    glance((second) =>
      dockerNode(second, {
        containers: [
          ...others,
          { ...batch1, inspect: pending(2000 + second * 1000, 'GET /containers/…/json: no answer yet') },
        ],
      }),
    ),
  ),
  quiet('One request waits for a container’s lock at one look', () =>
    watch((second) =>
      dockerNode(second, {
        dockerdStacks: second === 60 ? lockedContainer(1) : [],
      }),
    ),
  ),
  quiet('A container exited half a minute ago, and a backup job still has its mount', () =>
    looks(30, 2, (second) =>
      dockerNode(second, {
        containers: [...others, second < 4 ? batch1 : exited(batch1)],
        namespaces: [scanner(batch1)],
      }),
    ),
  ),
  quiet('The mount of a running container is also in a backup job’s namespace', () =>
    watch((second) => dockerNode(second, { namespaces: [{ ...scanner(batch1), mounts: ok([copyOfRunning], 0.2) }] })),
  ),
  quiet(
    'Zombies of a program that the kernel holds: it cannot reap them',
    () =>
      watch((second) =>
        dockerNode(second, {
          processes: [diskWaiter(2200, 60 + second, { comm: 'sh' }), ...zombies(5, 2200, null)],
        }),
      ),
    { expected: [finds('blocked-process', { pids: [2200] })] },
  ),
  quiet(
    'Two zombies under a first process that does not reap',
    () => watch((second) => dockerNode(second, { processes: zombies(2, initPid(2), batch1.id) })),
    { expected: [] },
  ),
  quiet('Five zombies for two seconds', () =>
    watch((second) => dockerNode(second, { processes: second >= 98 ? zombies(5, initPid(2), batch1.id) : [] })),
  ),
];
