import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** Functions that say what a task waits for, by their beginnings (`model/processes/wait-functions/` has their meaning). */
const telling = [
  ...['request_wait_answer', 'fuse_', 'rpc_wait_bit', 'nfs_', 'nfs3_', 'nfs4_', 'cifs_', 'smb2_', 'ceph_', 'ptlrpc_'],
  ...['autofs_wait', 'fanotify_get_response', 'v9fs_', 'p9_client_'],
  ...[
    'crypt_convert',
    'drbd_',
    'inc_ap_bio',
    'md_write_start',
    'md_flush_request',
    'md_super_wait',
    'raid1_',
    'raid10_',
  ],
  ...['raid5_', 'thin_bio_map', 'nbd_', 'rbd_'],
  ...['jbd2_', 'wait_transaction_locked', 'add_transaction_credits', 'xlog_', 'xfs_log_', 'xfs_buf_lock', 'xfs_ilock'],
  ...['btrfs_', 'wait_current_trans', 'txg_wait', 'zil_commit', 'zio_wait', 'rrw_enter', 'dmu_tx_', '__sb_start_write'],
  ...['percpu_rwsem_wait', 'percpu_down_read', 'wb_wait_for_completion', 'balance_dirty_pages'],
  ...['io_schedule', 'rq_qos_wait', 'wbt_wait', 'blk_mq_freeze', 'blk_mq_get_tag', 'blkdev_'],
  ...['rtnl_lock', 'copy_net_ns', 'cleanup_net', 'netdev_run_todo', 'unregister_netdevice_many', 'synchronize_rcu'],
  ...['synchronize_srcu', 'rcu_barrier', 'cgroup_kn_lock_live', 'cgroup_procs_write', 'namespace_lock', 'copy_mnt_ns'],
  ...['kernfs_dop_revalidate', 'audit_log_start', 'flush_work', 'exit_mmap', 'try_to_free_mem_cgroup_pages'],
  ...['mem_cgroup_oom_synchronize', 'vfio_', 'os_acquire_mutex', 'exit_aio', 'do_coredump', 'zap_pid_ns_processes'],
];
const name = String.raw`(?:_{0,2}(?:${telling.join('|')})[\w.]{0,60})`;

export const kernelStackPatterns = {
  // After the line of a hung task: x86 with and without addresses, arm (`(a+0x1/0x2) from [<80>] (b+0x3/0x4 [btrfs])`). One with a
  // question mark is a leftover of the stack.
  'kernel-stack-wait': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'a function in a stack that the kernel printed, which says what a task waits for',
    hints: telling,
    patterns: [
      new RegExp(
        String.raw`^ {0,8}(?:\[<[0-9a-f]{8,16}>\] {1,3}|\[[0-9a-f]{16}\] ){0,2}${name}\+0x[0-9a-f]{1,5}\/0x`,
        'i',
      ),
      new RegExp(String.raw`^ {0,8}\[<[0-9a-f]{8,16}>\] \([^)]{1,90}\) from \[<[0-9a-f]{8,16}>\] \(${name}\+0x`, 'i'),
    ],
  },
} as const satisfies LogPatterns;
