import type { HoldingMount } from '../../parse/proc/filesystem-mounts.ts';

/**
 * Filesystems whose statfs(2) is answered from memory, with the number that it gives as their type (linux/magic.h). Not asked is
 * what a server or another process answers for: NFS, CIFS, Ceph, FUSE.
 */
export const magics: ReadonlyMap<string, number> = new Map([
  ['ext2', 0xef53],
  ['ext3', 0xef53],
  ['ext4', 0xef53],
  ['xfs', 0x58465342],
  ['btrfs', 0x9123683e],
  ['f2fs', 0xf2f52010],
  ['zfs', 0x2fc12fc1],
  ['bcachefs', 0xca451a4e],
  ['tmpfs', 0x01021994],
]);

type ByType = Pick<HoldingMount, 'type' | 'superOptions'>;

/** It stopped after an error. */
export const hasStopped = ({ superOptions }: ByType): boolean =>
  /(?:^|,)(?:shutdown|emergency_ro)(?:,|$)/.test(superOptions);

/** Why no file on it is asked for its size; null when nothing is against it. */
export function reasonAgainst(mount: ByType): string | null {
  if (!magics.has(mount.type)) return `stat(2) can hang on ${mount.type}`;
  return hasStopped(mount) ? 'its filesystem stopped after an error' : null;
}
