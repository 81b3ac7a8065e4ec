import type { KernelFunctions } from './kernel-functions.ts';

/**
 * kernel/freezer.c (v1, and suspend), kernel/signal.c (v2, since Linux 5.2). From Linux 6.1 on (f5d39b020809) a task that
 * sleeps is frozen where it sleeps, and then no function says so.
 */
export const freezer: readonly KernelFunctions[] = [
  { kind: 'freezer', functions: /^(?:__refrigerator|do_freezer_trap|try_to_freeze)/, among: 'near' },
];

/** kernel/cgroup/: one mutex for all changes of control groups. kernfs: the tree below /sys and the control groups. */
export const controlGroups: readonly KernelFunctions[] = [
  // In stable kernels since April 2026 (6.12, 6.19): rmdir of a group. It lets the lock of the others go meanwhile.
  {
    kind: 'cgroup-lock',
    functions: /^cgroup_drain_dying$/,
    among: 'near',
    detail: 'the last processes of a control group, which it removes, to exit',
  },
  // mkdir, rmdir and rename call what the tree belongs to: control groups have locks of their own.
  {
    kind: 'kernfs',
    functions:
      /^(?:kernfs_dop_revalidate|kernfs_iop_(?!mkdir|rmdir|rename)|kernfs_fop_readdir|kernfs_drain|kernfs_remove|__kernfs_remove|kernfs_get_active|kernfs_add_one)/,
    among: 'near',
  },
  {
    kind: 'cgroup-lock',
    functions:
      /^(?:proc_cgroup_show|proc_cgroupstats_show|cgroup_kn_lock_live|cgroup_lock|cgroup_procs_write|cgroup_threads_write|cgroup1?_tasks_write|__cgroup1?_procs_write|cgroup_attach|cgroup_migrate|cgroup_mkdir|cgroup_rmdir|cgroup_destroy|cgroup_(?:subtree_control|file)_write|cgroup_drain|cgroup_save_control|cgroup_can_fork|cgroup_css_set_fork|cgroup_post_fork|cgroup_exit|cgroup1_|cpuset_(?:write|common_seq|track|hotplug)|cgroupstats_build)/,
    among: 'near',
  },
];
