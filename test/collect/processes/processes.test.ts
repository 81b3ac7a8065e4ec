import { describe, expect, test } from 'vitest';
import { kernelRelease } from '../../../src/collect/host.ts';
import { ProcessesCollector } from '../../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { World } from '../../../src/collect/world.ts';
import type { ProcessesValue, ProcessValue } from '../../../src/sample/processes.ts';
import { capturedWorld, statLine, statusText, Tree } from '../../support/world.ts';

const collectorOf = (world: World, kernel = kernelRelease(world)): ProcessesCollector =>
  new ProcessesCollector(world, new ProcessTable(world, () => 0), kernel);

/** The line of a task on which SIGKILL is pending. */
const killed = (line: string): string => line.replace(/ 1 1 0 0 0 0 /, ' 1 1 0 0 0 256 ');

const one = (value: ProcessesValue, pid: number): ProcessValue | undefined =>
  value.processes.find((process) => process.pid === pid);

describe('on a node whose docker stop hangs', () => {
  const collect = (): ProcessesValue => collectorOf(capturedWorld('stop-leak')).collect();

  test('the writers, their shells and the zombies are reported, of all the processes', () => {
    const value = collect();
    expect(value).toMatchObject({ uptimeSeconds: 1470.88, total: 13, unreadable: 0, more: 0, partial: true });
    expect(value.processes.map(({ pid, state }) => `${pid} ${state}`).toSorted()).toEqual([
      '26138 S',
      '26190 S',
      '26268 Z',
      '26269 Z',
      '26270 Z',
      '28815 D',
      '28816 D',
    ]);
  });

  test('a writer shows what it waits in, and that its kill is pending', () => {
    expect(one(collect(), 28815)).toEqual({
      pid: 28815,
      starttime: 144223,
      comm: 'dd',
      state: 'D',
      ppid: 26190,
      parentComm: 'sh',
      parentIsInit: null,
      nsPid: 452,
      kernelThread: false,
      exiting: false,
      threads: 1,
      killPending: true,
      containerId: 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab',
      blocked: [
        {
          tid: 28815,
          comm: 'dd',
          wchan: 'percpu_rwsem_wait',
          stack: [
            'percpu_rwsem_wait',
            'mnt_want_write',
            'path_openat',
            'do_filp_open',
            'do_sys_openat2',
            '__x64_sys_openat',
            'do_syscall_64',
            'entry_SYSCALL_64_after_hwframe',
          ],
          syscall: null,
          offCpuSeconds: null,
        },
      ],
      volumes: [
        expect.objectContaining({ mountPoint: '/', type: 'overlay' }),
        { mountPoint: '/data', root: '/', source: '/dev/loop0', type: 'ext4', device: '7:0', readOnly: false },
        expect.objectContaining({ mountPoint: '/etc/resolv.conf', device: '254:0' }),
        expect.objectContaining({ mountPoint: '/etc/hostname', device: '254:0' }),
        expect.objectContaining({ mountPoint: '/etc/hosts', device: '254:0' }),
      ],
    });
  });

  test('the first process of a container that was killed is reported, although it only sleeps', () => {
    expect(one(collect(), 26138)).toMatchObject({
      comm: 'sh',
      state: 'S',
      nsPid: 1,
      exiting: true,
      killPending: true,
      blocked: [],
      volumes: [],
    });
  });

  test('a zombie, whose every cgroup is the root, is in the container of its parent', () => {
    expect(one(collect(), 26268)).toMatchObject({
      comm: 'sleep',
      parentComm: 'sleep',
      parentIsInit: true,
      containerId: '6d81f2f83971a645096e12d350ae4eb3c687684d934992267419fc1193c03163',
      killPending: false,
      blocked: [],
    });
  });
});

describe('on a node whose containerd hangs', () => {
  const collect = (): ProcessesValue => collectorOf(capturedWorld('containerd-hang')).collect();

  test('threads in D are found behind leaders that sleep', () => {
    const value = collect();
    const threads = (pid: number): (readonly [number, string | null])[] | undefined =>
      one(value, pid)?.blocked.map(({ tid, wchan }) => [tid, wchan] as const);
    expect(one(value, 23642)).toMatchObject({ comm: 'containerd', state: 'S', containerId: null });
    expect(threads(23642)?.toSorted()).toEqual([
      [23671, 'do_get_write_access'],
      [23988, 'folio_wait_bit'],
    ]);
    for (const [shim, thread] of [
      [23743, 23751],
      [23908, 23917],
      [24303, 24329],
    ] as const) {
      expect(threads(shim)).toEqual([[thread, 'wb_wait_for_completion']]);
    }
    expect(one(value, 23743)?.blocked[0]?.stack).toContain('cleanup_mnt');
    expect(one(value, 23826)).toBeUndefined();
  });

  test('the system call of a blocked thread is reported, with the file behind its descriptor', () => {
    const calls = one(collect(), 23642)?.blocked.map(({ tid, syscall }) => [tid, syscall] as const);
    expect(Object.fromEntries(calls ?? [])).toEqual({
      23671: {
        number: 217,
        name: 'getdents64',
        fd: 45,
        file: '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/10/fs',
      },
      23988: {
        number: 74,
        name: 'fsync',
        fd: 57,
        file: expect.stringContaining('/var/lib/containerd/io.containerd.content.v1.content/ingest/'),
      },
    });
    expect(one(collect(), 23743)?.blocked[0]?.syscall).toEqual({ number: 166, name: 'umount2', fd: null, file: null });
    expect(one(collect(), 24852)?.blocked[0]?.syscall).toMatchObject({ name: 'fsync', fd: 1, file: '/buffer' });
  });

  test('kernel threads are reported as such, and are in no container', () => {
    for (const pid of [23637, 28930])
      expect(one(collect(), pid)).toMatchObject({ kernelThread: true, containerId: null, volumes: [], nsPid: null });
  });

  test('a blocked process of a pod has its container', () => {
    expect(one(collect(), 24852)).toMatchObject({
      comm: 'dd',
      killPending: false,
      containerId: 'e31363f05ae7249dde930e49ac0c0b8c6282ec6f71fab3e1e07b63fae6f0fd2a',
    });
  });
});

describe('on Linux 4.19 with cgroup version 1', () => {
  const collect = (): ProcessesValue => collectorOf(capturedWorld('kernel-4.19')).collect();

  test('a zombie init is in the container whose bundle its shim works in', () => {
    expect(one(collect(), 820)?.containerId).toBe('a1'.repeat(32));
  });

  test('the cgroup of a blocked process is not read; its parent’s is used', () => {
    const world = capturedWorld('kernel-4.19');
    const read: string[] = [];
    world.announceAll = true;
    world.onRiskyRead = (path) => read.push(path);
    expect(one(collectorOf(world).collect(), 880)?.containerId).toBe('b2'.repeat(32));
    expect(read).toContain(world.proc('860/cgroup'));
    expect(read).not.toContain(world.proc('880/cgroup'));
  });

  test('a zombie of the node itself is in no container', () => {
    expect(one(collect(), 900)).toMatchObject({ parentComm: 'systemd', containerId: null });
  });

  test('the end mark of an old stack is no function, and the time off the CPU is reported', () => {
    const task = one(collect(), 880)?.blocked[0];
    expect(task?.stack).toEqual(['wait_on_page_bit', 'ext4_sync_file', 'do_fsync', 'entry_SYSCALL_64_after_hwframe']);
    expect(task?.offCpuSeconds).toBeCloseTo(61, 2);
  });

  test('a kill that is pending is reported', () => {
    expect(one(collect(), 880)?.killPending).toBe(true);
  });
});

test('of a blocked process only files are read that answer without its locks', () => {
  for (const name of ['stop-leak', 'containerd-hang', 'kernel-4.19']) {
    const world = capturedWorld(name);
    const read: string[] = [];
    world.announceAll = true;
    world.onRiskyRead = (path) => read.push(path);
    const collector = collectorOf(world);
    collector.collect();
    collector.collect();
    for (const path of read) expect(path).not.toMatch(/\/(?:cmdline|environ|maps|smaps|exe|root|map_files)$/);
  }
});

describe('a kill is pending', () => {
  const blocked = (files: Record<string, string>, threadFiles: Record<string, string> = {}): boolean | undefined => {
    const tree = new Tree().process(42, { state: 'S', threads: 2 }, files).thread(42, 43, { state: 'D' }, threadFiles);
    return one(collectorOf(tree.world(), '6.8').collect(), 42)?.killPending;
  };

  test('on the process', () => {
    expect(blocked({ status: statusText({ shdPnd: '100' }) })).toBe(true);
  });

  test('on the thread that is blocked', () => {
    const tree = new Tree()
      .process(42, { threads: 2 }, { status: statusText() })
      .write('proc/42/task/43/stat', killed(statLine({ pid: 43, state: 'D' })));
    expect(one(collectorOf(tree.world(), '6.8').collect(), 42)?.killPending).toBe(true);
  });

  test('not when its status cannot be read', () => {
    expect(blocked({})).toBe(false);
  });

  test('not on a zombie that has ended', () => {
    const tree = new Tree().process(42, { state: 'Z' }, { status: statusText({ shdPnd: '100' }) });
    expect(one(collectorOf(tree.world(), '6.8').collect(), 42)?.killPending).toBe(false);
  });

  test('on a zombie leader whose thread is still held up', () => {
    const tree = new Tree()
      .process(42, { state: 'Z', threads: 2 }, { status: statusText({ shdPnd: '100' }) })
      .thread(42, 43, { state: 'D' });
    expect(one(collectorOf(tree.world(), '6.8').collect(), 42)).toMatchObject({ state: 'Z', killPending: true });
  });
});

describe('a process that was killed and has not ended', () => {
  const looksOf = (tree: Tree, looks: number): boolean[] => {
    const collector = collectorOf(tree.world(), '6.8');
    return Array.from({ length: looks }, () => one(collector.collect(), 42) !== undefined);
  };

  test('is reported when its own line says that the kill is pending, without another read', () => {
    const tree = new Tree().write('proc/42/stat', killed(statLine({ pid: 42 })));
    expect(one(collectorOf(tree.world(), '6.8').collect(), 42)).toMatchObject({ state: 'S', killPending: true });
  });

  test('is reported when it is on its way out and its process was killed', () => {
    const tree = new Tree().process(42, { flags: 0x40_0004 }, { status: statusText({ shdPnd: '100' }) });
    expect(one(collectorOf(tree.world(), '6.8').collect(), 42)).toMatchObject({ exiting: true, killPending: true });
  });

  test('is reported without a kill when it has been on its way out for three polls', () => {
    const tree = new Tree().process(42, { flags: 0x40_0004 }, { status: statusText() });
    expect(looksOf(tree, 4)).toEqual([false, false, true, true]);
  });

  test('is not one that is well, and nothing more is read of that', () => {
    const world = new Tree().process(42, {}, { status: statusText({ shdPnd: '100' }) }).world();
    const read: string[] = [];
    world.announceAll = true;
    world.onRiskyRead = (path) => read.push(path);
    expect(collectorOf(world, '6.8').collect().processes).toEqual([]);
    expect(read.filter((path) => path.includes('/42/'))).toEqual([world.proc('42/stat')]);
  });
});

describe('the parent of a zombie', () => {
  const isInit = (status: string | null): boolean | null | undefined => {
    const tree = new Tree()
      .process(40, {}, status === null ? {} : { status })
      .process(42, { state: 'Z', ppid: 40 }, { status: 'NSpid:\t42\t7\n' });
    return one(collectorOf(tree.world(), '6.8').collect(), 42)?.parentIsInit;
  };

  test('is the first of its container when its innermost pid is 1', () => {
    expect(isInit('NSpid:\t40\t1\n')).toBe(true);
    expect(isInit('NSpid:\t40\t9\n')).toBe(false);
    expect(isInit('NSpid:\t1\n')).toBe(false);
  });

  test('is not known where the kernel has no such line, or it cannot be read', () => {
    expect(isInit('Threads:\t1\n')).toBeNull();
    expect(isInit(null)).toBeNull();
  });

  test('is asked again when it is another', () => {
    const tree = new Tree()
      .process(40, {}, { status: 'NSpid:\t40\t9\n' })
      .process(41, {}, { status: 'NSpid:\t41\t1\n' })
      .process(42, { state: 'Z', ppid: 40 });
    const collector = collectorOf(tree.world(), '6.8');
    expect(one(collector.collect(), 42)?.parentIsInit).toBe(false);
    tree.process(42, { state: 'Z', ppid: 41 });
    expect(one(collector.collect(), 42)?.parentIsInit).toBe(true);
  });
});

describe('the volumes of a blocked process', () => {
  const mountinfo = '91 74 7:0 / /data rw - ext4 /dev/loop0 rw\n';

  test('are read once, and announced before', () => {
    const world = new Tree().process(42, { state: 'D' }, { mountinfo }).world();
    const risky: string[] = [];
    world.onRiskyRead = (path) => risky.push(path);
    const collector = collectorOf(world, '6.8');
    collector.collect();
    expect(one(collector.collect(), 42)?.volumes).toHaveLength(1);
    expect(risky).toEqual([world.proc('42/mountinfo')]);
  });

  test('are read of a few in each poll, when many block at once', () => {
    const tree = new Tree();
    for (let pid = 100; pid < 120; pid++) tree.process(pid, { state: 'D' }, { mountinfo });
    const collector = collectorOf(tree.world(), '6.8');
    const known = (): number => collector.collect().processes.filter(({ volumes }) => volumes.length > 0).length;
    expect([known(), known(), known(), known()]).toEqual([8, 16, 20, 20]);
  });
});

test('more than thirty-two blocked threads of a process are counted, not reported', () => {
  const tree = new Tree().process(42, { threads: 60 });
  for (let tid = 100; tid < 150; tid++) tree.thread(42, tid, { state: 'D' });
  const process = one(collectorOf(tree.world(), '6.8').collect(), 42);
  expect(process?.blocked).toHaveLength(32);
  expect(process?.moreBlocked).toBe(18);
});

test('before Linux 5.8 the files that an execve can hold are announced before they are read', () => {
  const risky = (kernel: string): string[] => {
    const world = new Tree().process(42, { state: 'D' }).world();
    const paths: string[] = [];
    world.onRiskyRead = (path) => paths.push(path.replace(world.proc('42/'), ''));
    collectorOf(world, kernel).collect();
    return paths;
  };
  expect(risky('5.4.0')).toEqual(['stack', 'syscall', 'mountinfo']);
  expect(risky('5.8.0')).toEqual(['mountinfo']);
});

describe('what a task waits in', () => {
  const task = (files: Record<string, string>) => {
    const world = new Tree().process(42, { state: 'D' }, files).world();
    return one(collectorOf(world, '6.8').collect(), 42)?.blocked[0];
  };

  test.each([
    ['no permission to see it', {}],
    ['the nought that the kernel prints without permission', { wchan: '0', stack: '' }],
    ['a nought with a newline, as tools capture it', { wchan: '0\n', stack: '' }],
    ['nothing', { wchan: '', stack: '' }],
  ])('is null with %s', (_, files) => {
    expect(task(files)).toMatchObject({ wchan: null, stack: null, offCpuSeconds: null });
  });

  test('is never a time below nothing', () => {
    expect(task({ sched: 'se.exec_start : 1000005.0\n' })?.offCpuSeconds).toBe(0);
  });
});

describe('the container', () => {
  const id = 'fb'.repeat(32);

  test('is known of a process that was read before it moved into its container', () => {
    const tree = new Tree().process(
      42,
      { comm: 'runc:[2:INIT]' },
      { cgroup: '4:memory:/system.slice/docker.service\n' },
    );
    const collector = collectorOf(tree.world(), '5.10');
    collector.collect();
    tree.process(42, { comm: 'app' }, { cgroup: `4:memory:/docker/${id}\n` });
    collector.collect();
    collector.collect();
    tree.process(42, { comm: 'app', state: 'D' });
    expect(one(collector.collect(), 42)?.containerId).toBe(id);
  });

  test('is asked once, and remembered', () => {
    const world = new Tree().process(42, { state: 'D' }, { cgroup: `0::/docker/${id}\n` }).world();
    const read: string[] = [];
    world.announceAll = true;
    world.onRiskyRead = (path) => read.push(path);
    const collector = collectorOf(world, '6.8');
    collector.collect();
    collector.collect();
    expect(read.filter((path) => path.endsWith('cgroup'))).toHaveLength(1);
  });

  test('is read ahead of need on old kernels, two hundred a tick', () => {
    const tree = new Tree();
    for (let pid = 1000; pid < 1300; pid++) tree.process(pid, {}, { cgroup: '1:name=systemd:/\n' });
    const world = tree.world();
    const risky: string[] = [];
    world.onRiskyRead = (path) => risky.push(path);
    const collector = collectorOf(world, '4.19');
    const counts = [0, 0, 0].map(() => {
      risky.length = 0;
      collector.collect();
      return risky.length;
    });
    expect(counts).toEqual([200, 100, 0]);
  });

  test('is not the sandbox that a shim of the CRI works in', () => {
    const sandbox = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}`;
    const tree = new Tree()
      .process(50, { comm: 'containerd-shim' }, { cwd: sandbox, cgroup: '0::/system.slice/containerd.service\n' })
      .process(51, { comm: 'app', ppid: 50, state: 'Z' }, { cgroup: '4:memory:/\n' });
    expect(one(collectorOf(tree.world(), '6.8').collect(), 51)?.containerId).toBeNull();
  });

  test('of a zombie on cgroup version 2 stands in its own path', () => {
    const tree = new Tree().process(42, { state: 'Z' }, { cgroup: `0::/system.slice/docker-${id}.scope (deleted)\n` });
    expect(one(collectorOf(tree.world(), '6.8').collect(), 42)?.containerId).toBe(id);
  });
});

test('more than five hundred are counted, not reported', () => {
  const tree = new Tree();
  for (let pid = 1000; pid < 1503; pid++) tree.process(pid, { state: 'Z' });
  const value = collectorOf(tree.world(), '6.8').collect();
  expect(value).toMatchObject({ total: 503, more: 3 });
  expect(value.processes).toHaveLength(500);
});

test('a node without an uptime is unknown', () => {
  const tree = new Tree().process(1).remove('proc/uptime');
  expect(() => collectorOf(tree.world(), '6.8').collect()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('on a kernel without `sched` a task in D has the number of its switches, and one with it has none', () => {
  const counts = 'voluntary_ctxt_switches:\t80\nnonvoluntary_ctxt_switches:\t1\n';
  const ran = 'se.exec_start : 900000.000000\n';
  const tree = new Tree()
    .process(20, { state: 'D' }, { status: counts })
    .process(30, { state: 'D' }, { status: counts, sched: ran });
  const value = collectorOf(tree.world(), '6.8').collect();
  expect(one(value, 20)?.blocked).toMatchObject([{ offCpuSeconds: null, switches: 81 }]);
  expect(one(value, 30)?.blocked[0]).not.toHaveProperty('switches');
});

test('the list is whole where kthreadd is among the processes, and not where pid 2 is a program', () => {
  const look = (flags: number): ProcessesValue => {
    const tree = new Tree().process(2, { comm: 'kthreadd', flags });
    return collectorOf(tree.world(), '6.1.0').collect();
  };
  expect(look(0x20_8040).partial).toBeUndefined();
  expect(look(0x40_0100).partial).toBe(true);
});
