import type { FileHandles } from '../../sample/daemons.ts';

/**
 * `/proc/sys/fs/file-nr` (proc_sys_fs(5)): allocated, free and highest number of open files of the whole node.
 *
 * @throws when there are not three numbers
 */
export function parseFileHandles(text: string): FileHandles {
  const match = /^(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(text);
  if (match === null) throw new Error('not three numbers in /proc/sys/fs/file-nr');
  const [allocated, free, max] = match.slice(1).map(Number) as [number, number, number];
  return { allocated, free, max };
}
