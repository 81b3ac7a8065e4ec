import { describe, expect, test } from 'vitest';
import { DisksCollector } from '../../../src/collect/disks/disks.ts';
import { World } from '../../../src/collect/world.ts';
import { capturedWorld, Tree } from '../../support/world.ts';

const collectDisks = (world: World) => new DisksCollector(world).collect();

const line = (name: string, reads = 5): string => `   8       0 ${name} ${reads} 0 8 1 0 0 0 0 0 1 1\n`;

const namesOf = (...names: string[]): string[] => {
  const tree = new Tree().write('proc/diskstats', names.map((name) => line(name)).join(''));
  return collectDisks(tree.world()).disks.map(({ name }) => name);
};

test('a recent node has pressure, whole disks and dirty memory', () => {
  const value = collectDisks(capturedWorld('stop-leak'));
  expect(value.pressure).toMatchObject({
    status: 'ok',
    value: { some: { avg10: 0.12, totalMicros: 6828239 }, full: { avg10: 0.05 } },
  });
  expect(value.disks.map(({ name }) => name)).toEqual(['loop0', 'loop1', 'vda']);
  expect(value.disks[2]).toMatchObject({ device: '254:0', reads: 121853, weightedMs: 122789, inFlight: 0 });
  expect(value).toMatchObject({ dirtyBytes: 4596 * 1024, writebackBytes: 0, procsBlocked: 0 });
});

test('a node before Linux 4.20 has no pressure, which is calm', () => {
  const value = collectDisks(capturedWorld('kernel-4.19'));
  expect(value.pressure).toEqual({ status: 'absent', detail: expect.stringContaining('Linux 4.20') });
  expect(value.disks.map(({ name }) => name)).toEqual(['loop1', 'sda', 'nvme0n1', 'dm-0']);
  expect(value).toMatchObject({ procsBlocked: 2, cpu: { ioWait: 12, total: 9215 } });
});

test('how many tasks wait for I/O is known from the newest poll on, where the kernel says it', () => {
  const tree = new Tree().write('proc/diskstats', '').write('proc/stat', 'procs_blocked 3\n');
  const disks = new DisksCollector(tree.world());
  expect(disks.ioWaiters).toBeNull();
  disks.collect();
  expect(disks.ioWaiters).toBe(3);
  tree.remove('proc/stat');
  disks.collect();
  expect(disks.ioWaiters).toBeNull();
});

describe('pressure', () => {
  const pressure = (read: () => string) => {
    const world = new (class extends World {
      override readRecord(path: string): string {
        return path.endsWith('pressure/io') ? read() : super.readRecord(path);
      }
    })(new Tree().write('proc/diskstats', '').roots);
    return collectDisks(world).pressure;
  };

  test('that is switched off is absent, and says how to have it', () => {
    const refuse = (): never => {
      throw Object.assign(new Error('EOPNOTSUPP: operation not supported'), { code: 'EOPNOTSUPP' });
    };
    expect(pressure(refuse)).toEqual({ status: 'absent', detail: expect.stringContaining('psi=1') });
  });

  test('that cannot be read has failed, with the reason', () => {
    const refuse = (): never => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    };
    expect(pressure(refuse)).toEqual({ status: 'failed', detail: '/proc/pressure/io: EIO: i/o error' });
  });

  test('of another form has failed', () => {
    expect(pressure(() => 'nothing\n')).toEqual({ status: 'failed', detail: expect.stringContaining('"some"') });
  });
});

describe('of the disks', () => {
  test.each([
    ['ram disks', ['ram0', 'zram0', 'sda'], ['sda']],
    ['floppies and optical drives', ['fd0', 'sr0', 'sda'], ['sda']],
    ['partitions of SCSI disks', ['sda', 'sda1', 'sda15', 'sdaa', 'sdaa1'], ['sda', 'sdaa']],
    ['partitions of virtual disks', ['vda', 'vda1', 'xvdb', 'xvdb2'], ['vda', 'xvdb']],
    ['partitions of NVMe and SD cards', ['nvme0n1', 'nvme0n1p1', 'mmcblk0', 'mmcblk0p2'], ['nvme0n1', 'mmcblk0']],
    ['partitions of RAIDs', ['md127', 'md127p1'], ['md127']],
    ['partitions of loop devices', ['loop3', 'loop3p1'], ['loop3']],
  ])('%s are left out', (_, names, watched) => {
    expect(namesOf(...names)).toEqual(watched);
  });

  test('those are kept whose numbers are no partitions', () => {
    const names = ['dm-0', 'dm-1', 'md0', 'md1', 'nbd0', 'drbd1', 'rbd0', 'bcache0', 'cciss/c0d0'];
    expect(namesOf(...names)).toEqual(names);
  });

  test('a partition is kept whose disk the node does not have', () => {
    expect(namesOf('xvda1')).toEqual(['xvda1']);
  });

  test('a loop device that never moved a byte is skipped', () => {
    const tree = new Tree().write('proc/diskstats', line('loop0', 0) + line('loop1', 1));
    expect(collectDisks(tree.world()).disks.map(({ name }) => name)).toEqual(['loop1']);
  });
});

test('what a node does not report is null', () => {
  expect(collectDisks(new Tree().write('proc/diskstats', '').world())).toMatchObject({
    disks: [],
    dirtyBytes: null,
    writebackBytes: null,
    procsBlocked: null,
    writeBack: null,
    cpu: null,
  });
});

test('a node under I/O pressure shows how much was made dirty and written', () => {
  expect(collectDisks(capturedWorld('io-pressure/t1')).writeBack).toEqual({
    dirtiedBytes: 15543810 * 4096,
    writtenBytes: 13480762 * 4096,
    limitBytes: 1207970 * 4096,
    backgroundBytes: 603247 * 4096,
  });
});

test('of hundreds of devices those in use are reported, and the others are counted', () => {
  const tree = new Tree().write(
    'proc/diskstats',
    Array.from({ length: 300 }, (_, n) => `   253       ${n} dm-${n} ${n} 0 8 1 0 0 0 0 ${n === 0 ? 1 : 0} 1 1\n`).join(
      '',
    ),
  );
  const { disks, more } = collectDisks(tree.world());
  expect(disks).toHaveLength(256);
  expect(more).toBe(44);
  expect(disks.slice(0, 3).map(({ name }) => name)).toEqual(['dm-0', 'dm-299', 'dm-298']);
});

test('what the devices are is read at first, and then every half minute', () => {
  let now = 1000;
  const collector = new DisksCollector(capturedWorld('kernel-4.19'), () => now);
  const values = [0, 1000, 28_999, 1, 1].map((ms) => {
    now += ms;
    return collector.collect().topology !== null;
  });
  expect(values).toEqual([true, false, false, true, false]);
});

test('a node without disk counters is unknown', () => {
  expect(() => collectDisks(new Tree().world())).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
