import type { LogLine } from '../../sample/logs.ts';
import { namesIn } from './log-trouble.ts';

/** Threads of the kernel by their names, and what they belong to. */
const owners: readonly (readonly [name: RegExp, owner: string])[] = [
  [/^(?:txg_(?:sync|quiesce)$|zvol\/|z_\w)/, 'ZFS'],
  [/^btrfs-/, 'btrfs'],
  [/^jbd2\//, 'the journal of ext4'],
  [/^xfsaild\//, 'XFS'],
  [/^dmcrypt_write\//, 'dm-crypt'],
  [/^nfsd$/, 'the NFS server of this node'],
  [/^kswapd\d/, 'memory reclaim'],
];

/** What the names of hung threads say, where no stack does; empty where they say nothing. */
export function threadWords(lines: readonly LogLine[]): string {
  const names = [...new Set(lines.flatMap(({ comm }) => comm ?? []))];
  return owners
    .map(([name, owner]) => ({ owner, threads: names.filter((one) => name.test(one)) }))
    .filter(({ threads }) => threads.length > 0)
    .map(
      ({ owner, threads }) =>
        ` ${namesIn(threads)} ${threads.length === 1 ? 'is a thread' : 'are threads'} of ${owner}.`,
    )
    .join('');
}
