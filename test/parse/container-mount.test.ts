import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContainerMounts } from '../../src/parse/container-mount.ts';
import { expectNoHang, expectToBear } from './any-text.ts';

const layer = '0814e41f05c1336f043d6f77dfcc689b067aad1abfdcde356d844028c4a4cc9a';
const id = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';
const upper = (folder: string): string => `rw,lowerdir=/l/A:/l/B,upperdir=${folder}/diff,workdir=${folder}/work`;
const docker = upper(`/var/lib/docker/overlay2/${layer}`);
const containerd =
  'rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/3/fs,' +
  'upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/12/fs,workdir=/w';

const overlay = (path: string, options = docker): string =>
  `60 42 0:50 / ${path} rw,relatime shared:3 - overlay overlay ${options}`;
const merged = overlay(`/var/lib/docker/overlay2/${layer}/merged`);
const netns = '95 27 0:4 net:[4026532190] /run/docker/netns/9ac5b806e626 rw - nsfs nsfs rw';
const shm = `62 42 0:52 / /var/lib/docker/containers/${id}/mounts/shm rw,nosuid - tmpfs shm rw,size=65536k`;
const criShm = `64 43 0:39 / /run/containerd/io.containerd.grpc.v1.cri/sandboxes/${id}/shm rw shared:22 - tmpfs shm rw`;
const node = `25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
28 27 0:28 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
29 28 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
30 27 0:30 / /run/user/0 rw,nosuid - tmpfs tmpfs rw,size=1k
`;

const only = (line: string) => parseContainerMounts(line).mounts[0];

describe('the mounts that a runtime made', () => {
  test('are told with their kind; the others are counted', () => {
    const { mounts, total } = parseContainerMounts(`${node}${merged}\n${netns}\n${shm}\n`);
    expect(total).toBe(8);
    expect(mounts.map(({ type }) => type)).toEqual(['overlay', 'nsfs', 'shm']);
  });

  test('of overlay2 carry their layer, and no container, because the path does not tell it', () => {
    expect(only(merged)).toEqual({
      path: `/var/lib/docker/overlay2/${layer}/merged`,
      type: 'overlay',
      device: '0:50',
      propagation: 'shared',
      containerId: null,
      layer,
    });
  });

  test('at a bundle of containerd carry the container', () => {
    const path = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`;
    expect(only(overlay(path, containerd))).toMatchObject({ type: 'overlay', containerId: id, layer: null });
  });

  test.each([
    ['seen through a container that has the node’s root', `/rootfs/var/lib/docker/overlay2/${layer}/merged`],
    ['bound to another place, by its upper directory', '/mnt/scan/a'],
    ['whose place was copied with its parent', `/mnt/backup/overlay2/${layer}/merged`],
  ])('are known by their layer when %s', (_, path) => {
    expect(only(overlay(path))).toMatchObject({ path, layer });
  });

  test('of the old overlay driver and of init layers are known too', () => {
    expect(only(overlay(`/var/lib/docker/overlay/${layer}/merged`, 'rw'))).toMatchObject({ layer });
    expect(only(overlay(`/var/lib/docker/overlay2/${layer}-init/merged`, 'rw'))).toMatchObject({
      layer: `${layer}-init`,
    });
  });

  test.each([
    ['docker', shm],
    ['the CRI', criShm],
  ])('include the shared memory that %s mounts for a container', (_, line) => {
    expect(only(line)).toMatchObject({ type: 'shm', containerId: id, layer: null });
  });

  test('of a network namespace are private when they carry no tag', () => {
    expect(only(netns)).toEqual({
      path: '/run/docker/netns/9ac5b806e626',
      type: 'nsfs',
      device: '0:4',
      propagation: 'private',
      containerId: null,
      layer: null,
    });
  });
});

describe('what is not a runtime’s', () => {
  test('a container’s own root is not told', () => {
    expect(only(`112 62 0:50 / / rw,relatime master:3 - overlay overlay ${docker}`)).toBeUndefined();
  });

  test('the node’s /dev/shm and other tmpfs are not told', () => {
    expect(parseContainerMounts(node)).toEqual({ mounts: [], total: 5 });
  });

  test('a mount namespace that snapd keeps open is not a network namespace', () => {
    const snap = '700 26 0:4 mnt:[4026532300] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw';
    expect(parseContainerMounts(snap)).toEqual({ mounts: [], total: 1 });
  });

  test('a file called overlay on another filesystem is not told', () => {
    expect(only('60 42 8:1 / /a\\040-\\040overlay\\040b rw - ext4 /dev/sda1 rw')).toBeUndefined();
  });
});

test('a last line that was cut is counted and left out', () => {
  const { mounts, total } = parseContainerMounts(`${merged}\n61 42 0:51 / /x rw - overlay`);
  expect(total).toBe(2);
  expect(mounts).toHaveLength(1);
});

test('an empty file, as a zombie has it, holds nothing', () => {
  expect(parseContainerMounts('')).toEqual({ mounts: [], total: 0 });
});

test('lines that are added change nothing about the others', () => {
  const line = fc.constantFrom(merged, netns, shm, criShm, ...node.trim().split('\n'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 12 }), (some, more) => {
      const parse = (lines: string[]) => parseContainerMounts(lines.map((one) => `${one}\n`).join(''));
      const whole = parse([...some, ...more]);
      expect(whole.total).toBe(some.length + more.length);
      expect(whole.mounts).toEqual([...parse(some).mounts, ...parse(more).mounts]);
    }),
  );
});

const samples = [merged, netns, shm, criShm, node];

test('any text gives mounts', () => expectToBear(parseContainerMounts, samples));

test('no text takes long', () => {
  const fragments = ['a', '/', ',upperdir=', 'upperdir=/overlay2/', '/overlay2/a', 'f'];
  const inLine = (text: string) => parseContainerMounts(`1 1 0:1 / /${text} rw - overlay overlay rw,upperdir=${text}`);
  expectNoHang(inLine, fragments);
  expectNoHang(parseContainerMounts, [...samples.map((sample) => `${sample}\n`), ...fragments, ' - overlay ']);
});
