import type { BlockedTask } from '../../sample/processes.ts';
import { isHolding, type ProcessModel } from '../processes/processes.ts';
import { threadDevice } from '../processes/thread-device.ts';
import type { WaitKind } from '../processes/wait-kind.ts';
import type { FrozenMount } from './faults.ts';
import type { DiskUse } from './uses.ts';

/**
 * What a process in D waits for, as far as the disks are concerned: `disk` requests to a device (these waits the kernel
 * counts as waiting for I/O, so pressure shows them), `frozen` a filesystem that blocks all writes, `remote` a server or a
 * FUSE daemon, `harmless` no I/O at all (vfork, exit, the freezer), `other` unknown.
 */
type DiskWait = 'disk' | 'frozen' | 'remote' | 'harmless' | 'other';

/** What of the disks a blocked process waits for; `other` where that is no disk or not known. */
export function diskWaitOf({ waits }: ProcessModel): DiskWait {
  return diskWaits[waits?.kind ?? 'unknown'] ?? 'other';
}

const diskWaits: Readonly<Partial<Record<WaitKind, DiskWait>>> = {
  disk: 'disk',
  'disk-encryption': 'disk',
  journal: 'disk',
  zfs: 'disk',
  writeback: 'disk',
  unmount: 'disk',
  'frozen-filesystem': 'frozen',
  fuse: 'remote',
  nfs: 'remote',
  'network-filesystem': 'remote',
  drbd: 'remote',
  vfork: 'harmless',
  exit: 'harmless',
  freezer: 'harmless',
  'network-device': 'harmless',
  rcu: 'harmless',
  'cgroup-lock': 'harmless',
  seccomp: 'harmless',
  'memory-teardown': 'harmless',
  vfio: 'harmless',
  nvidia: 'harmless',
};

/**
 * The frozen filesystems, according to the processes that wait to write there; each once, by the longest wait. A loop device
 * writes to its file with its own thread (drivers/block/loop.c lo_rw_aio): if that thread waits, the filesystem of the file
 * is frozen.
 *
 * @param uses of the devices, by name
 */
export function frozenMounts(
  processes: readonly ProcessModel[],
  uses: ReadonlyMap<string, Pick<DiskUse, 'backing'>>,
): FrozenMount[] {
  const found = new Map<string, FrozenMount>();
  for (const process of processes) {
    if (!isHolding(process) || diskWaitOf(process) !== 'frozen') continue;
    const backing = process.kernelThread ? (uses.get(threadDevice(process.comm) ?? '')?.backing ?? null) : null;
    const mount = backing === null ? (process.waits?.mount ?? null) : { ...backing, mountPoint: backing.path };
    if (mount === null) continue;
    const { device, mountPoint: path } = mount;
    const { seconds, pid, comm } = process;
    if (seconds > (found.get(device)?.seconds ?? -1)) found.set(device, { device, path, seconds, pid, comm });
  }
  return [...found.values()];
}

/** The calls that wait until dirty memory is written. */
export type FlushCall = 'fsync' | 'sync' | 'syncfs' | 'umount';

const calls: readonly (readonly [RegExp, FlushCall])[] = [
  // A umount syncs before it ends, so it goes first.
  [/^(?:ksys_umount|__(?:x64|arm64|se)_sys_umount|sys_umount|do_umount|cleanup_mnt|deactivate_super)/, 'umount'],
  [/^(?:__(?:x64|arm64|se)_sys_syncfs|sys_syncfs)/, 'syncfs'],
  [/^(?:ksys_sync$|__(?:x64|arm64|se)_sys_sync$|sys_sync$|sync_inodes_one_sb)/, 'sync'],
  [/^(?:do_fsync|vfs_fsync|__(?:x64|arm64|se)_sys_f(?:data)?sync|sys_f(?:data)?sync)/, 'fsync'],
];

const bySyscall: Readonly<Record<string, FlushCall>> = {
  fsync: 'fsync',
  fdatasync: 'fsync',
  sync_file_range: 'fsync',
  sync: 'sync',
  syncfs: 'syncfs',
  umount: 'umount',
  umount2: 'umount',
};

/** Which of these calls a task is in; null if none, or unknown. A task that waits in writeback itself is in `sync`. */
export function flushCallOf(task: BlockedTask): FlushCall | null {
  const named = bySyscall[task.syscall?.name ?? ''];
  if (named !== undefined) return named;
  const frames = framesOf(task);
  const found = calls.find(([pattern]) => frames.some((frame) => pattern.test(frame)));
  if (found !== undefined) return found[1];
  return frames.some((frame) => /^(?:wb_wait_for_completion|sync_inodes_sb)$/.test(frame)) ? 'sync' : null;
}

function framesOf({ wchan, stack }: BlockedTask): readonly string[] {
  return wchan === null ? (stack ?? []) : [wchan, ...(stack ?? [])];
}
