import type { KernelFunctions } from './kernel-functions.ts';

/** Filesystems whose answers come from a program or from another machine. */
export const answeredElsewhere: readonly KernelFunctions[] = [
  { kind: 'fuse', functions: /^(?:fuse_|__fuse_|virtio_fs_|request_wait_answer$)/, among: 'any' },
  { kind: 'nfs', functions: /^(?:nfs\d?_|__nfs|_nfs\d?_|rpc_|__rpc_|nlmclnt_)/, among: 'any' },
  // lustre/{llite,osc,mdc,obdclass}; `ll_rw_block` is of the kernel itself (fs/buffer.c).
  {
    kind: 'network-filesystem',
    functions:
      /^(?:cl_(?:sync_|io_|lock_|object_|glimpse_)|ll_(?!rw_block|back_merge|front_merge|merge_)|lustre_|osc_|mdc_|lmv_|lov_|obd_)/,
    among: 'any',
    detail: 'Lustre',
  },
  {
    kind: 'network-filesystem',
    functions: /^(?:ceph_|__ceph|cifs_|smb2_|SMB2_|smb3_|afs_|ocfs2_|gfs2_|p9_client_|v9fs_|ldlm_|ptlrpc_)/,
    among: 'any',
  },
  { kind: 'autofs', functions: /^autofs4?_/, among: 'any' },
  // fs/notify/fanotify/fanotify.c: the call continues when the watching program allows or denies it.
  { kind: 'fanotify', functions: /^fanotify_get_response$|^fanotify_handle_event$/, among: 'any' },
];

/** Filesystems on a disk of this node: their journals, and their own locks. */
export const journals: readonly KernelFunctions[] = [
  {
    kind: 'journal',
    functions:
      /^(?:jbd2_|do_get_write_access$|wait_transaction_locked|add_transaction_credits|start_this_handle|__jbd2_|kjournald2|xlog_|xfs_log_|xfs_trans_commit|xfs_buf_lock|wait_current_trans|wait_for_commit|btrfs_commit_transaction|btrfs_wait_for_commit)/,
    among: 'any',
  },
  // OpenZFS: module/os/linux/spl/spl-condvar.c, module/zfs/txg.c, zil.c, zio.c. Every wait of ZFS ends in a condition variable.
  {
    kind: 'zfs',
    functions:
      /^(?:(?:__)?cv_(?:timed)?wait|txg_wait_|zil_commit|zio_wait$|dmu_tx_|dbuf_|dsl_|spa_|zfs_|zpl_|zvol_|taskq_wait)/,
    among: 'any',
  },
];

export const writeback: readonly KernelFunctions[] = [
  // fs/btrfs/ordered-data.c
  {
    kind: 'writeback',
    functions: /^btrfs_(?:start_ordered_extent|wait_ordered_)/,
    among: 'near',
    detail: 'writes of a btrfs filesystem that have begun are on the disk',
  },
  {
    kind: 'writeback',
    functions: /^(?:wb_wait_for_completion|sync_inodes_sb|__writeback_inodes_sb_nr|wb_wait_for_)/,
    among: 'any',
  },
  {
    kind: 'writeback',
    functions: /^balance_dirty_pages/,
    among: 'any',
    detail: 'the node has fewer dirty pages (it is throttled)',
  },
];

export const disks: readonly KernelFunctions[] = [
  {
    kind: 'disk',
    functions:
      /^(?:io_schedule|bit_wait_io|folio_wait_|__folio_lock|wait_on_page_|__lock_page|wait_on_buffer|__wait_on_buffer|rq_qos_|wbt_wait|blk_|__blk|get_request|submit_bio|blkdev_|__blkdev|bio_|dm_(?!thread_func$)|raid\d|md_|scsi_|nvme_|nbd_|rbd_|drbd_|bch_|ext4_sync_file|xfs_file_fsync|xfs_buf_iowait|file_write_and_wait_range|filemap_fdatawait|__filemap_fdatawait_range|sync_dirty_buffer|kjournald)/,
    among: 'any',
  },
];

/**
 * fs/super.c: a mount of a filesystem that is being mounted or unmounted already, or a sync of all, waits for its s_umount. Those of 6.6 on
 * wait without that lock, too.
 */
export const superblocks: readonly KernelFunctions[] = [
  {
    kind: 'filesystem-lock',
    functions: /^(?:grab_super(?:_dead)?|super_lock(?:_shared|_excl|_dead)?)$/,
    among: 'near',
  },
];

/** Locks of files and directories, which another task holds that works on the same ones. */
export const fileLocks: readonly KernelFunctions[] = [
  {
    kind: 'filesystem-lock',
    functions:
      /^(?:xfs_ilock|xfs_iget|xfs_buf_get|btrfs_tree_(?:read_)?lock|btrfs_lock_|__btrfs_tree_(?:read_)?lock|ext4_xattr_)/,
    among: 'near',
  },
  {
    kind: 'filesystem-lock',
    functions:
      /^(?:inode_lock|lock_rename|lookup_slow|__lookup_slow|walk_component|d_alloc_parallel|iterate_dir|iget_locked|find_inode|__wait_on_freeing_inode|wait_on_inode|filename_create|do_rmdir|do_unlinkat|do_renameat2|open_last_lookups|do_last|chmod_common|chown_common|do_truncate)/,
    among: 'near',
  },
];
