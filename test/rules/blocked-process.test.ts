import { describe, expect, test } from 'vitest';
import { DisksCollector } from '../../src/collect/disks/disks.ts';
import { ProcessesCollector } from '../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import { blockedProcess } from '../../src/rules/blocked-process.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import type { BlockedTask, ProcessValue } from '../../src/sample/processes.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { capturedWorld } from '../support/world.ts';

const judge = (scene: scenes.Scene): readonly Finding[] => run([blockedProcess], scenes.modelOf(scene)).findings;
const of = (list: ProcessValue[], more: Readings = {}): readonly Finding[] =>
  judge(scenes.twice({ processes: ok(make.processes(list), 1), ...more }));

const disk = { wchan: 'folio_wait_bit', stack: ['folio_wait_bit', 'ext4_sync_file', '__x64_sys_fsync'] };
const umount = { wchan: 'wb_wait_for_completion', stack: ['wb_wait_for_completion', 'sync_inodes_sb', 'cleanup_mnt'] };
const kernel = (pid: number, comm: string, waits: Partial<BlockedTask> = disk): ProcessValue =>
  make.blocked(pid, { comm, ppid: 2, kernelThread: true }, waits);
const data = make.volume('/data', { source: '/dev/vdb1', device: '254:17' });
const onData = (pid: number, change: Partial<ProcessValue> = {}): ProcessValue =>
  make.blocked(pid, { volumes: [data], ...change }, { offCpuSeconds: 60 });

describe('a process in D', () => {
  test('in an unmount is sent to what ends it: a disk, the holder of a lock, or the last request of a FUSE filesystem', () => {
    const adviceAt = (...stack: string[]): string | undefined =>
      of([make.blocked(7, {}, { offCpuSeconds: 60, wchan: stack[0] ?? null, stack })])[0]?.remedies[0]?.text;
    expect(adviceAt('wb_wait_for_completion', 'ovl_sync_fs', 'cleanup_mnt')).toContain('Look at the device');
    expect(adviceAt('rwsem_down_read_slowpath', 'ovl_sync_fs', 'cleanup_mnt')).toContain('holds the lock');
    expect(adviceAt('fuse_wait_aborted', 'fuse_sb_destroy', 'cleanup_mnt')).toContain('again does nothing');
  });

  test('is reported after ten seconds, with what it waits for', () => {
    expect(of([make.blocked(7, {}, { offCpuSeconds: 9.9 })])).toEqual([]);
    const [first] = of([make.blocked(7, {}, { offCpuSeconds: 10 })]);
    expect(first).toMatchObject({
      severity: 'warning',
      confidence: 'certain',
      title: 'dd (pid 7) is blocked in the kernel: open() on a frozen filesystem',
      since: make.noon - 9_000,
      subjects: { pids: [7] },
    });
    expect(first?.evidence.map(({ source }) => source)).toEqual(['/proc/7/stat', '/proc/7/wchan', '/proc/7/stack']);
  });

  test('is reported by its thread where the leader sleeps or is dead', () => {
    const [first] = of([make.blocked(7, { state: 'Z', threads: 9, blocked: [make.task(9)] })]);
    expect(first?.evidence[0]?.text).toContain('threads in D: 9');
  });

  test('is reported when two samples show the same task in D, not by one alone', () => {
    const at = (second: number, tid: number): Sample =>
      make.sampleAt(second, {
        processes: ok(make.processes([make.blocked(7, { blocked: [make.task(tid, { offCpuSeconds: 7200 })] })]), 1),
      });
    expect(judge([at(0, 7)])).toEqual([]);
    expect(judge([at(0, 7), at(1, 9)])).toEqual([]);
    expect(judge([at(0, 7), at(1, 9), at(2, 9)])).toHaveLength(1);
  });

  test('is left alone for two minutes where a signal would end its wait, then reported with that way out', () => {
    const nfs = { wchan: 'rpc_wait_bit_killable', stack: ['rpc_wait_bit_killable', 'nfs4_run'] };
    expect(of([make.blocked(8, {}, { ...nfs, offCpuSeconds: 118 })])).toEqual([]);
    const [first] = of([make.blocked(8, {}, { ...nfs, offCpuSeconds: 3600 })]);
    expect(first?.remedies.at(-1)).toMatchObject({ command: 'kill -KILL 8', risk: 'high' });
    const [killed] = of([make.blocked(8, { killPending: true }, { ...nfs, offCpuSeconds: 3600 })]);
    expect(killed?.remedies.map(({ command }) => command)).not.toContain('kill -KILL 8');
  });

  test('is left alone where it waits for the child that it made with vfork', () => {
    const vfork = { wchan: 'kernel_clone', stack: ['kernel_clone', '__do_sys_vfork'], offCpuSeconds: 86_400 };
    expect(of([make.blocked(7, {}, vfork)])).toEqual([]);
  });

  test('of a paused container is held by the freezer, unless it waits for a disk', () => {
    const containerId = make.idOf('a9');
    const paused = { containers: ok(make.containers([make.container('a9', 'web', { state: 'paused' })]), 1) };
    const frozen = { wchan: '__refrigerator', stack: ['__refrigerator', 'get_signal'] };
    const asleep = { wchan: 'do_epoll_wait', stack: ['do_epoll_wait', 'do_syscall_64'] };
    expect(of([make.blocked(7, { containerId }, frozen), make.blocked(8, { containerId }, asleep)], paused)).toEqual(
      [],
    );
    expect(of([make.blocked(7, { containerId }, disk)], paused)).toHaveLength(1);
    expect(of([make.blocked(8, { containerId }, asleep)])).toHaveLength(1);
  });

  test('is not reported again when it is what a container cannot exit for', () => {
    const held = make.blocked(7, { killPending: true, containerId: make.idOf('a9') });
    const containers = {
      containers: ok(make.containers([make.container('a9', 'web', { kill: make.pendingKill() })]), 1),
    };
    expect(of([held], containers)).toEqual([]);
    expect(of([held, make.blocked(8)], containers)).toMatchObject([{ subjects: { pids: [8] } }]);
  });

  test('that was killed is not to be killed again', () => {
    expect(of([make.blocked(7, { killPending: true })])[0]?.ruledOut[0]).toMatchObject({ id: 'missing-kill' });
  });
});

describe('processes that wait for the same', () => {
  test('are one finding for each filesystem', () => {
    const findings = of([
      onData(7),
      onData(8, { comm: 'postgres' }),
      make.blocked(9, { volumes: [make.volume('/srv')] }, { offCpuSeconds: 30 }),
    ]);
    expect(findings).toMatchObject([
      {
        title: '2 processes (dd and postgres) are blocked in the kernel at /data (/dev/vdb1)',
        subjects: { pids: [7, 8], mounts: ['/data'], devices: ['/dev/vdb1'] },
      },
      { title: 'dd (pid 9) is blocked in the kernel at /srv (/dev/loop0)', subjects: { pids: [9] } },
    ]);
  });

  test('are reported together with the threads of the kernel that work for the device', () => {
    const disks = {
      disks: ok(
        make.disks([make.disk('vdb', { device: '254:16' })], {
          topology: make.topology(
            [
              make.blockDevice('vdb', { device: '254:16' }),
              make.blockDevice('vdb1', { device: '254:17', kind: 'partition', disk: 'vdb' }),
            ],
            [make.diskMount('/var/lib/docker', { device: '254:17', source: '/dev/vdb1' })],
          ),
        }),
        1,
      ),
    };
    const findings = of(
      [onData(7), kernel(20, 'jbd2/vdb1-8'), kernel(21, 'kworker/u8:0+flush-254:16'), make.blocked(22, {}, umount)],
      disks,
    );
    expect(findings).toMatchObject([
      {
        title: '2 processes of dd are blocked in the kernel at /var/lib/docker (/dev/vdb1)',
        summary: expect.stringContaining('For 1 of them the place is inferred from the kind of wait.'),
        subjects: { pids: [7, 20, 21, 22], devices: ['/dev/vdb', '/dev/vdb1'] },
      },
    ]);
  });

  test('for two disks leave a wait for an unknown one by itself', () => {
    const findings = of([kernel(20, 'jbd2/sda1-8'), kernel(21, 'xfsaild/dm-3'), make.blocked(22, {}, umount)]);
    expect(findings.map(({ subjects }) => subjects.pids)).toEqual([[22], [21], [20]]);
  });

  test('whose place is unknown are one finding for each kind of wait', () => {
    const odd = { wchan: 'rwsem_down_write_slowpath', stack: ['rwsem_down_write_slowpath', 'chown_common'] };
    const findings = of([make.blocked(7, {}, odd), make.blocked(8, {}, odd), make.blocked(9)]);
    expect(findings).toHaveLength(2);
  });

  test('have the same name from one poll to the next, even when others come to wait', () => {
    const keyOf = (list: ProcessValue[]): string =>
      run([blockedProcess], scenes.modelOf(scenes.twice({ processes: ok(make.processes(list), 1) }))).findings[0]
        ?.key ?? 'none';
    const other = onData(3, { comm: 'java', containerId: make.idOf('b') });
    expect(keyOf([onData(7), other])).toBe(keyOf([other, onData(7), onData(1)]));
  });
});

test('two filesystems of one disk are two findings when only one of them is frozen', () => {
  const slow = { ...disk, offCpuSeconds: 40 };
  const root = make.volume('/', { source: '/dev/vdb2', device: '254:18' });
  const disks = ok(
    make.disks([make.disk('vdb', { device: '254:16' })], {
      topology: make.topology(
        [
          make.blockDevice('vdb', { device: '254:16' }),
          make.blockDevice('vdb1', { device: '254:17', kind: 'partition', disk: 'vdb' }),
          make.blockDevice('vdb2', { device: '254:18', kind: 'partition', disk: 'vdb' }),
        ],
        [
          make.diskMount('/data', { device: '254:17', source: '/dev/vdb1' }),
          make.diskMount('/', { device: '254:18', source: '/dev/vdb2' }),
        ],
      ),
    }),
    1,
  );
  const findings = of([onData(7), make.blocked(8, { volumes: [root] }, slow)], { disks });
  expect(findings.map(({ subjects }) => subjects.mounts)).toEqual([['/data'], ['/']]);
});

describe('threads of the kernel alone', () => {
  test('are one warning for each device', () => {
    expect(
      of([kernel(20, 'jbd2/loop1-8'), kernel(21, 'kworker/u8:3+loop1'), kernel(22, 'kworker/u8:1+loop1')]),
    ).toMatchObject([
      {
        severity: 'warning',
        title: '3 kernel threads are blocked at loop1: jbd2/loop1-8, kworker/u8:3+loop1 and kworker/u8:1+loop1',
      },
    ]);
  });

  test('in an unknown wait only inform: some drivers sleep so', () => {
    expect(
      of([kernel(20, 'vmmemctl', { wchan: 'vmballoon_wait', stack: ['vmballoon_wait', 'kthread'] })]),
    ).toMatchObject([{ severity: 'info' }]);
  });
});

test('a captured node whose filesystem hangs below containerd is one finding, not seven', () => {
  const world = capturedWorld('containerd-hang');
  const collector = new ProcessesCollector(world, new ProcessTable(world, () => 0), '6.18');
  const disks = new DisksCollector(world);
  const findings = judge(
    [0, 12].map((second) =>
      make.sampleAt(second, { processes: ok(collector.collect(), 1), disks: ok(disks.collect(), 1) }),
    ),
  );
  expect(findings).toHaveLength(1);
  expect(findings[0]?.title).toContain(
    '5 processes (containerd, 3 × containerd-shim and dd) are blocked in the kernel at',
  );
  expect(findings[0]?.subjects.pids).toEqual([23_637, 23_642, 23_743, 23_908, 24_303, 24_852, 28_930]);
  expect(findings[0]?.subjects.devices).toEqual(['/dev/loop1']);
});

test('a captured node whose writers wait for a frozen filesystem is one finding for it', () => {
  const world = capturedWorld('stop-leak');
  const collector = new ProcessesCollector(world, new ProcessTable(world, () => 0), '6.18');
  const findings = judge([0, 12].map((second) => make.sampleAt(second, { processes: ok(collector.collect(), 1) })));
  expect(findings.every(({ subjects }) => subjects.pids.every((pid) => [28_815, 28_816].includes(pid)))).toBe(true);
});

test('nothing is judged where processes cannot be read', () => {
  const model = scenes.modelOf([make.sampleAt(0, { processes: failed('/proc: EACCES') })]);
  expect(run([blockedProcess], model)).toMatchObject({
    findings: [],
    unknown: [{ id: 'blocked-process', matters: true }],
  });
});
