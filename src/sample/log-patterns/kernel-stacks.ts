import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/**
 * Functions that say what a task waits for, by their beginnings without underscores (`model/processes/wait-functions/` has their meaning).
 * The locks say that it waits for another task. What every path walk or read goes through is left out: few lines are kept of a stack.
 */
const telling = `
  mutex_lock rwsem_down_ percpu_rwsem_wait percpu_down_ lock_mm_and_find_vma vma_start_write mmap_read_lock
  request_wait_answer fuse_ virtio_fs_ rpc_ nfs_ nfs3_ nfs4_ nlmclnt_ cifs_ smb2_ smb3_ ceph_ ptlrpc_ ldlm_ cl_sync_ cl_io_ ll_put_super ll_delete_inode lustre_ osc_ mdc_ bch2_ ocfs2_ gfs2_ autofs_wait autofs4_ fanotify_
  v9fs_ p9_client_ seccomp_do_user audit_
  crypt_ dmcrypt_ kcryptd_ drbd_ inc_ap_bio md_ mddev_ stop_sync_thread idle_sync_thread raid0_ raid1_ raid10_ raid5_ wait_barrier wait_read_barrier freeze_array
  make_stripe_request r5l_ dm_ dev_suspend thin_ pool_suspend pool_presuspend process_thin_ snapshot_map origin_write bch_ cached_dev_ nbd_ rbd_
  io_schedule bit_wait_io folio_wait_ wait_on_page_ wait_on_buffer rq_qos_ wbt_ blk_mq_freeze blk_mq_get_tag blk_queue_enter blkdev_ scsi_ nvme_
  jbd2_ do_get_write_access wait_transaction_locked add_transaction_credits start_this_handle xlog_ xfs_log_ xfs_trans_commit xfs_buf_ xfs_ilock btrfs_
  wait_current_trans wait_for_commit ext4_sync_file f2fs_ txg_wait cv_wait cv_timedwait zil_commit zio_wait rrw_enter dmu_tx_ spa_ zfs_ zpl_ zvol_ sb_start_
  ovl_sync_fs wb_wait_for_ writeback_inodes_sb sync_inodes_sb balance_dirty_pages filemap_fdatawait generic_shutdown_super cleanup_mnt namespace_lock
  copy_mnt_ns grab_super super_lock kernfs_
  rtnl_ copy_net_ns cleanup_net setup_net netdev_run_todo netdev_wait_allrefs unregister_netdev rollback_registered proc_cgroup cgroup cpuset_
  refrigerator do_freezer_trap wait_rcu_gp synchronize_ rcu_barrier srcu_barrier exp_funnel_lock flush_work drain_workqueue cancel_work_sync
  cancel_delayed_work fsnotify_wait_marks call_usermodehelper request_module stop_one_cpu stop_machine lru_add_drain_all
  exit_mmap try_to_free_ mem_cgroup_ try_charge reclaim_throttle throttle_direct_reclaim congestion_wait wait_iff_congested alloc_pages_direct vfio_
  nvidia_ uvm_ os_acquire_ exit_aio io_uring_ io_wq_ do_coredump coredump_ zap_pid_ns_processes wait_for_vfork_done de_thread
`
  .trim()
  .split(/\s+/);
const name = String.raw`(?:_{0,3}(?:${telling.join('|')})[\w.]{0,60})`;

/** Each function is followed by its offset and its size: `fuse_flush+0x17a/0x1e0`. */
const sizes = Array.from('123456789abcdef', (digit) => `/0x${digit}`);

export const kernelStackPatterns = {
  // After the line of a hung task: x86 with and without addresses, arm (`(a+0x1/0x2) from [<80>] (b+0x3/0x4 [btrfs])`). One with a
  // question mark is a leftover of the stack.
  'kernel-stack-wait': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'a function in a stack that the kernel printed, which says what a task waits for',
    hints: sizes,
    patterns: [
      new RegExp(
        String.raw`^ {0,8}(?:\[<[0-9a-f]{8,16}>\] {1,3}|\[[0-9a-f]{16}\] ){0,2}${name}\+0x[0-9a-f]{1,5}\/0x`,
        'i',
      ),
      new RegExp(String.raw`^ {0,8}\[<[0-9a-f]{8,16}>\] \([^)]{1,90}\) from \[<[0-9a-f]{8,16}>\] \(${name}\+0x`, 'i'),
    ],
  },
  // Linux 4.9 without frame pointers (Debian 9) marks every frame as one that may be a leftover, schedule() as well.
  'kernel-stack-guess': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'a function in a stack of which the kernel is not sure',
    hints: sizes,
    patterns: [
      new RegExp(
        String.raw`^ {0,8}(?:\[<[0-9a-f]{8,16}>\] {1,3})?\? (?:schedule(?:_preempt_disabled)?|${name})\+0x[0-9a-f]{1,5}\/0x`,
        'i',
      ),
    ],
  },
} as const satisfies LogPatterns;
