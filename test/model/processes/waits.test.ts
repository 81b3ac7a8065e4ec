import { describe, expect, test } from 'vitest';
import { type Wait, waitOf } from '../../../src/model/processes/waits.ts';
import type { SyscallValue, VolumeMount } from '../../../src/sample/processes.ts';
import * as make from '../../support/samples.ts';

const { volume } = make;
const root = volume('/', { source: 'overlay', type: 'overlay', device: '0:39' });
const hosts = volume('/etc/hosts', { source: '/dev/vda', device: '254:0' });
const data = volume('/data');

const call = (name: string, file: string | null = null): SyscallValue => ({
  number: 1,
  name,
  fd: file === null ? null : 3,
  file,
});

const wait = (stack: string, syscall: SyscallValue | null = null, volumes: readonly VolumeMount[] = []): Wait => {
  const frames = stack.split(' ');
  return waitOf(make.task(7, { stack: frames, wchan: frames[0] ?? null, syscall }), volumes);
};
const byName = (wchan: string | null): Wait => waitOf(make.task(7, { stack: null, wchan }), []);

describe('a write to a frozen filesystem', () => {
  test.each([
    ['Linux 6.18, open', 'percpu_rwsem_wait mnt_want_write path_openat do_filp_open do_sys_openat2 __x64_sys_openat'],
    ['Linux 6.18, write', 'percpu_rwsem_wait vfs_write ksys_write do_syscall_64'],
    ['Linux 6.18, loop device', 'percpu_rwsem_wait lo_rw_aio.isra.0 loop_process_work process_one_work kthread'],
    ['Linux 6.1, memory map', 'percpu_rwsem_wait ext4_page_mkwrite do_page_mkwrite do_wp_page handle_mm_fault'],
    ['Linux 5.4', '__percpu_down_read __sb_start_write vfs_write ksys_write'],
    ['Linux 4.19', 'rwsem_down_read_failed __percpu_down_read __sb_start_write mnt_want_write path_openat'],
    ['Linux 3.10', '__sb_start_write mnt_want_write do_last path_openat do_filp_open sys_open'],
    ['XFS', 'percpu_rwsem_wait xfs_trans_alloc xfs_vn_update_time file_update_time'],
  ])('is known on %s', (_, stack) => {
    expect(wait(stack)).toMatchObject({ kind: 'frozen-filesystem', certainty: 'certain', killable: false });
  });

  test('is on the mount of its descriptor', () => {
    expect(wait('percpu_rwsem_wait vfs_write ksys_write', call('write', '/data/log'), [root, hosts, data])).toEqual({
      kind: 'frozen-filesystem',
      text: 'write() to a frozen ext4 filesystem',
      mount: data,
      how: 'descriptor',
      certainty: 'certain',
      killable: false,
    });
  });

  test('is on the only filesystem it could be written to, where there is no descriptor', () => {
    const stack = 'percpu_rwsem_wait mnt_want_write path_openat do_filp_open';
    expect(wait(stack, call('openat'), [root, hosts, data])).toMatchObject({
      text: 'openat() on a frozen ext4 filesystem',
      mount: { mountPoint: '/data' },
      how: 'only one of its kind',
      certainty: 'likely',
    });
    const other = volume('/cache', { device: '7:1' });
    expect(wait(stack, call('openat'), [root, data, other])).toMatchObject({ mount: null, how: null });
    expect(wait(stack, call('openat'), [root, data, { ...other, readOnly: true }]).mount).toBe(data);
    expect(wait(stack, call('openat'), [root, data, volume('/data/sub')]).mount).toBe(data);
  });

  test('below an overlay is reported as the container’s root', () => {
    expect(wait('percpu_rwsem_wait mnt_want_write ovl_create_object path_openat', null, [root, data])).toMatchObject({
      text: 'open() on a frozen filesystem below the container’s root',
      mount: root,
    });
  });

  test('is only possible by the name of the lock alone, which others share', () => {
    expect(byName('percpu_rwsem_wait')).toMatchObject({ kind: 'frozen-filesystem', certainty: 'possible' });
    expect(byName('__sb_start_write')).toMatchObject({ kind: 'frozen-filesystem', certainty: 'likely' });
  });

  test('of the balloon of Hyper-V is not for a disk, though its thread is named dm_', () => {
    expect(wait('wait_for_completion_timeout dm_thread_func kthread ret_from_fork').kind).toBe('unknown');
    expect(wait('schedule dm_wait_for_completion __dm_suspend').kind).not.toBe('unknown');
  });

  test.each([
    ['control groups, while a process is moved', 'percpu_rwsem_wait cgroup_can_fork copy_process kernel_clone'],
    ['control groups, at an exit', 'percpu_rwsem_wait exit_signals do_exit do_group_exit'],
    ['the writeback of ext4 itself', 'percpu_rwsem_wait ext4_writepages do_writepages'],
  ])('is not a lock of %s', (_, stack) => {
    expect(wait(stack).kind).not.toBe('frozen-filesystem');
  });
});

describe('the kind of a wait', () => {
  test.each([
    ['fuse', 'request_wait_answer fuse_simple_request fuse_lookup_name fuse_lookup __lookup_slow', false],
    ['fuse', 'folio_wait_bit_common fuse_wait_on_folio_writeback fuse_fsync', false],
    ['nfs', 'rpc_wait_bit_killable __rpc_execute rpc_run_task nfs4_call_sync_sequence nfs4_proc_getattr', true],
    ['nfs', 'io_schedule folio_wait_bit nfs_wb_all nfs_file_flush filp_close', false],
    ['network-filesystem', 'wait_for_response cifs_send_recv SMB2_open cifs_open', false],
    ['network-filesystem', 'ceph_mdsc_wait_request ceph_mdsc_do_request ceph_atomic_open', false],
    ['unmount', 'wb_wait_for_completion __writeback_inodes_sb_nr sync_filesystem ovl_sync_fs cleanup_mnt', false],
    ['unmount', 'rwsem_down_read_slowpath ovl_sync_fs sync_filesystem generic_shutdown_super cleanup_mnt', false],
    ['unmount', 'fuse_wait_aborted fuse_sb_destroy fuse_kill_sb_anon deactivate_locked_super cleanup_mnt', false],
    ['writeback', 'wb_wait_for_completion sync_inodes_sb iterate_supers ksys_sync', false],
    ['writeback', 'balance_dirty_pages balance_dirty_pages_ratelimited_flags generic_perform_write', false],
    ['journal', 'jbd2_log_wait_commit jbd2_complete_transaction ext4_sync_file do_fsync', false],
    ['journal', 'do_get_write_access jbd2_journal_get_write_access ext4_dirty_inode', false],
    ['journal', 'xlog_grant_head_wait xfs_log_reserve xfs_trans_reserve', false],
    ['disk', 'folio_wait_bit folio_wait_writeback __filemap_fdatawait_range ext4_sync_file do_fsync', false],
    ['disk', 'wait_on_page_bit ext4_sync_file do_fsync', false],
    ['disk', 'rq_qos_wait wbt_wait __rq_qos_throttle blk_mq_submit_bio', false],
    ['disk', 'folio_wait_bit_killable filemap_read vfs_read', true],
    ['disk-encryption', 'wait_for_completion crypt_convert kcryptd_crypt process_one_work worker_thread', false],
    ['drbd', '__wait_for_common __state_change_unlock __end_state_change change_cluster_wide_state', false],
    ['drbd', 'down begin_state_change change_role drbd_set_role', false],
    ['drbd', 'inc_ap_bio drbd_submit_bio submit_bio_noacct ext4_io_submit ext4_writepages do_writepages', false],
    ['disk', 'md_write_start raid5_make_request md_handle_request submit_bio_noacct xfs_buf_submit', false],
    // The journal waits for its own pages, whatever lies below.
    ['journal', 'io_schedule bit_wait_io jbd2_journal_commit_transaction kjournald2 kthread', false],
    ['memory-lock', '__vma_start_write do_vmi_align_munmap __vm_munmap', false],
    ['memory-lock', 'rwsem_down_read_slowpath down_read do_user_addr_fault exc_page_fault', false],
    ['memory-lock', 'rwsem_down_read_failed call_rwsem_down_read_failed down_read __do_page_fault', false],
    ['vfork', 'kernel_clone __do_sys_vfork do_syscall_64', true],
    ['vfork', '_do_fork do_syscall_64', true],
    ['exit', 'do_exit do_group_exit get_signal', false],
    ['exit', 'do_wait kernel_wait4 zap_pid_ns_processes do_exit', false],
    ['autofs', 'autofs_wait autofs_mount_wait autofs_d_manage follow_down walk_component', false],
    ['fanotify', 'fanotify_get_response fanotify_handle_event fsnotify do_dentry_open path_openat', false],
    ['zfs', 'cv_wait_common __cv_wait txg_wait_synced_impl txg_wait_synced zil_commit zfs_fsync', false],
    ['zfs', 'zil_commit zfs_fsync do_fsync', false],
    ['filesystem-lock', 'rwsem_down_write_slowpath down_write xfs_ilock xfs_file_buffered_write', false],
    ['filesystem-lock', '__btrfs_tree_lock btrfs_tree_lock btrfs_search_slot btrfs_lookup_inode', false],
    ['filesystem-lock', 'rwsem_down_read_slowpath down_read walk_component path_lookupat filename_lookup', false],
    ['filesystem-lock', 'grab_super sget zpl_mount legacy_get_tree vfs_get_tree', false],
    ['filesystem-lock', 'rwsem_down_write_slowpath down_write grab_super sget nfs_get_tree_common', false],
    // What is mounted already and answers no more.
    ['nfs', 'rpc_wait_bit_killable __rpc_execute nfs4_proc_get_root nfs_get_root nfs_get_tree_common', true],
    ['freezer', '__refrigerator unix_stream_data_wait unix_stream_read_generic vfs_read', false],
    ['freezer', '__refrigerator futex_wait_queue_me futex_wait do_futex', false],
    ['freezer', 'do_freezer_trap get_signal arch_do_signal_or_restart exit_to_user_mode_loop', false],
    ['network-device', '__mutex_lock rtnl_lock rtnetlink_rcv_msg netlink_rcv_skb', false],
    ['network-device', '__flush_work rollback_registered_many unregister_netdevice_many rtnl_dellink', false],
    ['network-device', 'msleep netdev_run_todo rtnl_unlock rtnetlink_rcv_msg', false],
    ['network-device', 'netdev_wait_allrefs_any netdev_run_todo default_device_exit_batch cleanup_net kthread', false],
    ['network-device', 'rwsem_down_read_slowpath down_read_killable copy_net_ns create_new_namespaces', true],
    ['rcu', '__wait_rcu_gp synchronize_rcu namespace_unlock do_mount ksys_mount', false],
    ['rcu', '__wait_rcu_gp synchronize_rcu_normal synchronize_net dev_deactivate_many __dev_close_many', false],
    ['rcu', 'wait_for_completion __synchronize_srcu synchronize_srcu fsnotify_mark_destroy_workfn', false],
    ['cgroup-lock', '__mutex_lock proc_cgroup_show proc_single_show seq_read_iter', false],
    ['cgroup-lock', '__mutex_lock cgroup_kn_lock_live __cgroup_procs_write cgroup_procs_write kernfs_fop_write', false],
    ['cgroup-lock', 'percpu_down_write cgroup_procs_write_start __cgroup1_procs_write cgroup_file_write', false],
    ['cgroup-lock', 'percpu_rwsem_wait cgroup_can_fork copy_process kernel_clone', false],
    ['kernfs', 'rwsem_down_read_slowpath down_read kernfs_dop_revalidate lookup_fast walk_component', false],
    ['cgroup-lock', '__mutex_lock cgroup_kn_lock_live cgroup_mkdir kernfs_iop_mkdir vfs_mkdir', false],
    ['cgroup-lock', 'cgroup_drain_dying cgroup_rmdir kernfs_iop_rmdir vfs_rmdir do_rmdir', false],
    [
      'filesystem-lock',
      '__mutex_lock.isra.0 btrfs_start_delalloc_roots flush_space priority_reclaim_metadata_space',
      false,
    ],
    ['writeback', 'btrfs_start_ordered_extent btrfs_wait_ordered_range __btrfs_wait_cache_io', false],
    ['zfs', 'cv_wait_common __cv_wait txg_wait_synced zil_close zfs_umount generic_shutdown_super', false],
    ['mount-lock', 'rwsem_down_write_slowpath down_write namespace_lock do_umount path_umount', false],
    ['mount-lock', 'rwsem_down_write_slowpath copy_mnt_ns create_new_namespaces ksys_unshare', false],
    ['mount-lock', 'rwsem_down_read_slowpath down_read m_start seq_read_iter vfs_read', false],
    ['memory-lock', 'rwsem_down_read_slowpath down_read_killable m_start seq_read_iter vfs_read', true],
    ['memory-reclaim', 'shrink_inactive_list shrink_lruvec shrink_node try_to_free_mem_cgroup_pages try_charge', false],
    ['memory-reclaim', 'io_schedule folio_wait_writeback shrink_folio_list try_to_free_mem_cgroup_pages', false],
    ['oom-killer-off', 'mem_cgroup_oom_synchronize pagefault_out_of_memory exc_page_fault', true],
    ['coredump', 'exit_mm do_exit do_group_exit get_signal', false],
    ['memory-lock', 'rwsem_down_read_failed call_rwsem_down_read_failed down_read exit_mm do_exit', false],
    ['memory-teardown', 'exit_mmap __mmput mmput exit_mm do_exit do_group_exit get_signal', false],
    ['async-io', 'exit_aio __mmput mmput exit_mm do_exit', false],
    ['async-io', 'io_wq_put_and_exit io_uring_cancel_generic do_exit do_group_exit', false],
    ['vfio', 'vfio_unmap_unpin vfio_remove_dma vfio_iommu_type1_detach_group __fput task_work_run do_exit', false],
    ['nvidia', 'rwsem_down_write_slowpath down_write os_acquire_rwlock_write _nv042117rm nvidia_ioctl', false],
    ['nvidia', 'down os_acquire_mutex _nv012345rm rm_ioctl nvidia_unlocked_ioctl', false],
    ['seccomp', 'wait_for_completion_killable seccomp_do_user_notification __seccomp_filter', true],
    ['coredump', 'do_coredump get_signal arch_do_signal_or_restart', false],
    ['audit', 'audit_log_start audit_log_exit __audit_syscall_exit', false],
    ['helper-program', 'wait_for_completion call_usermodehelper_exec __request_module dev_load', false],
    ['kernel-work', 'flush_work flush_delayed_work fsnotify_wait_marks_destroyed fsnotify_destroy_group', false],
    ['kernel-work', '__flush_work lru_add_drain_all do_migrate_pages', false],
    ['exit', 'de_thread begin_new_exec load_elf_binary', false],
    ['unknown', 'msleep some_driver_call do_syscall_64', false],
  ])('%s: %s', (kind, stack, killable) => {
    expect(wait(stack)).toMatchObject({ kind, killable });
  });

  test.each([
    ['kernel_clone', 'vfork', 'likely', true],
    ['rpc_wait_bit_killable', 'nfs', 'likely', true],
    ['request_wait_answer', 'fuse', 'likely', false],
    ['io_schedule', 'disk', 'possible', false],
    ['__refrigerator', 'freezer', 'likely', false],
    ['exit_mmap', 'memory-teardown', 'likely', false],
    ['rtnl_lock', 'network-device', 'likely', false],
    ['synchronize_rcu', 'rcu', 'likely', false],
    ['m_start', 'mount-lock', 'possible', false],
    ['fanotify_get_response', 'fanotify', 'likely', false],
    ['odd_function', 'unknown', 'possible', false],
    [null, 'unknown', 'possible', false],
  ])('by wchan %s alone is %s, %s', (wchan, kind, certainty, killable) => {
    expect(byName(wchan)).toMatchObject({ kind, certainty, killable });
  });

  test('does not hang on the suffixes of the compiler', () => {
    expect(wait('percpu_rwsem_wait mnt_want_write.part.0 path_openat.constprop.0').kind).toBe('frozen-filesystem');
  });
});

describe('the place of a wait', () => {
  test('is no mount that is there while another one is being made', () => {
    const reads = 'blk_mq_get_tag blk_mq_submit_bio submit_bio ext4_sb_breadahead_unmovable __ext4_fill_super';
    const made = wait(`${reads} ext4_fill_super get_tree_bdev vfs_get_tree`, call('mount'), [volume('/')]);
    expect(made).toMatchObject({ text: 'mount() waiting for the disk of an ext4 filesystem', mount: null, how: null });
    const read = wait('io_schedule folio_wait_bit ext4_read_folio filemap_read', call('read'), [volume('/')]);
    expect(read.mount).toMatchObject({ mountPoint: '/' });
  });

  const home = volume('/home', { type: 'nfs4', source: 'server:/home', device: '0:60' });
  const s3 = volume('/mnt/s3', { type: 'fuse.s3fs', source: 's3fs', device: '0:61' });
  const disk = volume('/srv', { type: 'xfs', source: '/dev/vdb', device: '254:16' });
  const all = [root, hosts, home, s3, disk];

  test('is the filesystem of the kind, when there is one', () => {
    expect(wait('rpc_wait_bit_killable nfs4_proc_getattr', null, all)).toMatchObject({
      mount: home,
      certainty: 'likely',
    });
    expect(wait('request_wait_answer fuse_getattr', null, all).mount).toBe(s3);
    expect(wait('io_schedule xfs_buf_iowait xfs_buf_read', null, all).mount).toBe(disk);
  });

  test('is not reported when two could be meant, or the kernel says nothing of filesystems', () => {
    expect(
      wait('request_wait_answer fuse_getattr', null, [s3, volume('/b', { type: 'fuse.b', device: '0:7' })]).mount,
    ).toBeNull();
    expect(wait('io_schedule blk_mq_get_tag', null, all).mount).toBeNull();
  });

  test('is the mount with the longest path above the file', () => {
    const inner = volume('/data/inner', { device: '7:9' });
    const stack = 'folio_wait_bit ext4_sync_file do_fsync';
    expect(wait(stack, call('fsync', '/data/inner/a'), [root, data, inner]).mount).toBe(inner);
    expect(wait(stack, call('fsync', '/data/innermost'), [root, data, inner]).mount).toBe(data);
    expect(wait(stack, call('fsync', '/data'), [root, data, inner]).mount).toBe(data);
  });

  test('is not guessed when the file is on none of the mounts that are known', () => {
    expect(wait('folio_wait_bit ext4_sync_file', call('fsync', '/elsewhere/a'), [data])).toMatchObject({
      mount: null,
      how: null,
    });
  });

  test('is none for a wait that is for no filesystem', () => {
    expect(wait('kernel_clone __do_sys_vfork', null, all)).toMatchObject({ mount: null, how: null });
    expect(wait('wb_wait_for_completion cleanup_mnt', call('umount2'), [data]).mount).toBeNull();
  });
});

describe('the words for a wait', () => {
  test.each([
    ['percpu_rwsem_wait vfs_write', call('pwrite64'), 'pwrite64() to a frozen filesystem'],
    [
      'percpu_rwsem_wait ext4_page_mkwrite do_page_mkwrite',
      null,
      'a write through a memory map to a frozen ext4 filesystem',
    ],
    ['percpu_rwsem_wait lo_rw_aio loop_process_work kthread', null, 'work of the kernel on a frozen filesystem'],
    ['request_wait_answer fuse_getattr', call('statx'), 'statx() on a FUSE filesystem whose daemon does not answer'],
    ['rpc_wait_bit_killable nfs4_proc_read', call('read'), 'read() from an NFS server that does not answer'],
    ['folio_wait_bit ext4_sync_file', call('fsync'), 'fsync() waiting for the disk of an ext4 filesystem'],
    ['rq_qos_wait blk_mq_submit_bio', call('write'), 'write() waiting for the disk'],
    ['jbd2_log_wait_commit ext4_sync_file', call('fsync'), 'fsync() waiting for the journal of an ext4 filesystem'],
    [
      'wb_wait_for_completion sync_filesystem cleanup_mnt',
      call('umount2'),
      'an unmount waiting until all data of its filesystem is written to disk',
    ],
    ['kernel_clone __do_sys_vfork', call('vfork'), 'a vfork whose child has neither started a program nor exited'],
    ['msleep some_driver', call('ioctl'), 'ioctl(), in msleep'],
    [
      'percpu_rwsem_wait cgroup_can_fork',
      call('clone3'),
      'clone3() waiting for the lock of all control groups while a process is moved from one to another',
    ],
  ])('in %s', (stack, syscall, text) => {
    expect(wait(stack, syscall).text).toBe(text);
  });

  test('say who may see more when nothing is reported', () => {
    expect(byName(null).text).toBe('unknown (run as root)');
    expect(waitOf(make.task(7, { stack: ['percpu_rwsem_wait'] }), []).text).toContain('a frozen filesystem');
  });
});

describe('more layers are known by their functions', () => {
  test.each([
    ['cl_sync_io_wait cl_sync_file_range ll_delete_inode evict generic_shutdown_super', 'a Lustre filesystem'],
    ['stop_sync_thread __md_stop_writes md_stop raid_dtr dm_table_destroy dev_suspend', 'a RAID array (md)'],
    [
      '__bch2_closure_sync bch2_dev_allocator_remove bch2_fs_read_only bch2_fs_stop generic_shutdown_super',
      'an unmount of a bcachefs filesystem',
    ],
  ])('%s', (stack, text) => {
    expect(wait(stack).text).toContain(text);
  });

  test('a read of a block of the kernel itself is not of Lustre', () => {
    expect(wait('io_schedule __wait_on_buffer ll_rw_block ext4_bread').text).not.toContain('Lustre');
  });
});
