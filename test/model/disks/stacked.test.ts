import { describe, expect, test } from 'vitest';
import type { DiskModel } from '../../../src/model/disks/disks.ts';
import { belowDisk } from '../../../src/model/disks/stacked.ts';
import type { DiskMount } from '../../../src/sample/disks.ts';
import * as make from '../../support/samples.ts';

const none = {
  label: null,
  rotational: null,
  rates: null,
  inFlight: 0,
  stillSeconds: null,
  mounts: [],
  roots: [],
};
const disk = (name: string, device: string, change: Partial<DiskModel> = {}): DiskModel => ({
  name,
  device,
  slaves: [],
  carries: [],
  partitions: [],
  backing: null,
  faults: [],
  ...none,
  ...change,
});
const root: DiskMount = make.diskMount('/', { device: '254:1', source: '/dev/vda1' });
const vda = disk('vda', '254:0', { mounts: [root] });
const names = (of: DiskModel, list: DiskModel[]): string[] => [...belowDisk(of, { list })].sort();

describe('what a device is built on', () => {
  test('is the disk that the file of a loop device lies on, and what that is built on', () => {
    const inner: DiskMount = make.diskMount('/mnt/outer', { device: '7:0', source: '/dev/loop0' });
    const loop0 = disk('loop0', '7:0', { backing: root, mounts: [inner] });
    const loop1 = disk('loop1', '7:1', { backing: inner });
    expect(names(loop1, [vda, loop0, loop1])).toEqual(['loop0', 'vda']);
  });

  test('is the slaves of a mapped device', () => {
    const lv = disk('dm-0', '253:0', { slaves: ['vda'] });
    expect(names(lv, [vda, lv])).toEqual(['vda']);
  });

  test('is nothing for a disk, and a circle ends', () => {
    expect(names(vda, [vda])).toEqual([]);
    const a = disk('dm-1', '253:1', { slaves: ['dm-2'] });
    const b = disk('dm-2', '253:2', { slaves: ['dm-1'] });
    expect(names(a, [a, b])).toEqual(['dm-1', 'dm-2']);
  });
});
