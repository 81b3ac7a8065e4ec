import type { KernelFunctions } from './kernel-functions.ts';

/** One thread changes the memory map while another reads it: mm/mmap_lock.c, include/linux/mmap_lock.h. */
export const memoryLocks: readonly KernelFunctions[] = [
  {
    kind: 'memory-lock',
    functions: /^(?:__vma_start_write|vma_start_write|mmap_(?:read|write)_lock|lock_mm_and_find_vma)/,
    among: 'any',
  },
];

/** mm/vmscan.c, mm/memcontrol.c: the task reclaims memory itself, or waits until others have freed some. */
export const memoryReclaim: readonly KernelFunctions[] = [
  {
    kind: 'memory-reclaim',
    functions:
      /^(?:try_to_free_mem_cgroup_pages|mem_cgroup_handle_over_high|try_charge(?:_memcg)?$|mem_cgroup_charge|mem_cgroup_reclaim|reclaim_high|mem_cgroup_force_empty|mem_cgroup_resize|memory_max_write|memory_high_write)/,
    among: 'any',
    detail: 'its control group, which is at its memory limit',
  },
  // Version 1 only: the handler of a page fault sleeps killably until the limit is raised or a process of the group ends.
  { kind: 'oom-killer-off', functions: /^mem_cgroup_oom_synchronize/, among: 'any' },
  {
    kind: 'memory-reclaim',
    functions:
      /^(?:(?:do_)?try_to_free_pages|shrink_(?:node|lruvec|inactive_list|slab|zones)|reclaim_throttle|throttle_direct_reclaim|too_many_isolated|wait_iff_congested|congestion_wait|__alloc_pages_direct_reclaim|__alloc_pages_direct_compact)/,
    among: 'any',
    detail: 'the node, which has hardly any free memory',
  },
];

/** mm/mmap.c: the last user of an address space frees it, page by page, after the process has died. */
export const memoryTeardown: readonly KernelFunctions[] = [
  { kind: 'async-io', functions: /^exit_aio$/, among: 'any' },
  {
    kind: 'memory-teardown',
    functions: /^(?:exit_mmap|__mmput|mmput|mmput_async_fn|__oom_reap_task_mm)$/,
    among: 'any',
  },
];
