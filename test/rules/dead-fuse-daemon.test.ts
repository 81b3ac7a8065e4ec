import { expect, test } from 'vitest';
import { foundInKernelLog } from '../support/kernel-log.ts';

const crashed = (name: string): string =>
  `${name}[3871]: segfault at 0 ip 00007fe70ae4e3b2 sp 00007fe70884fb70 error 4 in x`;
const mounts = [
  '41 22 0:36 / /home/user/gcs rw,nosuid,nodev shared:3 - fuse.gcsfuse my-bucket rw,user_id=0',
  '52 35 0:30 / /mnt/s3 ro,nosuid,nodev,noatime - fuse mountpoint-s3 ro,user_id=0',
  '53 35 0:31 / /var/lib/lxcfs rw,relatime - fuse.lxcfs lxcfs rw,user_id=0',
];

test.each([
  ['gcsfuse', 0],
  ['mount-s3', 1],
  ['lxcfs', 2],
])('the command to find mounts of %s finds its own, and no other', (name, own) => {
  const { remedies } = foundInKernelLog('dead-fuse-daemon', [crashed(name)]);
  const pattern = new RegExp(/grep -lE '([^']+)'/.exec(remedies[0]?.command ?? '')?.[1] ?? 'no command');
  expect(mounts.map((line) => pattern.test(line))).toEqual(mounts.map((_, n) => n === own));
});
