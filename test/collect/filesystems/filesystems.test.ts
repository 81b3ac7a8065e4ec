import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { FilesystemsCollector } from '../../../src/collect/filesystems/filesystems.ts';
import type { World } from '../../../src/collect/world.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { Tree } from '../../support/world.ts';

const bootId = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
const line = (path: string, type: string, more = 'rw'): string =>
  `36 25 8:${path.length} / ${path} rw shared:1 - ${type} /dev/sd${path.length} ${more}\n`;
const worldOf = (mounts: string, boot = bootId): World =>
  new Tree().write('proc/1/mountinfo', mounts).write('proc/sys/kernel/random/boot_id', boot).world();

const ext4 = { type: 0xef53, bsize: 4096, blocks: 1000, bfree: 300, bavail: 250, files: 500, ffree: 100 };
const collect = (
  world: World,
  statfs = vi.fn((_: string) => ext4),
  kernel = '6.1.0',
  roots: readonly string[] = [],
) => {
  const reading = new FilesystemsCollector(world, { kernel, engineRoots: () => roots, statfs }).collect();
  return { reading, value: okValue(reading), statfs };
};

test('the filesystems that engines write to are asked, and those that nothing of them lies on are not', () => {
  const world = worldOf(line('/', 'ext4') + line('/data', 'ext4') + line('/backup', 'ext4'));
  const { value } = collect(world, undefined, '6.1.0', ['/data/docker']);
  expect(value?.filesystems.map(({ path, holds }) => [path, holds])).toEqual([
    ['/', ['/']],
    ['/data', ['/data/docker']],
  ]);
  expect(value?.filesystems[0]).toMatchObject({
    totalBytes: 4_096_000,
    // Without the 2 % that ext4 lets nobody use.
    freeBytes: (300 - 20) * 4096,
    availableBytes: 1_024_000,
    inodes: { total: 500, free: 100 },
  });
});

describe('never asked is', () => {
  test.each(['nfs4', 'nfs', 'cifs', 'ceph', 'fuse.sshfs', 'fuseblk', 'overlay', '9p'])('%s', (type) => {
    const { value, statfs } = collect(worldOf(line('/', 'ext4') + line('/var/lib/docker', type)));
    expect(statfs.mock.calls).not.toContainEqual([expect.stringContaining('/var/lib/docker')]);
    expect(value?.skipped).toEqual([{ path: '/var/lib/docker', type, because: `statfs(2) can hang on ${type}` }]);
  });

  test('a filesystem that stopped after an error, and one that is read-only', () => {
    const world = worldOf(line('/', 'ext4', 'ro') + line('/var', 'ext4', 'rw,emergency_ro'));
    const { value, statfs } = collect(world);
    expect(statfs).not.toHaveBeenCalled();
    expect(value?.skipped).toMatchObject([{ path: '/var', because: 'it stopped after an error' }]);
  });

  test('XFS on the kernels whose statfs waits for inodes that are freed', () => {
    const xfs = vi.fn((_: string) => ({ ...ext4, type: 0x58465342 }));
    expect(collect(worldOf(line('/', 'xfs')), xfs, '5.15.0').value?.filesystems).toEqual([]);
    expect(collect(worldOf(line('/', 'xfs')), xfs, '5.19.0').value?.filesystems).toHaveLength(1);
    expect(collect(worldOf(line('/', 'xfs')), xfs, '4.19.0').value?.filesystems).toHaveLength(1);
  });

  test('what hung before', () => {
    const world = worldOf(line('/', 'ext4') + line('/var', 'ext4'));
    world.avoided.push(`${world.roots.rootfs}/var`);
    expect(collect(world).value?.filesystems.map(({ path }) => path)).toEqual(['/']);
  });

  test('a captured tree: its mount points are another node’s', () => {
    const { reading, statfs } = collect(worldOf(line('/', 'ext4'), 'another boot\n'));
    expect(reading.status).toBe('absent');
    expect(statfs).not.toHaveBeenCalled();
  });
});

test('each is announced before it is asked', () => {
  const world = worldOf(line('/', 'ext4') + line('/var', 'ext4'));
  const told: string[] = [];
  world.onRiskyRead = (path) => told.push(path);
  collect(
    world,
    vi.fn((_: string) => {
      told.push('statfs');
      return ext4;
    }),
  );
  const { procfs, rootfs } = world.roots;
  expect(told).toEqual([`${procfs}/1/mountinfo`, rootfs, 'statfs', `${rootfs}/var`, 'statfs']);
});

test('a path that leads to another filesystem, as from inside a container, gives nothing', () => {
  const overlay = vi.fn((_: string) => ({ ...ext4, type: 0x794c7630 }));
  expect(collect(worldOf(line('/', 'ext4')), overlay).value?.filesystems).toEqual([]);
});

test('a filesystem without a number of inodes has none', () => {
  const btrfs = vi.fn((_: string) => ({ ...ext4, type: 0x9123683e, files: 0, ffree: 0 }));
  expect(collect(worldOf(line('/', 'btrfs')), btrfs).value?.filesystems).toMatchObject([{ inodes: null }]);
});

test('one that refuses is skipped, and the others are reported', () => {
  const refuse = vi.fn((path: string) => {
    if (path.endsWith('/var')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    return ext4;
  });
  expect(collect(worldOf(line('/', 'ext4') + line('/var', 'ext4')), refuse).value?.filesystems).toHaveLength(1);
});
