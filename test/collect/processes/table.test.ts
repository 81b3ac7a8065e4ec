import { describe, expect, test } from 'vitest';
import { isKernelThread, ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import { Tree } from '../../support/world.ts';

/** Reads cost what the test says, on a clock that only reads move. */
class MeteredWorld extends World {
  costMs = 0;
  nowMs = 0;
  reads: string[] = [];
  /** Called before a file is read: a process may end, or be hidden. */
  onRead: (path: string) => void = () => {};

  /** It stands for the running kernel. */
  isLive = false;
  lists = 0;

  override get live(): boolean {
    return this.isLive;
  }

  override list(path: string): string[] {
    if (path === this.roots.procfs) this.lists++;
    return super.list(path);
  }

  override readRecord(path: string): string {
    this.nowMs += this.costMs;
    this.reads.push(path.slice(this.roots.procfs.length + 1));
    this.onRead(path);
    return super.readRecord(path);
  }
}

function open(tree: Tree, ioWaiters: number | null = null) {
  const world = new MeteredWorld(tree.roots);
  const table = new ProcessTable(
    world,
    () => world.nowMs,
    () => ioWaiters,
  );
  const scan = (): string[] => {
    world.reads = [];
    table.scan();
    return world.reads;
  };
  return { world, table, scan };
}

const blockedIn = (table: ProcessTable, pid: number): number[] | undefined =>
  table.entries.get(pid)?.blockedThreads.map((thread) => thread.pid);

describe('the processes', () => {
  test('are those folders that are numbers', () => {
    const tree = new Tree().process(1).process(42).write('proc/sys/kernel/hostname', 'x').write('proc/self/stat', 'x');
    const { table } = open(tree);
    table.scan();
    expect([...table.entries.keys()]).toEqual([1, 42]);
  });

  test('were never read before the first scan', () => {
    const { table } = open(new Tree().process(1));
    expect(table.scanned).toBe(false);
    table.scan();
    expect(table.scanned).toBe(true);
  });

  test('that ended are forgotten, new ones are found, and the others keep what is known of them', () => {
    const tree = new Tree().process(1).process(42);
    const { table } = open(tree);
    table.scan();
    const first = table.entries.get(1);
    tree.remove('proc/42').process(43);
    table.scan();
    expect([...table.entries.keys()]).toEqual([1, 43]);
    expect(table.entries.get(1)).toBe(first);
  });

  test('that end between the list and the read are no error', () => {
    const tree = new Tree().process(1).process(42).process(43);
    const { table, world } = open(tree);
    world.onRead = (path) => {
      if (path.endsWith('/42/stat')) tree.remove('proc/42');
      if (path.endsWith('/43/stat')) tree.write('proc/43/stat', '');
    };
    table.scan();
    expect([...table.entries.keys()]).toEqual([1]);
    expect(table.unreadable).toBe(0);
  });

  test('that may not be seen are counted, anew in every scan', () => {
    const { table, world } = open(new Tree().process(1).process(42).process(43));
    world.onRead = (path) => {
      if (!path.endsWith('/43/stat')) throw Object.assign(new Error('hidden'), { code: 'EACCES' });
    };
    table.scan();
    table.scan();
    expect(table.unreadable).toBe(2);
    expect([...table.entries.keys()]).toEqual([43]);
    world.onRead = () => {};
    table.scan();
    expect(table.unreadable).toBe(0);
  });

  test('is unknown when the list cannot be read', () => {
    const tree = new Tree();
    tree.remove('proc');
    expect(() => open(tree).table.scan()).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  test('whose pid is used again are others', () => {
    const tree = new Tree().process(42, { threads: 2, starttime: 5000 }).thread(42, 43, { state: 'D' });
    const { table } = open(tree);
    table.scan();
    const first = table.entries.get(42);
    if (first !== undefined) first.containerId = 'a';
    expect(blockedIn(table, 42)).toEqual([43]);
    tree.remove('proc/42').process(42, { comm: 'other', starttime: 6000 });
    table.scan();
    expect(table.entries.get(42)).toMatchObject({ containerId: undefined, blockedThreads: [], quiet: false });
    expect(table.entries.get(42)?.stat.comm).toBe('other');
  });

  test('of a name come oldest first, without zombies', () => {
    const tree = new Tree()
      .process(50, { comm: 'dockerd', starttime: 900 })
      .process(60, { comm: 'dockerd', starttime: 100 })
      .process(70, { comm: 'dockerd', starttime: 50, state: 'Z' })
      .process(80, { comm: 'dockerd-rootless' });
    const { table } = open(tree);
    table.scan();
    expect(table.named('dockerd').map(({ stat }) => stat.pid)).toEqual([60, 50]);
  });

  test('of a name come without the child that one of them has just forked, which has its name until it calls execve', () => {
    const tree = new Tree()
      .process(50, { comm: 'containerd', starttime: 900 })
      .process(60, { comm: 'containerd', starttime: 100 })
      .process(61, { comm: 'containerd', ppid: 60, starttime: 1000 });
    const { table } = open(tree);
    table.scan();
    expect(table.named('containerd').map(({ stat }) => stat.pid)).toEqual([60, 50]);
  });

  test('of a name are others when one is renamed, adopted or dies', () => {
    const tree = new Tree()
      .process(50, { comm: 'dockerd' })
      .process(60, { comm: 'sh' })
      .process(70, { comm: 'dockerd' });
    const { table } = open(tree);
    const pids = (): number[] => table.named('dockerd').map(({ stat }) => stat.pid);
    table.scan();
    expect(pids()).toEqual([50, 70]);
    tree.process(60, { comm: 'dockerd' });
    table.scan();
    expect(pids()).toEqual([50, 60, 70]);
    tree.process(60, { comm: 'dockerd', ppid: 50 });
    table.scan();
    expect(pids()).toEqual([50, 70]);
    tree.process(70, { comm: 'dockerd', state: 'Z' }).remove('proc/60');
    table.scan();
    expect(pids()).toEqual([50]);
    tree.remove('proc/50').process(50, { comm: 'sh', starttime: 9 });
    table.scan();
    expect(pids()).toEqual([]);
  });

  test('are found under the names of balenaOS, whose containerd is called as its shims are', () => {
    const { table } = open(
      new Tree()
        .process(50, { comm: 'balenad' })
        .process(60, { comm: 'balena-engine-c', ppid: 50 })
        .process(70, { comm: 'balena-engine-c', ppid: 1 }),
    );
    table.scan();
    expect(table.named('dockerd').map(({ stat }) => stat.pid)).toEqual([50]);
    expect(table.named('containerd').map(({ stat }) => stat.pid)).toEqual([60]);
  });

  test('of the kernel have its flag', () => {
    const { table } = open(new Tree().process(2, { flags: 0x20_8040 }).process(3));
    table.scan();
    expect([...table.entries.values()].map(({ stat }) => isKernelThread(stat))).toEqual([true, false]);
  });
});

describe('a thread in D', () => {
  test('is found behind a leader that sleeps', () => {
    const tree = new Tree()
      .process(42, { threads: 3 })
      .thread(42, 42)
      .thread(42, 43, { state: 'S' })
      .thread(42, 44, { state: 'D', comm: 'worker' });
    const { table } = open(tree);
    table.scan();
    expect(blockedIn(table, 42)).toEqual([44]);
    expect(table.entries.get(42)?.blockedThreads[0]?.comm).toBe('worker');
  });

  test('is found behind a zombie leader in the first scan, even when there is no time for the others', () => {
    const tree = new Tree();
    for (let pid = 100; pid < 120; pid++) tree.process(pid, { threads: 2 }).thread(pid, pid + 1000);
    tree.process(200, { state: 'Z', threads: 2 }).thread(200, 201, { state: 'D' });
    const { table, world } = open(tree);
    world.costMs = 100;
    table.scan();
    expect(blockedIn(table, 200)).toEqual([201]);
  });

  test('is found behind a leader that is on its way out', () => {
    const tree = new Tree().process(42, { flags: 0x40_0004, threads: 2 }).thread(42, 43, { state: 'D' });
    const { table, world } = open(tree);
    world.costMs = 100;
    table.scan();
    expect(blockedIn(table, 42)).toEqual([43]);
  });

  test('is not reported twice when it is the leader itself', () => {
    const tree = new Tree().process(42, { state: 'D', threads: 2 }).thread(42, 42, { state: 'D' }).thread(42, 43);
    const { table } = open(tree);
    table.scan();
    expect(blockedIn(table, 42)).toEqual([]);
  });

  test('is forgotten when it runs again, or its process has no other thread left', () => {
    const tree = new Tree().process(42, { threads: 2 }).thread(42, 43, { state: 'D' });
    const { table } = open(tree);
    table.scan();
    tree.thread(42, 43, { state: 'S' });
    table.scan();
    expect(blockedIn(table, 42)).toEqual([]);
    tree.thread(42, 43, { state: 'D' });
    table.scan();
    expect(blockedIn(table, 42)).toEqual([43]);
    tree.process(42, { threads: 1 }).remove('proc/42/task/43');
    table.scan();
    expect(blockedIn(table, 42)).toEqual([]);
  });

  test('that ends while it is read is no error', () => {
    const tree = new Tree().process(42, { threads: 3 }).thread(42, 43, { state: 'D' }).thread(42, 44, { state: 'D' });
    const { table, world } = open(tree);
    world.onRead = (path) => {
      if (path.endsWith('/task/43/stat')) tree.remove('proc/42/task/43');
    };
    table.scan();
    expect(blockedIn(table, 42)).toEqual([44]);
  });

  test('is not looked for in processes of one thread, nor in the kernel’s', () => {
    const tree = new Tree().process(42).process(2, { flags: 0x20_8040, threads: 2 }).thread(2, 3, { state: 'D' });
    expect(open(tree).scan()).toEqual(['2/stat', '42/stat']);
  });

  test('is found in turn, a few processes a tick, when looking at all would take too long', () => {
    const tree = new Tree();
    for (let pid = 100; pid < 140; pid++) tree.process(pid, { threads: 2 }).thread(pid, pid + 1000);
    const { table, world, scan } = open(tree);
    world.costMs = 2;
    scan();
    tree.thread(133, 1133, { state: 'D' });
    let ticks = 0;
    while (blockedIn(table, 133)?.length === 0 && ticks < 40) {
      expect(scan().filter((path) => path.includes('/task/')).length).toBeLessThanOrEqual(4);
      ticks++;
    }
    expect(blockedIn(table, 133)).toEqual([1133]);
    expect(ticks).toBeLessThanOrEqual(20);
  });

  test('is found within three ticks, the threads of each process being read in one of them', () => {
    const tree = new Tree();
    for (let pid = 100; pid < 106; pid++) tree.process(pid, { threads: 2 }).thread(pid, pid + 1000);
    const { table, scan } = open(tree);
    scan();
    const reads = [scan(), scan(), scan()].flat().filter((path) => path.includes('/task/'));
    expect(reads).toHaveLength(6);
    expect(new Set(reads).size).toBe(6);
    tree.thread(103, 1103, { state: 'D' });
    for (let tick = 0; tick < 3; tick++) scan();
    expect(blockedIn(table, 103)).toEqual([1103]);
  });

  test('is found although known blocked ones take all the time there is', () => {
    const tree = new Tree().process(50, { state: 'D', threads: 20 });
    for (let tid = 51; tid < 70; tid++) tree.thread(50, tid, { state: 'D' });
    tree.process(100, { threads: 2 }).thread(100, 101);
    const { table, world, scan } = open(tree);
    world.costMs = 1;
    scan();
    tree.thread(100, 101, { state: 'D' });
    for (let tick = 0; tick < 20; tick++) scan();
    expect(blockedIn(table, 100)).toEqual([101]);
  });
});

describe('the list of processes', () => {
  const says = (tree: Tree, tasks: string): Tree => tree.write('proc/loadavg', `0.10 0.20 0.30 1/${tasks}\n`);

  const join = (tree: Tree, pid: number): Tree => tree.process(pid, {}, { status: `Name:\tapp\nTgid:\t${pid}\n` });

  test('is not made for a process that came, nor for one that went while all others have their threads', () => {
    const tree = says(new Tree().process(1).process(42), '2 42');
    const { table, world, scan } = open(tree);
    world.isLive = true;
    scan();
    // 43 is gone by now, and 44 is a thread of 42.
    says(join(tree, 45), '4 45').process(42, { threads: 2 }).write('proc/44/status', 'Name:\tapp\nTgid:\t42\n');
    scan();
    expect([...table.entries.keys()]).toEqual([1, 42, 45]);
    says(tree.remove('proc/45'), '3 45');
    scan();
    expect([...table.entries.keys()]).toEqual([1, 42]);
    expect(world.lists).toBe(1);
  });

  test.each([
    ['there are more threads than those of the known processes', '5 42'],
    ['more tasks came than are worth trying', '3 9000'],
    ['the kernel gives out low numbers again', '3 30'],
  ])('is made when %s', (_, tasks) => {
    const tree = says(new Tree().process(1).process(42), '2 42');
    const { table, world, scan } = open(tree);
    world.isLive = true;
    scan();
    says(tree.process(30), tasks);
    scan();
    expect(world.lists).toBe(2);
    expect([...table.entries.keys()]).toEqual([1, 42, 30]);
    scan();
    expect(world.lists).toBe(2);
  });

  test('shows at once that a process is gone which was not to be read', () => {
    const tree = new Tree().process(1);
    for (let pid = 100; pid < 160; pid++) tree.process(pid);
    const { table, world, scan } = open(says(tree, '61 159'));
    world.isLive = true;
    for (let tick = 0; tick < 12; tick++) scan();
    // Each in another turn, and another process came meanwhile.
    for (const pid of [110, 111, 112]) tree.remove(`proc/${pid}`);
    says(join(tree, 160), '59 160');
    scan();
    expect([110, 111, 112, 160].map((pid) => table.entries.has(pid))).toEqual([false, false, false, true]);
  });

  test('is made again after ten ticks in any case, and in every tick without what the kernel says', () => {
    const tree = says(new Tree().process(1), '1 1');
    const { table, world, scan } = open(tree);
    world.isLive = true;
    scan();
    // Of another PID namespace, whose tasks are not counted here.
    tree.process(50);
    for (let tick = 0; tick < 10; tick++) scan();
    expect(table.entries.has(50)).toBe(true);
    expect(world.lists).toBe(2);
    tree.write('proc/loadavg', '');
    for (let tick = 0; tick < 5; tick++) scan();
    expect(world.lists).toBe(7);
  });

  test('says what is gone also when it is not made', () => {
    const tree = says(new Tree().process(1).process(42, { state: 'R' }), '2 42');
    const { table, world, scan } = open(tree);
    world.isLive = true;
    scan();
    tree.remove('proc/42');
    scan();
    expect(world.lists).toBe(1);
    expect([...table.entries.keys()]).toEqual([1]);
  });
});

describe('a process that sleeps', () => {
  const crowd = (): Tree => {
    const tree = new Tree().process(1, { state: 'R' });
    for (let pid = 100; pid < 160; pid++) tree.process(pid);
    return tree;
  };

  test('is read in every tick while reading is cheap', () => {
    const { world, scan } = open(crowd());
    world.costMs = 0.1;
    for (let tick = 0; tick < 5; tick++) expect(scan()).toHaveLength(61);
  });

  test('is read in every third tick when reading is expensive, and those that run in every one', () => {
    const { world, scan } = open(crowd());
    world.costMs = 10;
    for (let tick = 0; tick < 3; tick++) scan();
    const looks = [scan(), scan(), scan()];
    for (const reads of looks) expect(reads).toHaveLength(21);
    expect(new Set(looks.flat()).size).toBe(61);
    for (const reads of looks) expect(reads).toContain('1/stat');
  });

  test('is found blocked, or gone, or busy, within three ticks all the same', () => {
    const tree = crowd();
    const { table, world, scan } = open(tree);
    world.costMs = 10;
    for (let tick = 0; tick < 3; tick++) scan();
    tree.process(110, { state: 'D' }).process(111, { cpuTicks: 9 }).remove('proc/112').process(300);
    scan();
    expect(table.entries.has(300)).toBe(true);
    expect(table.entries.has(112)).toBe(false);
    for (let tick = 0; tick < 2; tick++) scan();
    expect(table.entries.get(110)).toMatchObject({ quiet: false, stat: { state: 'D' } });
    expect(table.entries.get(111)?.stat.cpuTicks).toBe(9);
  });

  test('is read in every third tick when it has slept for long, but a daemon in every one', () => {
    const tree = crowd().process(99, { comm: 'dockerd' });
    const { table, scan } = open(tree);
    for (let tick = 0; tick < 11; tick++) scan();
    const looks = [scan(), scan(), scan()];
    for (const reads of looks) {
      expect(reads).toHaveLength(22);
      expect(reads).toContain('99/stat');
    }
    expect(new Set(looks.flat()).size).toBe(62);
    tree.process(110, { state: 'D' }).process(111, { state: 'Z' });
    for (let tick = 0; tick < 3; tick++) scan();
    expect([110, 111].map((pid) => table.entries.get(pid)?.stat.state)).toEqual(['D', 'Z']);
  });

  test('is read in every sixth second when it has rested for long, and at once more often when a task is blocked', () => {
    const tree = crowd().process(98, { threads: 2 }).thread(98, 198);
    const { table, world, scan } = open(tree, 0);
    const second = (): string[] => {
      world.nowMs += 1000;
      return scan();
    };
    for (let tick = 0; tick < 100; tick++) second();
    const reads = Array.from({ length: 6 }, second).flat();
    expect(reads.filter((path) => path === '110/stat')).toHaveLength(1);
    expect(reads.filter((path) => path === '98/task/198/stat')).toHaveLength(1);
    expect(new Set(reads).size).toBe(63);
    tree.process(1, { state: 'D' }).process(110, { state: 'D' }).thread(98, 198, { state: 'D' });
    for (let tick = 0; tick < 4; tick++) second();
    expect(table.entries.get(110)?.stat.state).toBe('D');
    expect(blockedIn(table, 98)).toEqual([198]);
  });

  test('is read no more often because a thread of the kernel sleeps in D', () => {
    const tree = crowd().process(77, { comm: 'kdamond.0', flags: 0x20_8040, state: 'D' });
    const { world, scan } = open(tree, 0);
    const second = (): string[] => {
      world.nowMs += 1000;
      return scan();
    };
    for (let tick = 0; tick < 100; tick++) second();
    const reads = Array.from({ length: 6 }, second).flat();
    expect(reads.filter((path) => path === '110/stat')).toHaveLength(1);
    expect(reads.filter((path) => path === '77/stat')).toHaveLength(6);
  });

  test('is not quiet when it used the CPU meanwhile', () => {
    const tree = new Tree().process(42);
    const { table, scan } = open(tree);
    scan();
    tree.process(42, { cpuTicks: 1 });
    scan();
    expect(table.entries.get(42)?.quiet).toBe(false);
    scan();
    expect(table.entries.get(42)?.quiet).toBe(true);
  });

  test.each(['D', 'Z', 'R', 'T'])('is quiet only in S and I, not in %s', (state) => {
    const { table, scan } = open(new Tree().process(42, { state }));
    scan();
    scan();
    expect(table.entries.get(42)?.quiet).toBe(false);
  });
});

describe('a thread in D of a daemon', () => {
  // Reading the threads of the others would take all the time there is.
  const crowd = (tree: Tree): Tree => {
    for (let pid = 100; pid < 140; pid++)
      tree
        .process(pid, { threads: 2 })
        .thread(pid, pid)
        .thread(pid, pid + 1000);
    return tree;
  };
  const daemon = (comm: string, threads = 3): Tree =>
    crowd(new Tree().process(42, { comm, threads }).thread(42, 42, { comm }).thread(42, 43, { comm, state: 'D' }));

  const scansUntilFound = (tree: Tree): number => {
    const { world, table } = open(tree);
    world.costMs = 100;
    for (let scans = 1; scans <= 50; scans++) {
      table.scan();
      if (blockedIn(table, 42)?.length === 1) return scans;
    }
    return Number.POSITIVE_INFINITY;
  };

  test.each(['dockerd', 'dockerd-current', 'balenad', 'containerd', 'docker-containe', 'kubelet', 'crio'])(
    'is found in the first scan of %s, however busy the node is',
    (comm) => {
      expect(scansUntilFound(daemon(comm))).toBe(1);
    },
  );

  test('takes its turn in a daemon of more threads than can be read each time, and in any other program', () => {
    expect(scansUntilFound(daemon('dockerd', 301))).toBeGreaterThan(1);
    expect(scansUntilFound(daemon('nginx'))).toBeGreaterThan(1);
  });

  test('is forgotten when the call returns', () => {
    const tree = daemon('containerd');
    const { table } = open(tree);
    table.scan();
    expect(blockedIn(table, 42)).toEqual([43]);
    tree.thread(42, 43, { comm: 'containerd', state: 'S' });
    table.scan();
    expect(blockedIn(table, 42)).toEqual([]);
  });
});
