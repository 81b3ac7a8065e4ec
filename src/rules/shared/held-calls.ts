import type { ProcessModel } from '../../model/processes/processes.ts';
import type { Parts } from '../engine/parts.ts';
import { daemonNamed } from './daemon-words.ts';

/** What Go calls a system call, where that is not the kernel's name for it. */
const kernelNames: Readonly<Record<string, readonly string[]>> = {
  unmount: ['umount2', 'umount'],
  open: ['open', 'openat', 'openat2'],
  unlink: ['unlink', 'unlinkat'],
  rmdir: ['rmdir', 'unlinkat'],
  rename: ['rename', 'renameat', 'renameat2'],
  stat: ['stat', 'newfstatat', 'fstatat'],
  lstat: ['lstat', 'newfstatat', 'fstatat'],
  fstatat: ['newfstatat', 'fstatat'],
  mkdir: ['mkdir', 'mkdirat'],
  readdirent: ['getdents', 'getdents64'],
};

/**
 * The daemon's process, when a goroutine of it is in a system call and the thread of it that waits longest in D is in the same:
 * they are one thing. Null when it is in none, or the calls differ.
 *
 * @param path short names of the goroutine's functions, the callee first
 */
export function threadOfCall(
  daemon: string,
  path: readonly string[],
  { daemons, processes }: Parts<'daemons' | 'processes'>,
): ProcessModel | null {
  const called = /^(?:syscall|unix)\.(\w+)$/.exec(path[0] ?? '')?.[1]?.toLowerCase();
  const pid = daemonNamed(daemons, daemon)?.process?.pid ?? null;
  const process = processes?.list.find((one) => one.pid === pid && one.blockedTids !== null) ?? null;
  const call = process?.syscall?.name ?? null;
  if (called === undefined || call === null) return null;
  return called === call || kernelNames[called]?.includes(call) === true ? process : null;
}
