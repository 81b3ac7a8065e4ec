/** What a task in uninterruptible sleep waits for, as far as its kernel functions show it. */
export type WaitKind =
  | 'frozen-filesystem'
  | 'fuse'
  | 'nfs'
  | 'network-filesystem'
  | 'disk'
  | 'journal'
  | 'writeback'
  | 'unmount'
  | 'memory-lock'
  | 'vfork'
  | 'exit'
  | 'unknown';

/** The kind of a wait, as the functions of the kernel show it. */
export interface Classified {
  readonly kind: WaitKind;
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** SIGKILL ends this wait: the task is not stuck, nobody has ended it. */
  readonly killable: boolean;
  /** More words for people; null when the kind says all. */
  readonly detail: string | null;
}

/**
 * Tells the kind by function names. Those of several generations of kernels stand side by side: 3.10 (`__sb_start_write`
 * waits itself, `wait_on_page_bit`), 4.x and 5.x (`__percpu_down_read`), 6.x (`folio_wait_bit`).
 *
 * @param frames the kernel stack, innermost first, without suffixes of the compiler; or `wchan` alone
 * @param whole whether `frames` is the whole stack
 */
export function classify(frames: readonly string[], whole: boolean): Classified {
  const found = frames.length === 0 ? null : kindOf(frames);
  const kind = found?.kind ?? 'unknown';
  // A name alone can stand below several calls: percpu_rwsem_wait is a freeze as well as a lock of control groups.
  const certainty =
    kind === 'unknown' ? 'possible' : whole ? 'certain' : ambiguous.has(frames[0] ?? '') ? 'possible' : 'likely';
  return { kind, detail: found?.detail ?? null, certainty, killable: kind === 'vfork' || isKillable(frames) };
}

const ambiguous = new Set(['percpu_rwsem_wait', '__percpu_down_read', 'io_schedule', 'do_exit']);

/** The wait itself is one of the innermost functions; further out a name says nothing about it. */
const innermost = 3;

/** `rpc_wait_bit_killable`, `folio_wait_bit_killable`, `down_read_killable`: SIGKILL ends them (TASK_KILLABLE). */
function isKillable(frames: readonly string[]): boolean {
  return frames.slice(0, innermost).some((frame) => frame.endsWith('_killable'));
}

type Found = { readonly kind: WaitKind; readonly detail?: string };

/** The first that fits: what is nearest to the cause of a hang comes first, what every wait for a disk shares last. */
function kindOf(frames: readonly string[]): Found | null {
  const top = frames[0] ?? '';
  const near = frames.slice(0, innermost);
  const any = (pattern: RegExp, among: readonly string[] = frames): boolean =>
    among.some((frame) => pattern.test(frame));
  if (/^(?:wait_for_vfork_done|kernel_clone|_do_fork|do_fork)$/.test(top)) return { kind: 'vfork' };
  const lock = lockOf(frames);
  if (lock !== null) return lock;
  if (any(/^(?:fuse_|__fuse_|virtio_fs_|request_wait_answer$)/)) return { kind: 'fuse' };
  if (any(/^(?:nfs\d?_|__nfs|_nfs\d?_|rpc_|__rpc_|nlmclnt_)/)) return { kind: 'nfs' };
  if (any(/^(?:ceph_|__ceph|cifs_|smb2_|SMB2_|smb3_|afs_|ocfs2_|gfs2_|p9_client_|v9fs_|ldlm_|ptlrpc_)/)) {
    return { kind: 'network-filesystem' };
  }
  if (any(/^(?:cleanup_mnt|do_umount|path_umount|deactivate_locked_super|generic_shutdown_super)$/)) {
    const syncs = any(/^(?:wb_wait_for_completion|sync_filesystem|__sync_filesystem|sync_inodes_sb|evict_inodes)$/);
    return { kind: 'unmount', ...(syncs ? { detail: 'until all data of the node is written to disk' } : {}) };
  }
  if (any(/^(?:__vma_start_write|vma_start_write|mmap_(?:read|write)_lock|lock_mm_and_find_vma)/)) {
    return { kind: 'memory-lock' };
  }
  if (
    any(/^(?:rwsem_down_|down_read|down_write|__down_read|__down_write|call_rwsem_)/, near) &&
    isAboutMemory(frames)
  ) {
    return { kind: 'memory-lock' };
  }
  if (any(journal)) return { kind: 'journal' };
  if (any(/^(?:wb_wait_for_completion|sync_inodes_sb|__writeback_inodes_sb_nr|wb_wait_for_)/))
    return { kind: 'writeback' };
  if (any(/^balance_dirty_pages/))
    return { kind: 'writeback', detail: 'the node has fewer dirty pages (it is throttled)' };
  if (any(disk)) return { kind: 'disk' };
  return exitOf(frames);
}

/** percpu semaphores: a freeze takes one for writing, and so do control groups when a process is moved. */
function lockOf(frames: readonly string[]): Found | null {
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
    return { kind: 'unknown', detail: 'a lock of control groups: a process is being moved between them' };
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

const journal =
  /^(?:jbd2_|do_get_write_access$|wait_transaction_locked|add_transaction_credits|start_this_handle|__jbd2_|kjournald2|xlog_|xfs_log_|xfs_trans_commit|xfs_buf_lock|wait_current_trans|wait_for_commit|btrfs_commit_transaction|btrfs_wait_for_commit)/;

const disk =
  /^(?:io_schedule|bit_wait_io|folio_wait_|__folio_lock|wait_on_page_|__lock_page|wait_on_buffer|__wait_on_buffer|rq_qos_|wbt_wait|blk_|__blk|get_request|submit_bio|blkdev_|__blkdev|bio_|dm_|raid\d|md_|scsi_|nvme_|ext4_sync_file|xfs_file_fsync|file_write_and_wait_range|filemap_fdatawait|__filemap_fdatawait_range|sync_dirty_buffer|kjournald)/;

function isAboutMemory(frames: readonly string[]): boolean {
  return frames.some((frame) =>
    /^(?:do_user_addr_fault|do_page_fault|__do_page_fault|exc_page_fault|vm_mmap_pgoff|__vm_munmap|vm_munmap|ksys_mmap|do_madvise|do_mprotect|access_remote_vm|__access_remote_vm|proc_pid_cmdline|get_cmdline|exit_mm|dup_mm|khugepaged)/.test(
      frame,
    ),
  );
}

/** The last task of a pid namespace waits for all others, and an execve for the other threads. */
function exitOf(frames: readonly string[]): Found | null {
  if (frames.includes('zap_pid_ns_processes')) return { kind: 'exit', detail: 'all other processes of its container' };
  if (
    frames
      .slice(0, innermost)
      .some((frame) => /^(?:do_exit|exit_notify|exit_mm|wait_for_kernel_thread|coredump_)/.test(frame))
  ) {
    return { kind: 'exit' };
  }
  return null;
}
