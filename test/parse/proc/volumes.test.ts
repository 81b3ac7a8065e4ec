import { describe, expect, test } from 'vitest';
import { parseVolumes } from '../../../src/parse/proc/volumes.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const container = `74 49 0:39 / / rw,relatime master:2 - overlay overlay rw,upperdir=/var/lib/docker/overlay2/08/diff
75 74 0:42 / /proc rw,nosuid - proc proc rw
76 74 0:43 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
77 76 0:44 / /dev/pts rw - devpts devpts rw
80 79 0:29 /docker/c3 /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu
91 74 7:0 / /data rw,relatime - ext4 /dev/loop0 rw
92 74 254:0 /var/lib/docker/containers/c3/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw,discard
93 91 0:51 / /data/scratch rw - tmpfs tmpfs rw
94 74 0:60 / /home ro,relatime - nfs4 server:/export/my\\040home rw,vers=4.2,soft
95 74 0:61 / /mnt/s3 rw - fuse.s3fs s3fs ro,user_id=0
`;
const node = `20 1 254:0 / / rw shared:1 - ext4 /dev/vda rw
21 20 0:39 / /var/lib/docker/overlay2/08/merged rw shared:2 - overlay overlay rw
22 20 254:16 / /srv rw shared:3 - xfs /dev/vdb rw
23 20 254:0 /srv /export rw shared:4 - ext4 /dev/vda rw
`;
const samples = [container, node];
const points = (text: string, files: string[] = [], most = 32): string[] =>
  parseVolumes(text, files, most).map(({ mountPoint }) => mountPoint);

describe('the volumes of a process', () => {
  test('are the mounts with something behind them, and its own overlay', () => {
    expect(points(container)).toEqual(['/', '/data', '/etc/hosts', '/home', '/mnt/s3']);
    expect(points(node)).toEqual(['/', '/srv', '/export']);
  });

  test('show what is mounted from where', () => {
    expect(parseVolumes(container, [], 32)[3]).toEqual({
      mountPoint: '/home',
      root: '/',
      source: 'server:/export/my home',
      type: 'nfs4',
      device: '0:60',
      readOnly: true,
    });
  });

  test('are read-only by the mount or by the filesystem', () => {
    const readOnly = parseVolumes(container, [], 32).filter((volume) => volume.readOnly);
    expect(readOnly.map(({ mountPoint }) => mountPoint)).toEqual(['/home', '/mnt/s3']);
  });

  test('hold the mount of a file that is worked on, even in memory: else it would be taken for that below', () => {
    expect(points(container, ['/data/scratch/x'])).toContain('/data/scratch');
    expect(points(container, ['/data/x', 'socket:[5]', '/database'])).not.toContain('/data/scratch');
  });

  test('are bounded: those of the files first, then one of each filesystem', () => {
    expect(points(node, [], 2)).toEqual(['/', '/srv']);
    expect(points(node, ['/export/a'], 2)).toEqual(['/srv', '/export']);
    const many = Array.from({ length: 500 }, (_, n) => `${n} 1 7:${n} / /v${n} rw - ext4 /dev/loop${n} rw`).join('\n');
    expect(points(many, ['/v400/x'])).toHaveLength(32);
    expect(points(many, ['/v400/x'])).toContain('/v400');
  });
});

test('any text gives volumes', () => {
  expectToBear((text) => expect(parseVolumes(text, ['/data/x'], 4).length).toBeLessThanOrEqual(4), samples);
});

test('no text takes long', () => expectNoHang((text) => parseVolumes(text, ['/data/x'], 32), samples));
