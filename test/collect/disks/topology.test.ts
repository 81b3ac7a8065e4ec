import { describe, expect, test } from 'vitest';
import { readDiskTopology } from '../../../src/collect/disks/topology.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { capturedWorld, Tree } from '../../support/world.ts';

describe('of the devices of a node', () => {
  const { devices } = readDiskTopology(capturedWorld('kernel-4.19'));
  const one = (name: string) => devices.find((device) => device.name === name);

  test('disks, partitions, volumes and loop devices with a file are reported', () => {
    expect(devices.map(({ name, kind }) => `${name} ${kind}`).toSorted()).toEqual([
      'dm-0 dm',
      'loop1 loop',
      'nvme0n1 disk',
      'nvme0n1p1 partition',
      'sda disk',
      'sda1 partition',
      'sda2 partition',
    ]);
  });

  test('a volume has the name that people gave it, and the partition it is built on', () => {
    expect(one('dm-0')).toMatchObject({ device: '253:0', label: 'vg0-root', slaves: ['sda2'], rotational: true });
  });

  test('a loop device has its file', () => {
    expect(one('loop1')).toMatchObject({ label: '/var/lib/snapd/snaps/core_4917.snap', readOnly: true });
  });

  test('a partition has its disk', () => {
    expect(one('nvme0n1p1')).toMatchObject({ device: '259:1', disk: 'nvme0n1', rotational: false });
  });
});

test('a RAID has its level and how many members it misses', () => {
  const tree = new Tree()
    .write('sys/block/md0/dev', '9:0\n')
    .write('sys/block/md0/md/level', 'raid1\n')
    .write('sys/block/md0/md/degraded', '1\n')
    .write('sys/block/md0/slaves/sda1', '')
    .write('sys/block/md0/slaves/cciss!c0d0p1', '');
  expect(readDiskTopology(tree.world()).devices).toEqual([
    expect.objectContaining({ kind: 'md', level: 'raid1', missing: 1, slaves: ['cciss/c0d0p1', 'sda1'] }),
  ]);
});

test('what a driver gives under a lock of its own is announced before it is read', () => {
  const tree = new Tree().write('sys/block/dm-0/dev', '253:0\n').write('sys/block/dm-0/dm/name', 'vg-a\n');
  const world = tree.write('proc/1/mountinfo', '').world();
  const announced: string[] = [];
  world.onRiskyRead = (path) => announced.push(path.slice(tree.rootfs.length));
  readDiskTopology(world);
  expect(announced).toEqual(['/sys/block/dm-0/dm/name', '/proc/1/mountinfo']);
});

test('of a node with a device for each container a part is reported, and the others are counted', () => {
  const tree = new Tree();
  for (let n = 0; n < 260; n++) tree.write(`sys/block/dm-${n}/dev`, `253:${n}\n`);
  const { devices, more } = readDiskTopology(tree.world());
  expect([devices.length, more]).toEqual([256, 4]);
});

describe('the mounts', () => {
  test('are those that pid 1 sees', () => {
    const tree = new Tree()
      .write('proc/1/mountinfo', '1 0 8:0 / /host rw - ext4 /dev/sda rw\n')
      .write('proc/self/mountinfo', '1 0 8:0 / /own rw - ext4 /dev/sda rw\n');
    expect(okValue(readDiskTopology(tree.world()).mounts)?.list.map(({ path }) => path)).toEqual(['/host']);
  });

  test('are our own where pid 1 is not to be seen', () => {
    const mounts = okValue(readDiskTopology(capturedWorld('io-pressure/t1')).mounts);
    expect(mounts?.list.map(({ path, device }) => `${path} ${device}`)).toEqual([
      '/ 254:0',
      '/mnt/data 7:1',
      '/var/lib/docker 7:0',
    ]);
    expect(mounts?.roots).toEqual([{ of: 'docker', path: '/var/lib/docker' }]);
  });

  test('have failed, with the reason, where none are reported', () => {
    expect(readDiskTopology(new Tree().world()).mounts).toEqual({
      status: 'failed',
      detail: expect.stringContaining('mountinfo is not there'),
    });
  });
});
