import type { KernelFunctions } from './kernel-functions.ts';

export const vfork: readonly KernelFunctions[] = [
  { kind: 'vfork', functions: /^(?:wait_for_vfork_done|kernel_clone|_do_fork|do_fork)$/, among: 'innermost' },
];

/** fs/coredump.c, kernel/exit.c: coredump_task_exit() since Linux 5.16, before it exit_mm() itself, which sleeps for nothing else. */
export const coredump: readonly KernelFunctions[] = [
  { kind: 'coredump', functions: /^exit_mm$/, among: 'innermost' },
  { kind: 'coredump', functions: /^(?:do_coredump|coredump_|wait_for_dump_helpers|vfs_coredump)/, among: 'near' },
];

/** io_uring/: an exit cancels what is in flight, and waits for what cannot be cancelled. */
export const asyncIo: readonly KernelFunctions[] = [
  {
    kind: 'async-io',
    functions:
      /^(?:io_wq_put_and_exit|io_wq_exit_workers|io_uring_(?:cancel|try_cancel|del_tctx|clean_tctx)|__io_uring_|io_ring_exit_work|io_ring_ctx_wait)/,
    among: 'any',
  },
];

/** kernel/pid_namespace.c, fs/exec.c, kernel/exit.c */
export const exits: readonly KernelFunctions[] = [
  {
    kind: 'exit',
    functions: /^zap_pid_ns_processes$/,
    among: 'any',
    detail: 'until all other processes of its container have exited',
  },
  { kind: 'exit', functions: /^de_thread$/, among: 'near', detail: 'until its other threads have exited' },
  { kind: 'exit', functions: /^(?:do_exit|exit_notify|exit_mm|wait_for_kernel_thread)/, among: 'near' },
];
