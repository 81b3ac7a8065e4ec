import type { KernelFunctions } from './kernel-functions.ts';

/** kernel/rcu/: a grace period ends when every CPU has passed a quiet point. */
export const rcu: readonly KernelFunctions[] = [
  {
    kind: 'rcu',
    functions:
      /^(?:_*wait_rcu_gp|_*synchronize_(?:rcu|sched|srcu)|rcu_barrier|srcu_barrier|exp_funnel_lock|rcu_exp_|sync_rcu_|synchronize_net)/,
    among: 'near',
  },
];

/** net/core/rtnetlink.c, dev.c, net_namespace.c: one lock for all network devices, and the end of network namespaces. */
export const networkDevices: readonly KernelFunctions[] = [
  {
    kind: 'network-device',
    functions: /^(?:netdev_wait_allrefs|netdev_run_todo)/,
    among: 'any',
    detail: 'until nothing uses a removed network device any more',
  },
  {
    kind: 'network-device',
    functions: /^(?:copy_net_ns|cleanup_net|setup_net|ops_exit_list|ops_undo|net_ns_|default_device_exit)/,
    among: 'any',
    detail: 'for the end of another network namespace',
  },
  {
    kind: 'network-device',
    functions:
      /^(?:rtnl_dellink|rtnl_delete_link|unregister_netdevice|unregister_netdev|rollback_registered|dev_close|__dev_close)/,
    among: 'any',
    detail: 'for the removal of a network device',
  },
  {
    kind: 'network-device',
    functions:
      /^(?:_*rtnl_|rtnetlink_|register_netdev|dev_ioctl|devinet_ioctl|inet_rtm_|addrconf_|lock_rtnl|netlink_table_grab)/,
    among: 'any',
    detail: 'for the lock of the network devices (rtnl)',
  },
];

/** Other waits of the kernel: for programs that it starts or queries, and for work of its own threads. */
export const kernelServices: readonly KernelFunctions[] = [
  { kind: 'seccomp', functions: /^seccomp_do_user_notification$/, among: 'near' },
  { kind: 'audit', functions: /^audit_(?:log_start|backlog)/, among: 'near' },
  {
    kind: 'helper-program',
    functions:
      /^(?:call_usermodehelper_exec|__request_module|request_key_and_link|call_sbin_request_key|_request_firmware)$/,
    among: 'near',
  },
];

/** kernel/workqueue.c, kernel/stop_machine.c. */
export const kernelWork: readonly KernelFunctions[] = [
  // fs/notify/mark.c: the thread waits for a grace period of SRCU before it frees them.
  {
    kind: 'kernel-work',
    functions: /^fsnotify_wait_marks_destroyed$/,
    among: 'near',
    detail: 'that frees inotify watches (fsnotify)',
  },
  {
    kind: 'kernel-work',
    functions:
      /^(?:_*flush_work|_*flush_workqueue|drain_workqueue|_*cancel_(?:delayed_)?work_sync|stop_one_cpu|stop_machine|lru_add_drain_all|__lru_add_drain_all|kthread_stop|kthread_flush_work)/,
    among: 'near',
  },
];
