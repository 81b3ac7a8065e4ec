import type { DisksValue } from '../../src/sample/disks.ts';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, quiet, watch } from './case.ts';
import { dockerNode, named, pressureAt, quietDisk } from './node.ts';
import { batch1, diskWaiter, frozenData, frozenWriter, unanswered } from './parts.ts';

const thirty = named(...Array.from({ length: 30 }, (_, n) => `pod-${n}`));

/** A process of a container that waits for a file server, in a way that SIGKILL does not end. */
const remoteWaiter = (
  pid: number,
  containerId: string,
  second: number,
  share: string,
  change: Partial<ProcessValue> = {},
  stack: readonly string[] = ['folio_wait_bit_common', 'nfs_wb_all', 'nfs4_file_flush', 'filp_flush'],
): ProcessValue =>
  make.blocked(
    pid,
    {
      comm: 'app',
      containerId,
      killPending: true,
      volumes: [make.volume('/srv', { source: `nas-1:/${share}`, type: 'nfs4', device: `0:${50 + share.length}` })],
      ...change,
    },
    { offCpuSeconds: 90 + second, wchan: stack[0] ?? null, stack: [...stack] },
  );

const loopWriter = (pid: number, seconds: number): ProcessValue =>
  make.blocked(
    pid,
    { comm: 'kworker/u8:3+loop1', kernelThread: true, ppid: 2, parentComm: 'kthreadd' },
    {
      offCpuSeconds: seconds,
      stack: ['percpu_rwsem_wait', 'lo_rw_aio.isra.0', 'loop_process_work', 'worker_thread', 'kthread'],
    },
  );

/** loop1 is made of a file on the filesystem of loop0, and holds the data of the engine. */
const stackedLoops = (second: number, inFlight: number): Partial<DisksValue> => ({
  disks: [
    quietDisk(second),
    make.disk('loop0', { device: '7:0', writes: 900 }),
    make.disk('loop1', { device: '7:1', inFlight, writes: inFlight === 0 ? 900 + second * 9 : 900 }),
  ],
  pressure: ok(pressureAt(second, inFlight === 0 ? 2 : 12, 0), 0.1),
  topology: make.topology(
    [
      make.blockDevice('vda'),
      make.blockDevice('loop0', { device: '7:0', kind: 'loop', label: '/var/tmp/outer.img' }),
      make.blockDevice('loop1', { device: '7:1', kind: 'loop', label: '/mnt/outer/inner.img' }),
    ],
    [
      make.diskMount('/'),
      make.diskMount('/mnt/outer', { device: '7:0', source: '/dev/loop0' }),
      make.diskMount('/var/lib/docker', { device: '7:1', source: '/dev/loop1' }),
    ],
  ),
});

const stillDisk = (second: number, forSeconds: number, inFlight: number): ReturnType<typeof make.disk> =>
  make.disk('sdb', { device: '8:16', inFlight, writes: 100 + Math.max(0, second - forSeconds) });

const database = (name: string, device: string): Partial<DisksValue> => ({
  topology: make.topology(
    [
      make.blockDevice('vda'),
      make.blockDevice('sdb', { device: '8:16' }),
      ...(name === 'sdb' ? [] : [make.blockDevice(name, { device, kind: 'md', slaves: ['sdb'] })]),
    ],
    [make.diskMount('/'), make.diskMount('/srv', { device, source: `/dev/${name}` })],
  ),
});

/** One cause, and all that follows from it. */
export const faultsWithConsequences: readonly Case[] = [
  {
    name: 'Thirty containers cannot exit, because one volume is frozen',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: thirty.map((one) => unanswered(one)),
          processes: thirty.map(({ id }, n) => frozenWriter(28_000 + n, id, second)),
        }),
      ),
    expected: [
      { ...frozenData, times: 1 },
      { ...finds('unkillable-container'), times: 30 },
    ],
  },
  {
    name: 'An NFS server is away, of which thirty containers have two exports',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: thirty.map((one) => unanswered(one)),
          processes: thirty.map(({ id }, n) => remoteWaiter(28_000 + n, id, second, n % 2 === 0 ? 'home' : 'media')),
        }),
      ),
    expected: [
      { ...finds('dead-network-storage', { devices: ['nas-1:/home', 'nas-1:/media'], mounts: ['/srv'] }), times: 1 },
      { ...finds('unkillable-container'), times: 30 },
    ],
  },
  {
    name: 'An NFS server is away for minutes, and its one client waits in a way that SIGKILL ends',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          processes: [
            remoteWaiter(9600, batch1.id, 400 + second, 'home', { killPending: false }, [
              'rpc_wait_bit_killable',
              '__rpc_execute',
              'nfs4_call_sync_sequence',
            ]),
          ],
        }),
      ),
    expected: [finds('dead-network-storage', { devices: ['nas-1:/home'], pids: [9600] })],
    mayAlso: ['blocked-process'],
  },
  {
    name: 'A FUSE daemon does not answer a container that was killed',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containers: [unanswered(batch1)],
          processes: [
            remoteWaiter(
              6100,
              batch1.id,
              second,
              'x',
              { volumes: [make.volume('/mnt/s3', { source: 's3fs', type: 'fuse.s3fs', device: '0:57' })] },
              ['request_wait_answer', 'fuse_simple_request', 'fuse_read_folio'],
            ),
          ],
        }),
      ),
    expected: [
      finds('dead-network-storage', { mounts: ['/mnt/s3'], pids: [6100] }),
      finds('unkillable-container', { containers: [batch1.id] }),
    ],
  },
  {
    name: 'The engine’s disk is a file on a frozen filesystem, and stands still',
    scene: () =>
      watch((second) =>
        dockerNode(second, { disks: stackedLoops(second, 49), processes: [loopWriter(3427, 30 + second)] }),
      ),
    expected: [
      finds('frozen-filesystem', { mounts: ['/mnt/outer'], devices: ['/dev/loop0', '/dev/loop1'], pids: [3427] }),
      { ...finds('stalled-disk', { devices: ['/dev/loop1'] }), times: 1 },
    ],
    mayAlso: ['blocked-process', 'io-pressure'],
  },
  {
    name: 'A disk completes nothing, and a database waits for it',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          disks: { disks: [quietDisk(second), stillDisk(second, 1000, 6)], ...database('sdb', '8:16') },
          processes: [
            diskWaiter(5120, 60 + second, { volumes: [make.volume('/srv', { source: '/dev/sdb', device: '8:16' })] }),
          ],
        }),
      ),
    expected: [
      finds('stalled-disk', { devices: ['/dev/sdb'], pids: [5120] }),
      finds('blocked-process', { pids: [5120] }),
    ],
  },
  {
    name: 'A member of a RAID completes nothing, and so the RAID does not',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          disks: {
            disks: [
              quietDisk(second),
              stillDisk(second, 1000, 6),
              make.disk('md0', { device: '9:0', inFlight: 3, writes: 70 }),
            ],
            ...database('md0', '9:0'),
          },
          processes: [
            diskWaiter(5120, 60 + second, { volumes: [make.volume('/srv', { source: '/dev/md0', device: '9:0' })] }),
          ],
        }),
      ),
    expected: [
      { ...finds('stalled-disk', { devices: ['/dev/sdb', '/dev/md0'], pids: [5120] }), times: 1 },
      finds('blocked-process', { pids: [5120] }),
    ],
  },
];

/** What looks like such a cause, and is none. */
export const nearlyCauses: readonly Case[] = [
  quiet('A backup freezes a volume for two seconds, and a writer waits', () =>
    glance((second) =>
      dockerNode(second, {
        processes: [
          {
            ...frozenWriter(28_816, batch1.id, second),
            killPending: false,
            blocked: [make.task(28_816, { offCpuSeconds: 0.4 + second * 0.8 })],
          },
        ],
      }),
    ),
  ),
  quiet('An NFS server was restarted a minute ago, and its clients wait in a way that SIGKILL ends', () =>
    glance((second) =>
      dockerNode(second, {
        processes: [
          remoteWaiter(9600, batch1.id, second, 'home', { killPending: false }, [
            'rpc_wait_bit_killable',
            '__rpc_execute',
            'nfs4_call_sync_sequence',
          ]),
        ],
      }),
    ),
  ),
  quiet('A loop device writes to its file while nothing is frozen', () =>
    watch((second) => dockerNode(second, { disks: stackedLoops(second, 0), processes: [] })),
  ),
  quiet('A counter of requests in flight is off by one, and nothing waits', () =>
    watch((second) =>
      dockerNode(second, {
        disks: { disks: [quietDisk(second), stillDisk(second, 1000, 1)], ...database('sdb', '8:16') },
      }),
    ),
  ),
  quiet('A disk takes seven seconds to spin up, and a reader waits', () =>
    glance((second) =>
      dockerNode(second, {
        disks: { disks: [quietDisk(second), stillDisk(second, 1000, 2)], ...database('sdb', '8:16') },
        processes: [
          diskWaiter(5120, 5 + second, { volumes: [make.volume('/srv', { source: '/dev/sdb', device: '8:16' })] }),
        ],
      }),
    ),
  ),
];
