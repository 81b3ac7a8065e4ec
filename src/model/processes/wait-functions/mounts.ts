import type { KernelFunctions } from './kernel-functions.ts';

/** fs/namespace.c: one lock (namespace_sem) for all changes of all mount namespaces. */
export const mounts: readonly KernelFunctions[] = [
  {
    kind: 'mount-lock',
    functions:
      /^(?:namespace_lock|namespace_unlock|copy_mnt_ns|(?:do_)?lock_mount|do_move_mount|open_detached_copy|mounts_open_common|m_start)/,
    among: 'near',
  },
];
