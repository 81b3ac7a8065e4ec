import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContainerMounts } from '../../../src/parse/proc/container-mount.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const layer = '0814e41f05c1336f043d6f77dfcc689b067aad1abfdcde356d844028c4a4cc9a';
const id = 'fbea0463e7a9b7e28033964d24d3ba59d175f29a1eebee86b2a1178f49fc46ab';
const upper = (folder: string): string => `rw,lowerdir=/l/A:/l/B,upperdir=${folder}/diff,workdir=${folder}/work`;
const docker = upper(`/var/lib/docker/overlay2/${layer}`);
const containerd =
  'rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/3/fs,' +
  'upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/12/fs,workdir=/w';
const snapshot = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/12';

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
  test('are reported with their kind; the others are counted', () => {
    const { mounts, total } = parseContainerMounts(`${node}${merged}\n${netns}\n${shm}\n`);
    expect(total).toBe(8);
    expect(mounts.map(({ type }) => type)).toEqual(['overlay', 'nsfs', 'shm']);
  });

  test('of overlay2 carry their layer, and no container, because the path does not say it', () => {
    expect(only(merged)).toEqual({
      path: `/var/lib/docker/overlay2/${layer}/merged`,
      type: 'overlay',
      device: '0:50',
      propagation: 'shared',
      containerId: null,
      layer,
      podUid: null,
      netNamespace: null,
      deleted: false,
    });
  });

  test('at a bundle of containerd carry the container', () => {
    const path = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`;
    expect(only(overlay(path, containerd))).toMatchObject({ type: 'overlay', containerId: id, layer: snapshot });
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
      podUid: null,
      netNamespace: '4026532190',
      deleted: false,
    });
  });

  test.each([
    ['of the second generation', `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`, id],
    ['of the first', `/run/docker/containerd/daemon/io.containerd.runtime.v1.linux/moby/${id}/rootfs`, id],
    ['of ctr, whose ids are names', '/run/containerd/io.containerd.runtime.v2.task/default/batch-1/rootfs', 'batch-1'],
    ['of Docker with containerd’s image store', `/var/lib/docker/rootfs/overlayfs/${id}`, id],
  ])('at a bundle %s carry the container', (_, path, containerId) => {
    expect(only(overlay(path, containerd))).toMatchObject({ type: 'overlay', containerId, layer: snapshot });
  });

  test('of a snapshot are reported also where the path says nothing', () => {
    expect(only(overlay('/mnt/scan', containerd))).toMatchObject({
      path: '/mnt/scan',
      containerId: null,
      layer: snapshot,
    });
  });

  test('of Docker with the image store of containerd carry the container and the snapshot (28.5.2)', () => {
    const root = '/tmp/cr28/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
    const line =
      `45 41 0:38 / /tmp/cr28/docker/rootfs/overlayfs/${id} rw,relatime shared:2 - overlay overlay ` +
      `rw,lowerdir=${root}/2/fs:${root}/1/fs,upperdir=${root}/3/fs,workdir=${root}/3/work`;
    expect(only(line)).toMatchObject({ type: 'overlay', containerId: id, layer: `${root}/3`, propagation: 'shared' });
    expect(parseContainerMounts(line).storages).toEqual([]);
  });

  test('of a container with so many layers that the options are relative carry their layer', () => {
    const relative = `rw,lowerdir=l/A:l/B,upperdir=${layer}/diff,workdir=${layer}/work`;
    expect(only(overlay('/mnt/scan/b', relative))).toMatchObject({ layer });
  });

  test('at a path that says another layer are known by the upper directory', () => {
    expect(only(overlay(`/mnt/overlay2/${'e'.repeat(64)}/merged`))).toMatchObject({ layer });
  });

  test.each([
    ['today', `/var/lib/docker/containers/${id}/mounts/secrets`],
    ['in 17.x', `/var/lib/docker/containers/${id}/secrets`],
  ])('include the secrets of a service, as Docker mounts them %s', (_, path) => {
    const line = `70 42 0:60 / ${path} ro,relatime - tmpfs tmpfs rw`;
    expect(only(line)).toMatchObject({ type: 'secret', containerId: id });
  });

  const uid = '5c1d7c52-1a0e-11ee-9d2a-246e967c4efc';
  test.each([
    ['a secret', `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~secret/token`, 'tmpfs tmpfs'],
    ['a disk', `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~csi/pvc-1/mount`, 'ext4 /dev/sdb'],
    ['a share', `/data/kubelet/pods/${uid}/volumes/kubernetes.io~nfs/home`, 'nfs4 nas:/home'],
    ['a part of one', `/var/lib/kubelet/pods/${uid}/volume-subpaths/conf/app/0`, 'ext4 /dev/sdb'],
  ])('include the volumes of a pod: %s', (_, path, filesystem) => {
    expect(only(`80 42 8:16 / ${path} rw shared:9 - ${filesystem} rw`)).toMatchObject({
      type: 'volume',
      podUid: uid,
      containerId: null,
    });
  });

  test('whose directory was removed say so', () => {
    const line = `60 42 0:50 /srv//deleted /mnt/a rw - overlay overlay ${docker}`;
    expect(only(line)).toMatchObject({ path: '/mnt/a', deleted: true });
  });
});

describe('the / of a namespace', () => {
  const at = (options: string, tags = 'master:3 ') => `112 62 0:50 / / rw,relatime ${tags}- overlay overlay ${options}`;

  test('that is a layer makes it a container’s own', () => {
    expect(parseContainerMounts(at(docker))).toMatchObject({ mounts: [], rootLayer: layer });
    expect(parseContainerMounts(at(containerd))).toMatchObject({ rootLayer: snapshot });
  });

  test('of the host is no layer, and shows how unmounts reach it', () => {
    expect(parseContainerMounts(node)).toMatchObject({ rootLayer: null });
    expect(parseContainerMounts('27 1 254:0 / / ro,relatime master:1 - ext4 /dev/vda rw\n')).toMatchObject({});
  });

  test('is the one on top, or unknown where the file shows none', () => {
    const below = '1 0 0:2 / / rw - rootfs rootfs rw\n';
    expect(parseContainerMounts(`${below}${at(docker)}\n`).rootLayer).toBe(layer);
    expect(parseContainerMounts(`${netns}\n`)).toMatchObject({ rootLayer: null });
  });
});

test('the storage driver’s directory is known by the upper directory, and else by the path', () => {
  const relative = `rw,lowerdir=l/A,upperdir=${layer}/diff,workdir=${layer}/work`;
  const lines = [overlay('/mnt/a'), merged, overlay(`/data/docker/overlay2/${layer}/merged`, relative), netns];
  expect(parseContainerMounts(lines.join('\n')).storages).toEqual([
    '/var/lib/docker/overlay2',
    '/data/docker/overlay2',
  ]);
});

describe('what is not a runtime’s', () => {
  test('a container’s own root is not reported', () => {
    expect(only(`112 62 0:50 / / rw,relatime master:3 - overlay overlay ${docker}`)).toBeUndefined();
  });

  test('the node’s /dev/shm and other tmpfs are not reported', () => {
    expect(parseContainerMounts(node)).toMatchObject({ mounts: [], total: 5 });
  });

  test('a mount namespace that snapd keeps open is not a network namespace', () => {
    const snap = '700 26 0:4 mnt:[4026532300] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw';
    expect(parseContainerMounts(snap)).toMatchObject({ mounts: [], total: 1 });
  });

  test('an overlay filesystem of somebody else is not reported', () => {
    expect(only(overlay('/usr', 'ro,lowerdir=/run/systemd/sysext/usr:/usr'))).toBeUndefined();
    expect(only(overlay('/home/me/union', upper('/home/me/work/a')))).toBeUndefined();
  });

  test('the volumes of Docker are not reported, which stay when their container goes', () => {
    expect(only('80 42 8:16 / /var/lib/docker/volumes/db/_data rw - ext4 /dev/sdb rw')).toBeUndefined();
  });

  test('a file called overlay on another filesystem is not reported', () => {
    expect(only('60 42 8:1 / /a\\040-\\040overlay\\040b rw - ext4 /dev/sda1 rw')).toBeUndefined();
  });
});

test('a last line that was cut is counted and left out', () => {
  const { mounts, total } = parseContainerMounts(`${merged}\n61 42 0:51 / /x rw - overlay`);
  expect(total).toBe(2);
  expect(mounts).toHaveLength(1);
});

test('an empty file, as a zombie has it, holds nothing', () => {
  expect(parseContainerMounts('')).toEqual({
    mounts: [],
    total: 0,
    rootLayer: null,
    storages: [],
  });
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
  const atPath = (text: string) => parseContainerMounts(`1 1 0:1 / /${text}/volumes rw - overlay overlay rw`);
  expectNoHang(atPath, ['/pods/', '/pods/0123456789abcdef0123456789abcdef', '/overlay2', '/volumes/a']);
  expectNoHang(parseContainerMounts, [...samples.map((sample) => `${sample}\n`), ...fragments, ' - overlay ']);
});
