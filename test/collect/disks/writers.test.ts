import { describe, expect, test } from 'vitest';
import { WritersCollector } from '../../../src/collect/disks/writers.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import { capturedWorld, Tree } from '../../support/world.ts';

const id = 'ab'.repeat(32);
const io = (read: number, written: number): string =>
  `rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: ${read}\nwrite_bytes: ${written}\ncancelled_write_bytes: 0\n`;

/** A node that is looked at every five seconds, by a clock of the test. */
function watch(world: World, kernel = '6.8.0') {
  const clock = { ms: 1000 };
  const table = new ProcessTable(world, () => 0);
  const collector = new WritersCollector(world, table, kernel, () => clock.ms);
  return {
    clock,
    look: (afterMs = 5000) => {
      clock.ms += afterMs;
      table.scan();
      return collector.collect();
    },
  };
}

describe('the writers', () => {
  test('are reported from the second poll on, by the bytes between the two', () => {
    const tree = new Tree().process(7, { comm: 'dd' }, { io: io(100, 5000) });
    const { look } = watch(tree.world());
    expect(look()).toEqual({ processes: [], unreadable: 0 });
    tree.process(7, { comm: 'dd', cpuTicks: 3 }, { io: io(300, 905_000), cgroup: `0::/docker/${id}\n` });
    expect(look().processes).toEqual([
      {
        pid: 7,
        starttime: 5000,
        comm: 'dd',
        containerId: id,
        readBytes: 300,
        writeBytes: 905_000,
        readDelta: 200,
        writeDelta: 900_000,
        overMs: 5000,
      },
    ]);
  });

  test('are those that moved something, the fastest first, at most twenty', () => {
    const tree = new Tree();
    for (let pid = 1; pid <= 30; pid++) tree.process(pid, {}, { io: io(0, 0) });
    const { look } = watch(tree.world());
    look();
    for (let pid = 2; pid <= 30; pid++) tree.process(pid, { cpuTicks: 1 }, { io: io(0, pid * 1000) });
    const values = look().processes.map(({ pid }) => pid);
    expect(values).toEqual(Array.from({ length: 20 }, (_, n) => 30 - n));
  });

  test('that began since the poll before are reported at once: they began with zeros', () => {
    const tree = new Tree().write('proc/uptime', '1000.00 1\n');
    const { look } = watch(tree.world());
    look();
    tree.write('proc/uptime', '1005.00 1\n').process(9, { starttime: 100_200 }, { io: io(0, 7000) });
    tree.process(10, { starttime: 400 }, { io: io(0, 9000) });
    expect(look().processes).toMatchObject([{ pid: 9, writeDelta: 7000, overMs: 5000 }]);
  });

  test('are other processes when a pid is used again', () => {
    const tree = new Tree().process(7, { starttime: 10 }, { io: io(0, 1_000_000) });
    const { look } = watch(tree.world());
    look();
    tree.process(7, { starttime: 20 }, { io: io(0, 5) });
    expect(look().processes).toEqual([]);
  });

  test('that ended are in the counters of the parent that waited for them, and are not reported twice', () => {
    const tree = new Tree().process(7, { comm: 'sh' }, { io: io(0, 0) }).process(8, { ppid: 7 }, { io: io(0, 0) });
    const { look } = watch(tree.world());
    look();
    tree.process(8, { ppid: 7, cpuTicks: 1 }, { io: io(0, 1_000_000) });
    expect(look().processes).toMatchObject([{ pid: 8, writeDelta: 1_000_000 }]);
    tree.remove('proc/8').process(7, { comm: 'sh', cpuTicks: 1 }, { io: io(0, 1_000_300) });
    expect(look().processes).toMatchObject([{ pid: 7, writeDelta: 300 }]);
  });

  test('are not kernel threads and not the dead', () => {
    const tree = new Tree()
      .process(2, { flags: 0x20_0000 }, { io: io(0, 0) })
      .process(3, { state: 'Z' }, { io: io(0, 0) });
    const { look } = watch(tree.world());
    look();
    tree.process(2, { flags: 0x20_0000, cpuTicks: 1 }, { io: io(0, 9) });
    tree.process(3, { state: 'Z', cpuTicks: 1 }, { io: io(0, 9) });
    expect(look().processes).toEqual([]);
  });

  test('of a captured node are dockerd alone: no other counters grew', () => {
    const roots = (state: string) => capturedWorld(`io-pressure/${state}`).roots;
    const world = new World({ ...roots('t0') });
    const { look } = watch(world);
    look();
    Object.assign(world.roots, roots('t1'));
    expect(look(35_000).processes).toMatchObject([{ pid: 28604, comm: 'dockerd', writeDelta: 4096, overMs: 35_000 }]);
  });
});

test('before Linux 5.11 a blocked process is not asked: an execve may hold the lock', () => {
  const read: string[] = [];
  const ask = (kernel: string): boolean => {
    const tree = new Tree().process(7, { state: 'D' }, { io: io(0, 0) }).process(8, {}, { io: io(0, 0) });
    const world = new (class extends World {
      override readRecord(path: string): string {
        read.push(path.slice(tree.rootfs.length));
        return super.readRecord(path);
      }
    })(tree.roots);
    read.length = 0;
    watch(world, kernel).look();
    expect(read).toContain('/proc/8/io');
    return read.includes('/proc/7/io');
  };
  expect([ask('5.10.0'), ask('5.11.0')]).toEqual([false, true]);
});

test('a process whose counters may not be read is counted, and asked again later', () => {
  let refused = true;
  const tree = new Tree().process(7, {}, { io: io(0, 0) });
  const world = new (class extends World {
    override readRecord(path: string): string {
      if (refused && path.endsWith('/7/io')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      return super.readRecord(path);
    }
  })(tree.roots);
  const { look } = watch(world);
  expect(look().unreadable).toBe(1);
  refused = false;
  expect(look().unreadable).toBe(0);
});

test('a poll keeps to its budget: those that ran go first, the others have their turns', () => {
  const tree = new Tree();
  for (let pid = 1; pid <= 40; pid++) tree.process(pid, {}, { io: io(0, 0) });
  const reads: number[][] = [];
  const clock = { ms: 0 };
  const world = new (class extends World {
    override readRecord(path: string): string {
      const pid = /(\d+)\/io$/.exec(path)?.[1];
      if (pid !== undefined) {
        clock.ms += 2;
        reads.at(-1)?.push(Number(pid));
      }
      return super.readRecord(path);
    }
  })(tree.roots);
  const table = new ProcessTable(world, () => 0);
  const collector = new WritersCollector(world, table, '6.8.0', () => clock.ms);
  const look = (): number[] => {
    reads.push([]);
    table.scan();
    collector.collect();
    return reads.at(-1) ?? [];
  };
  expect(look().length).toBeLessThan(40);
  tree.process(3, { cpuTicks: 5 }, {});
  look();
  tree.process(3, { cpuTicks: 9 }, {});
  expect(look()[0]).toBe(3);
  for (let n = 0; n < 12; n++) look();
  expect(new Set(reads.flat()).size).toBe(40);
  expect(Math.max(...reads.slice(1).map((pids) => pids.length))).toBeLessThanOrEqual(6);
});

test('nothing is reported for a node whose processes are not read', () => {
  const world = new Tree().world();
  expect(() => new WritersCollector(world, new ProcessTable(world, () => 0), '6.8.0').collect()).toThrow(
    '"processes", which is disabled',
  );
});
