import { absent, ok, pending } from '../../src/sample/reading.ts';
import { lockedWhole } from '../support/locked-daemon.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks, mentions, quiet, watch } from './case.ts';
import { dockerNode, pressureAt, quietDisk, shimPid } from './node.ts';
import { batch1, debian10Docker, frozenData, frozenWriter, unanswered, unmountOf, web1, web2 } from './parts.ts';
import {
  explained,
  gracefulStops,
  lockedDatabase,
  lockedLayers,
  lostStreams,
  stacksAt,
  stopsThatWait,
  taskDeletes,
  unknownLeak,
  waitingProbes,
} from './stacks.ts';

const others = [web1, web2];

/** Daemons and the node, just below what is a fault. */
export const nearlySick: readonly Case[] = [
  quiet(
    'Stops in their grace period on dockerd 19.03',
    () =>
      glance((second) =>
        dockerNode(second, {
          containers: [web1, web2, batch1].map((container) => ({
            ...container,
            kill: make.pendingKill({
              firstAt: make.noon - 5000,
              lastAt: make.noon - 5000,
              count: 1,
              attempts: 1,
              signal: 15,
            }),
          })),
          dockerd: debian10Docker,
          dockerdStacks: gracefulStops(3),
        }),
      ),
    { mayAlso: ['outdated-engine'] },
  ),
  quiet(
    'dockerd 20.10.24 waits a quarter of a minute for a container that cannot exit: as many waiters as before',
    () =>
      watch((second) =>
        dockerNode(second, {
          containers: [...others, unanswered(batch1)],
          processes: [frozenWriter(28_816, batch1.id, second)],
          dockerdStacks: stopsThatWait(1),
        }),
      ),
    { expected: [frozenData, finds('unkillable-container', { containers: [batch1.id] })] },
  ),
  quiet(
    'dockerd has many goroutines because it has many connections',
    () =>
      watch((second) =>
        dockerNode(second, {
          dockerdStacks: [{ count: 900, funcs: ['net/http.(*connReader).backgroundRead'] }],
          dockerd: { ...debian10Docker, goroutines: ok(949, 1) },
        }),
      ),
    { expected: [mentions('outdated-engine')] },
  ),
  quiet('A shim unmounts, which takes two seconds', () =>
    glance((second) => dockerNode(second, { processes: [unmountOf(shimPid(2), 0.2 + second * 0.9)] })),
  ),
  quiet('containerd deletes a task at the moment of the look', () =>
    watch((second) => dockerNode(second, { containerdStacks: second >= 30 && second < 60 ? taskDeletes(1) : [] })),
  ),
  quiet('Changes of containerd’s database meet for a moment, and nobody writes to the disk', () =>
    watch((second) =>
      dockerNode(second, {
        containerdStacks: second === 30 ? lockedDatabase(1).slice(1) : [],
      }),
    ),
  ),
  quiet('I/O pressure of 18 and 8 %', () =>
    watch((second) =>
      dockerNode(second, { disks: { disks: [quietDisk(second)], pressure: ok(pressureAt(second, 18, 8), 0.1) } }),
    ),
  ),
  quiet('A burst of I/O: pressure for ten seconds, none in the minute', () =>
    glance((second) =>
      dockerNode(second, {
        disks: {
          pressure: ok(
            {
              some: { avg10: 34, avg60: 7, totalMicros: 3_000_000 + second * 60_000 },
              full: { avg10: 12, avg60: 3, totalMicros: 2_000_000 + second * 20_000 },
            },
            0.1,
          ),
        },
      }),
    ),
  ),
  quiet(
    'A 3.10 kernel that accounts kernel memory and has lost 300 groups',
    () =>
      watch((second) =>
        dockerNode(second, {
          host: { kernel: '3.10.0-1127.el7.x86_64', distribution: 'CentOS Linux 7' },
          disks: { pressure: absent('this kernel has no pressure stall information') },
          mountsValue: { mayDetachMounts: true },
          cgroups: {
            version: 'v1',
            memory: {
              counted: 420,
              visible: 120,
              dying: null,
              elsewhere: 120,
              nokmem: false,
              accounting: { path: '/docker/aa', usageBytes: 9e6, slabs: 40 },
            },
          },
        }),
      ),
    { expected: [mentions('risky-configuration')] },
  ),
  quiet('A 5.10 kernel that still holds 3,000 removed groups', () =>
    watch((second) =>
      dockerNode(second, {
        host: { kernel: '5.10.0-28-amd64' },
        cgroups: {
          memory: { counted: 3090, visible: 90, dying: 3000, elsewhere: null, nokmem: false, accounting: null },
        },
      }),
    ),
  ),
  quiet('dockerd uses 78 % of its descriptors, and no more', () =>
    watch((second) =>
      dockerNode(second, { dockerd: { process: ok(make.daemonProcess({ fds: 15_600, fdLimit: 20_000 }), 0.2) } }),
    ),
  ),
  quiet('The descriptors of dockerd grow, and would last for weeks', () =>
    looks(240, 5, (second) =>
      dockerNode(second, {
        dockerd: { process: ok(make.daemonProcess({ fds: 65 + Math.floor(second / 30), fdLimit: 1_048_576 }), 0.2) },
      }),
    ),
  ),
  quiet('The heap of dockerd grows, and is at 40 MiB', () =>
    looks(900, 10, (second) =>
      dockerNode(second, {
        dockerd: {
          heap: ok({ allocBytes: 3e7, inuseBytes: 40 * 1024 ** 2 + second * 2000 }, 2),
          process: ok(make.daemonProcess({ rssBytes: 120 * 1024 ** 2 + second * 2000 }), 0.2),
        },
      }),
    ),
  ),
  quiet('The heap of dockerd is at 3 GiB and stays there', () =>
    looks(900, 10, (second) =>
      dockerNode(second, {
        dockerd: {
          heap: ok({ allocBytes: 3e9, inuseBytes: (3072 + (second % 40)) * 1024 ** 2 }, 2),
          process: ok(make.daemonProcess({ rssBytes: 3300 * 1024 ** 2 }), 0.2),
        },
      }),
    ),
  ),
  quiet('Thirty containers start at once: some of them wait for the layer store in one poll', () =>
    watch((second) => dockerNode(second, { dockerdStacks: second === 60 ? lockedLayers(30) : [] })),
  ),
  quiet('A pile-up behind the layer store was over when the whole dump of it came', () =>
    watch((second) => {
      const readings = dockerNode(second, { dockerdStacks: second === 0 ? lockedLayers(30) : [] });
      return second === 32 ? explained(readings, lockedWhole(0)) : readings;
    }),
  ),
  quiet('A few creates wait for the layer store in every poll', () =>
    watch((second) => dockerNode(second, { dockerdStacks: lockedLayers(4) })),
  ),
  quiet('Health checks run on every container', () =>
    watch((second) => dockerNode(second, { dockerdStacks: waitingProbes(20) })),
  ),
  quiet('A plugin of dockerd opens sessions, and closes some of them', () =>
    watch((second) => dockerNode(second, { dockerdStacks: unknownLeak(300 + (Math.floor(second / 30) % 2) * 400) })),
  ),
  quiet('dockerd has just been started and does not follow events yet', () =>
    glance((second) =>
      dockerNode(second, {
        dockerd: { process: ok(make.daemonProcess({ ageSeconds: 8 + second }), 0.2) },
        readings: { stacks: stacksAt(second, { dockerd: lostStreams(3, 0) }) },
      }),
    ),
  ),
  quiet('One look finds one event stream of two; no log says that one was lost', () =>
    looks(20, 2, (second) =>
      dockerNode(second, { readings: { stacks: stacksAt(second, { dockerd: lostStreams(3, 1) }) } }),
    ),
  ),
  quiet('dockerd has not answered for three seconds', () =>
    looks(12, 1, (second) =>
      dockerNode(second, {
        dockerd: {
          ping: second < 10 ? ok({ ms: 2 }, 2) : pending((second - 9) * 1000, 'GET /_ping: no answer yet'),
        },
      }),
    ),
  ),
  quiet('rtwatch was told to leave a process out', () =>
    looks(10, 1, (second) => dockerNode(second)).map((sample) => ({
      ...sample,
      sampler: { ...sample.sampler, avoided: ['/proc/5120'] },
    })),
  ),
  quiet('dockerd was restarted with live-restore, and is back', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: {
          settings: ok(make.settings({ liveRestore: true }), 3),
          process:
            second < 40
              ? ok(make.daemonProcess(), 0.2)
              : ok(make.daemonProcess({ pid: 2204, starttime: 354_000_000, ageSeconds: second - 39 }), 0.2),
        },
      }),
    ),
  ),
  quiet(
    'Stops of dockerd 20.10.24 come and go under a client that retries',
    () =>
      looks(180, 5, (second) =>
        dockerNode(second, {
          containers: [web1, web2, unanswered(batch1)],
          processes: [frozenWriter(28_816, batch1.id, second)],
          dockerdStacks: stopsThatWait([4, 6, 5, 7, 4, 6, 5][Math.floor(second / 30)] ?? 5),
        }),
      ),
    { expected: [frozenData, finds('unkillable-container', { containers: [batch1.id] })] },
  ),
];
