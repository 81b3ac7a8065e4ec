import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDiskMounts } from '../../../src/parse/proc/disk-mounts.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const root = '43 42 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n';
const data = '63 43 7:1 / /mnt/data rw,relatime shared:21 - ext4 /dev/loop1 rw\n';
const proc = '45 43 0:21 / /proc rw,relatime shared:2 - proc proc rw\n';
const layer = (upper: string, path: string, options = ''): string =>
  `67 44 0:39 / ${path} rw,relatime shared:22 - overlay overlay rw,lowerdir=/l/A:/l/B,upperdir=${upper}${options},workdir=/w\n`;
const docker = layer('/var/lib/docker/overlay2/e10b/diff', '/var/lib/docker/overlay2/e10b/merged');
const task = '/run/containerd/io.containerd.runtime.v2.task/k8s.io/3bc7/rootfs';
const snapshot = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs';
const uid = '6f1e2d3c-0000-4000-8000-1234567890ab';
const secret = `90 43 0:60 / /var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~secret/t rw - tmpfs tmpfs rw\n`;
const samples = [root, data, docker, layer(snapshot, task, ',volatile'), secret];

const paths = (text: string): string[] => parseDiskMounts(text).list.map(({ path }) => path);

describe('the mounts where data lies', () => {
  test('are reported with their device', () => {
    expect(parseDiskMounts(root + proc + data).list).toEqual([
      {
        device: '254:0',
        source: '/dev/vda',
        path: '/',
        root: '/',
        type: 'ext4',
        readOnly: false,
        filesystemReadOnly: false,
        stopped: false,
      },
      expect.objectContaining({ device: '7:1', path: '/mnt/data' }),
    ]);
  });

  test('are not those of layers, of namespaces, of pods’ memory, or of the kernel', () => {
    const net = '113 43 0:4 net:[4026532200] /run/docker/netns/e7ba rw shared:23 - nsfs nsfs rw\n';
    const run = '26 22 0:22 / /run rw,nosuid shared:5 - tmpfs tmpfs rw\n';
    expect(paths(root + proc + docker + net + secret + run)).toEqual(['/']);
  });

  test('are filesystems without a device too: what lies on them lies on no disk', () => {
    const memory = '5 1 0:50 / /var/lib/docker rw - tmpfs tmpfs rw\n';
    const nfs = '6 1 0:61 / /mnt/nfs rw - nfs4 filer:/export rw\n';
    expect(paths(root + memory + nfs)).toEqual(['/', '/mnt/nfs', '/var/lib/docker']);
  });

  test('over each other are the last one', () => {
    const over = data.replace('7:1', '7:2').replace('loop1', 'loop2');
    expect(parseDiskMounts(data + over).list).toMatchObject([{ device: '7:2', source: '/dev/loop2' }]);
  });

  test('are bounded, whole filesystems before bind mounts, and the others are counted', () => {
    const binds = Array.from({ length: 400 }, (_, n) => data.replace('7:1 / /mnt/data', `7:1 /d${n} /a${n}`)).join('');
    const { list, more } = parseDiskMounts(binds + data);
    expect(list).toHaveLength(16);
    expect(list[0]?.path).toBe('/mnt/data');
    expect(more).toBe(385);
  });
});

describe('a filesystem', () => {
  const modeOf = (line: string) => {
    const [{ readOnly, filesystemReadOnly, stopped } = {}] = parseDiskMounts(line).list;
    return { readOnly, filesystemReadOnly, stopped };
  };

  test('that the kernel made read-only is so below a mount that is not', () => {
    expect(modeOf('63 43 7:1 / /d rw,relatime - ext4 /dev/loop1 ro,errors=remount-ro\n')).toEqual({
      readOnly: false,
      filesystemReadOnly: true,
      stopped: false,
    });
  });

  test('that stopped after an error says so itself on recent kernels', () => {
    expect(modeOf('63 43 7:1 / /d rw - ext4 /dev/loop1 rw,errors=remount-ro,emergency_ro\n').stopped).toBe(true);
    expect(modeOf('63 43 7:1 / /d rw - ext4 /dev/loop1 rw,shutdown\n').stopped).toBe(true);
  });

  test('that can only be read is no sign of an error', () => {
    expect(modeOf('5 1 7:1 / /snap/core rw - squashfs /dev/loop1 ro\n').filesystemReadOnly).toBe(false);
  });
});

describe('the runtimes keep their data', () => {
  test('where their mounts come from', () => {
    expect(parseDiskMounts(docker + layer(snapshot, task) + secret).roots).toEqual([
      { of: 'docker', path: '/var/lib/docker' },
      { of: 'containerd', path: '/var/lib/containerd' },
      { of: 'kubelet', path: '/var/lib/kubelet' },
    ]);
  });

  test('elsewhere too', () => {
    expect(parseDiskMounts(layer('/data/docker/overlay2/e10b/diff', '/x')).roots).toEqual([
      { of: 'docker', path: '/data/docker' },
    ]);
  });
});

test('root filesystems of containerd’s containers are counted, and those mounted volatile', () => {
  const text = layer(snapshot, task) + layer(snapshot, task.replace('3bc7', '9383'), ',volatile') + docker;
  expect(parseDiskMounts(text).taskOverlays).toEqual({ total: 2, volatile: 1 });
});

test('what is printed as the kernel prints it is read back the same', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 8 }), (names) => {
      const text = names.map((name, n) => `9 1 8:${n} / /mnt/${name} rw shared:1 - xfs /dev/sd${name} rw\n`).join('');
      expect(paths(text).toSorted()).toEqual(names.map((name) => `/mnt/${name}`).toSorted());
    }),
    { numRuns: 200 },
  );
});

test('any text gives mounts', () => expectToBear(parseDiskMounts, samples));

test('no text takes long', () =>
  expectNoHang(parseDiskMounts, [...samples, '/pods/', 'upperdir=/', '/io.containerd.runtime.x/']));
