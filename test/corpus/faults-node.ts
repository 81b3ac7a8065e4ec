import { absent, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks, watch } from './case.ts';
import { dockerNode, initPid, pressureAt, quietDisk } from './node.ts';
import { batch1, diskWaiter, slowDisk, zombies } from './parts.ts';

/** Disks, kernel memory and processes of the node. */
export const faultsOfNode: readonly Case[] = [
  {
    name: 'The engine’s disk is slow: half of the time somebody waits for it',
    scene: () => watch((second) => dockerNode(second, { disks: slowDisk(second) })),
    expected: [finds('io-pressure', { devices: ['/dev/vda'] })],
  },
  {
    name: 'The engine’s disk is slow, at a glance',
    scene: () => glance((second) => dockerNode(second, { disks: slowDisk(second) })),
    expected: [finds('io-pressure', { devices: ['/dev/vda'] })],
  },
  {
    name: 'The engine’s disk is slow on a kernel without pressure stall information',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          host: { kernel: '4.19.25' },
          disks: {
            ...slowDisk(second),
            pressure: absent('this kernel has no pressure stall information'),
            cpu: { ioWait: 100_000 + second * 420, total: 90_000_000 + second * 800 },
          },
        }),
      ),
    expected: [finds('io-pressure', { devices: ['/dev/vda'] })],
  },
  {
    name: 'A 3.10 kernel has lost 60,000 memory groups',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          host: { kernel: '3.10.0-1127.el7.x86_64', distribution: 'CentOS Linux 7' },
          disks: { pressure: absent('this kernel has no pressure stall information') },
          mountsValue: { mayDetachMounts: true },
          cgroups: {
            version: 'v1',
            memory: {
              counted: 60_120,
              visible: 120,
              dying: null,
              elsewhere: 131,
              nokmem: false,
              accounting: { path: '/docker/aa', usageBytes: 9e6, slabs: 40 },
            },
          },
        }),
      ),
    expected: [finds('kmem-accounting-leak')],
  },
  {
    name: 'A 3.10 kernel cannot make a memory group any more',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          host: { kernel: '3.10.0-957.el7.x86_64', distribution: 'CentOS Linux 7' },
          disks: { pressure: absent('this kernel has no pressure stall information') },
          mountsValue: { mayDetachMounts: true },
          cgroups: {
            version: 'v1',
            memory: {
              counted: 40_120,
              visible: 120,
              dying: null,
              elsewhere: 131,
              nokmem: false,
              accounting: { path: '/docker/aa', usageBytes: 9e6, slabs: 40 },
            },
          },
          logs: { tallies: [make.logTally('cgroup-no-memory', null, { count: 7, lastMinute: 2 })] },
        }),
      ),
    expected: [finds('kmem-accounting-leak')],
  },
  {
    name: 'The ids of memory groups are nearly used up, whatever holds them',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          host: { kernel: '3.10.0-1127.el7.x86_64', distribution: 'CentOS Linux 7' },
          mountsValue: { mayDetachMounts: true },
          cgroups: {
            version: 'v1',
            memory: { counted: 64_900, visible: 120, dying: null, elsewhere: 131, nokmem: true, accounting: null },
          },
        }),
      ),
    expected: [finds('kmem-accounting-leak')],
  },
  {
    name: 'A process outside of containers has waited for a disk for a minute',
    scene: () => glance((second) => dockerNode(second, { processes: [diskWaiter(5120, 60 + second)] })),
    expected: [finds('blocked-process', { pids: [5120] })],
  },
  {
    name: 'The same on a kernel without CONFIG_SCHED_DEBUG: the process has not run since the first poll',
    scene: () =>
      watch((second) => {
        const waits = diskWaiter(5120, 0);
        return dockerNode(second, {
          processes: [
            { ...waits, blocked: waits.blocked.map((task) => ({ ...task, offCpuSeconds: null, switches: 81 })) },
          ],
        });
      }),
    expected: [finds('blocked-process', { pids: [5120] })],
  },
  {
    name: 'The first process of a container does not reap: forty zombies',
    scene: () => watch((second) => dockerNode(second, { processes: zombies(40, initPid(2), batch1.id) })),
    expected: [finds('unreaped-zombie', { pids: [] })],
  },
  {
    name: 'A program of the host does not reap, and its zombies become more',
    scene: () => watch((second) => dockerNode(second, { processes: zombies(4 + Math.floor(second / 10), 2200, null) })),
    expected: [finds('unreaped-zombie')],
  },
  {
    name: 'A file of /proc hung the sampler, which leaves it out now',
    scene: () =>
      looks(10, 1, (second) => dockerNode(second)).map((sample) => ({
        ...sample,
        sampler: {
          ...sample.sampler,
          avoided: ['/proc/5120'],
          hung: [{ source: 'processes', path: '/proc/5120/cmdline', at: make.noon - 60_000 }],
        },
      })),
    expected: [finds('stalled-reader', { pids: [5120] })],
  },
  {
    name: 'All disks wait, some for 65 % of the time',
    scene: () =>
      watch((second) =>
        dockerNode(second, { disks: { disks: [quietDisk(second)], pressure: ok(pressureAt(second, 65, 42), 0.1) } }),
      ),
    expected: [finds('io-pressure')],
  },
  {
    name: 'A process of a container waits for a disk that is slow, and so do others',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          disks: slowDisk(second, 70, 45),
          processes: [
            diskWaiter(28_816, 20 + second, {
              containerId: batch1.id,
              volumes: [make.volume('/', { source: '/dev/vda', device: '254:0' })],
            }),
          ],
        }),
      ),
    expected: [finds('io-pressure', { devices: ['/dev/vda'] }), finds('blocked-process', { pids: [28_816] })],
  },
];
