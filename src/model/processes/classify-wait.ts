import { filesystemOf } from './filesystem-names.ts';
import { blockLayers } from './wait-functions/block-layers.ts';
import { controlGroups, freezer } from './wait-functions/control-groups.ts';
import { devices } from './wait-functions/devices.ts';
import { asyncIo, coredump, exits, vfork } from './wait-functions/ending.ts';
import { answeredElsewhere, disks, fileLocks, journals, superblocks, writeback } from './wait-functions/filesystems.ts';
import { kernelServices, kernelWork, networkDevices, rcu } from './wait-functions/kernel.ts';
import type { KernelFunctions } from './wait-functions/kernel-functions.ts';
import { memoryLocks, memoryReclaim, memoryTeardown } from './wait-functions/memory.ts';
import { mounts } from './wait-functions/mounts.ts';
import type { WaitKind } from './wait-kind.ts';

/** The kind of a wait, as the functions of the kernel show it. */
export interface Classified {
  readonly kind: WaitKind;
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** SIGKILL ends this wait. */
  readonly killable: boolean;
  /** More words for people; null when the kind says all. */
  readonly detail: string | null;
}

/**
 * Determines the kind by function names. Those of several generations of kernels are listed side by side: 3.10
 * (`__sb_start_write` waits itself, `wait_on_page_bit`), 4.x and 5.x (`__percpu_down_read`), 6.x (`folio_wait_bit`).
 *
 * @param frames the kernel stack, innermost first, without suffixes of the compiler; or `wchan` alone
 * @param whole whether `frames` is the whole stack
 * @param file what its system call works on; null if none, or unknown
 */
export function classify(frames: readonly string[], whole: boolean, file: string | null = null): Classified {
  const found = frames.length === 0 ? null : kindOf(frames, file);
  const kind = found?.kind ?? 'unknown';
  // A name alone can stand below several calls: percpu_rwsem_wait is a freeze as well as a lock of control groups.
  const certainty =
    kind === 'unknown' ? 'possible' : whole ? 'certain' : ambiguous.has(frames[0] ?? '') ? 'possible' : 'likely';
  return { kind, detail: found?.detail ?? null, certainty, killable: isKillable(kind, frames) };
}

const ambiguous = new Set([
  ...['percpu_rwsem_wait', '__percpu_down_read', 'io_schedule', 'do_exit', 'm_start', '__flush_work', 'flush_work'],
  ...['walk_component', 'cv_wait_common'],
]);

/** The wait itself is one of the innermost functions; further out a name says nothing about it. */
const innermost = 3;
/** A lock and its caller stand below up to three functions of the lock itself. */
const near = 5;

/** `rpc_wait_bit_killable`, `folio_wait_bit_killable`, `down_read_killable`: SIGKILL ends them (TASK_KILLABLE). */
function isKillable(kind: WaitKind, frames: readonly string[]): boolean {
  if (kind === 'vfork' || kind === 'oom-killer-off') return true;
  return frames.slice(0, innermost).some((frame) => frame.endsWith('_killable'));
}

interface Found {
  readonly kind: WaitKind;
  readonly detail?: string;
}

type Step = readonly KernelFunctions[] | ((frames: readonly string[], file: string | null) => Found | null);

/** The first that fits: what is nearest to the cause of a hang comes first, what every wait for a disk shares last. */
const steps: readonly Step[] = [
  vfork,
  freezer,
  frozenOf,
  abortedOf,
  superblocks,
  answeredElsewhere,
  devices,
  asyncIo,
  rcu,
  mapFileOf,
  mounts,
  unmountOf,
  networkDevices,
  controlGroups,
  memoryTeardown,
  memoryLocks,
  memoryLockOf,
  memoryReclaim,
  coredump,
  kernelServices,
  blockLayers,
  journals,
  writeback,
  disks,
  exits,
  fileLocks,
  filesystemLockOf,
  kernelWork,
];

function kindOf(frames: readonly string[], file: string | null): Found | null {
  for (const step of steps) {
    const found =
      typeof step === 'function'
        ? step(frames, file)
        : step.find(({ functions, among }) => reach(frames, among).some((frame) => functions.test(frame)));
    if (found != null) return found;
  }
  return null;
}

function reach(frames: readonly string[], among: KernelFunctions['among']): readonly string[] {
  return among === 'any' ? frames : frames.slice(0, among === 'innermost' ? 1 : near);
}

/** percpu semaphores: a freeze takes one for writing, and so do control groups when a process is moved. */
function frozenOf(frames: readonly string[]): Found | null {
  // 3.10 to 4.1: the freeze protection was a wait queue of its own.
  if (frames.slice(0, 2).includes('__sb_start_write')) return { kind: 'frozen-filesystem' };
  const inner = frames.findIndex(
    (frame) => !/^(?:percpu_rwsem_wait|__percpu_down_read|rwsem_down_read_\w+|__down_read\w*)$/.test(frame),
  );
  const waited = inner < 0 ? frames : frames.slice(0, inner);
  if (!waited.some((frame) => frame === 'percpu_rwsem_wait' || frame === '__percpu_down_read')) return null;
  const holder = inner < 0 ? null : (frames[inner] ?? null);
  if (holder === null || freezeProtected.test(holder)) return { kind: 'frozen-filesystem' };
  if (/cgroup|copy_process|exit_signals|begin_new_exec|de_thread/.test(holder)) {
    return {
      kind: 'cgroup-lock',
      detail: 'the lock of all control groups while a process is moved from one to another',
    };
  }
  return null;
}

/** What calls sb_start_write, sb_start_pagefault or sb_start_intwrite (include/linux/fs.h), often with them inlined. */
const freezeProtected = new RegExp(
  [
    '^(?:__?sb_start_|sb_start_|mnt_want_write|file_start_write|kiocb_start_write|vfs_(?:write|iter_write|iocb_iter_write)',
    'vfs_(?:fallocate|copy_file_range|dedupe_file_range|clone_file_range)|do_(?:iter_write|iter_readv_writev|writev)',
    'do_(?:sendfile|splice|splice_direct|splice_from|sys_ftruncate|ftruncate|clone_file_range)|iter_file_splice_write',
    'vfs_truncate|aio_write|io_write|io_submit_one|lo_rw_aio|lo_write_|loop_|nbd_|do_page_mkwrite|block_page_mkwrite',
    '\\w+_page_mkwrite|\\w+_filemap_page_mkwrite|xfs_trans_alloc|xfs_\\w+|ext4_(?!(?:do_)?writepages)\\w+|btrfs_\\w+|f2fs_\\w+)',
  ].join('|'),
);

/** fs/fuse/inode.c: the last unmount aborts the connection itself, then waits for the requests that are still worked on. */
function abortedOf(frames: readonly string[]): Found | null {
  if (!frames.slice(0, innermost).includes('fuse_wait_aborted')) return null;
  return { kind: 'unmount', detail: 'for the last requests of a FUSE connection that is aborted already' };
}

/** It syncs before it ends. */
function unmountOf(frames: readonly string[]): Found | null {
  const any = (pattern: RegExp): boolean => frames.some((frame) => pattern.test(frame));
  if (!any(/^(?:cleanup_mnt|do_umount|path_umount|deactivate_locked_super|generic_shutdown_super)$/)) return null;
  // The pool holds it up, and has a remedy of its own.
  if (any(/^(?:txg_wait_|zil_commit|zio_wait)/)) return null;
  // fs/overlayfs/super.c takes s_umount of the filesystem below before it syncs that.
  const isBelow = frames.includes('ovl_sync_fs');
  if (isBelow && frames.slice(0, innermost).some(isReadLock)) {
    return { kind: 'unmount', detail: 'for a lock of the filesystem below, which another task holds' };
  }
  const syncs = any(/^(?:wb_wait_for_completion|sync_filesystem|__sync_filesystem|sync_inodes_sb|evict_inodes)$/);
  if (!syncs) return { kind: 'unmount' };
  return {
    kind: 'unmount',
    detail: `until all data of ${isBelow ? 'the filesystem below' : 'its filesystem'} is written to disk`,
  };
}

const isReadLock = (frame: string): boolean => /^(?:rwsem_down_read_|down_read$|call_rwsem_down_read)/.test(frame);

/** Two files of /proc begin in a function of this name: `maps` takes the memory map's lock, `mountinfo` that of all mounts. */
function mapFileOf(frames: readonly string[], file: string | null): Found | null {
  if (!frames.slice(0, near).includes('m_start')) return null;
  // fs/proc/task_mmu.c takes its lock killably, fs/namespace.c does not.
  const isMap = /\/(?:maps|smaps|smaps_rollup|numa_maps|pagemap|clear_refs)$/.test(file ?? '');
  return isMap || frames.some((frame) => frame.endsWith('_killable')) ? { kind: 'memory-lock' } : null;
}

const lockFunction =
  /^(?:schedule_preempt_disabled|_*mutex_lock\w*|_*rwsem_down_\w+|_*down_(?:read|write)\w*|call_rwsem_down_\w+)$/;

/** A lock that a function of a filesystem takes: another task that works on the same filesystem holds it. */
function filesystemLockOf(frames: readonly string[]): Found | null {
  const taker = frames.findIndex((frame) => !lockFunction.test(frame));
  return taker > 0 && filesystemOf(frames[taker] ?? '') !== null ? { kind: 'filesystem-lock' } : null;
}

function memoryLockOf(frames: readonly string[]): Found | null {
  const waits = frames
    .slice(0, innermost)
    .some((frame) => /^(?:rwsem_down_|down_read|down_write|__down_read|__down_write|call_rwsem_)/.test(frame));
  return waits && frames.some((frame) => aboutMemory.test(frame)) ? { kind: 'memory-lock' } : null;
}

const aboutMemory =
  /^(?:do_user_addr_fault|do_page_fault|__do_page_fault|exc_page_fault|vm_mmap_pgoff|__vm_munmap|vm_munmap|ksys_mmap|do_madvise|do_mprotect|access_remote_vm|__access_remote_vm|proc_pid_cmdline|get_cmdline|exit_mm|dup_mm|khugepaged)/;
