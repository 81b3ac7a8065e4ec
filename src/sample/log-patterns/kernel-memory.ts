import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** mm/{oom_kill,page_alloc,slub,memcontrol}.c, fs/xfs/kmem.c from 3.10 to 6.18. */
export const kernelMemoryPatterns = {
  'kmem-cache-failed': {
    units,
    group: 'memory',
    severity: 'info',
    rule: 'kmem-accounting-leak',
    meaning: 'the kernel could not allocate from a slab of a control group',
    hints: ['unable to allocate memory on node', 'kmem_cache_create'],
    patterns: [/SLUB: Unable to allocate memory on node/, /kmem_cache_create\(.*failed with error/],
  },
  // mm/slub.c, slab_out_of_memory(): below that line, the cache with the name of its control group (to 5.8, when caches became common to all).
  'kmem-cache-of-group': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'the kernel could not allocate for a container: its memory limit leaves no room',
    hints: [', object size: '],
    patterns: [
      /^ {0,4}cache: [\w.-]{1,64}\(\d{1,10}:(?:docker-|cri-containerd-|crio-|libpod-)?(?<container>[0-9a-f]{64})(?:\.scope)?\), object size: /,
      /^ {0,4}cache: [\w.-]{1,64}\(\d{1,10}:(?<about>[^)\s]{1,100})\), object size: /,
    ],
  },
  'oom-kill-node': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'the kernel killed a process, because the node ran out of memory',
    // Kernels before 5.0 write "Kill process … or sacrifice child" first; "Killed process" alone would count twice there.
    hints: ['out of memory: kill'],
    patterns: [/(?<!cgroup )out of memory: Kill(?:ed)? process (?<pid>\d+) \((?<comm>[^)]*)\)/i],
  },
  'oom-kill': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'the kernel killed a process: out of memory, or a memory limit reached',
    hints: ['memory cgroup out of memory: kill'],
    patterns: [/Memory cgroup out of memory: Kill(?:ed)? process (?<pid>\d+) \((?<comm>[^)]*)\)/i],
  },
  // oom_kill.c, from 5.0 on: dump_oom_summary(). The line that names the limit of the whole node, or of a part of it.
  'oom-global': {
    units,
    group: 'memory',
    severity: 'info',
    rule: 'oom-kill',
    meaning: 'the process that the kernel chose to kill, because the node ran out of memory',
    hints: ['oom-kill:constraint'],
    patterns: [/oom-kill:constraint=CONSTRAINT_(?!MEMCG).*,global_oom,.*,task=(?<comm>.*),pid=(?<pid>\d+)/],
  },
  'oom-memcg': {
    units,
    group: 'memory',
    severity: 'info',
    rule: 'oom-kill',
    meaning: 'the control group in which the kernel chose a process to kill',
    hints: ['oom-kill:constraint'],
    // LXC, Proxmox VE and LXD: the guest that it is of.
    patterns: [
      /oom-kill:constraint=CONSTRAINT_MEMCG,.*task_memcg=(?:\/[^,]{0,100})?\/(?:lxc\/|lxc\.payload[./])(?<about>[\w.-]{1,64})[^,]*,task=(?<comm>.*),pid=(?<pid>\d+)/,
      /oom-kill:constraint=CONSTRAINT_MEMCG,.*,task=(?<comm>.*),pid=(?<pid>\d+)/,
    ],
  },
  // dump_header(): the task whose request could not be met, and its cpuset, which Docker to 19.03 and the kubelet name by the container.
  'oom-invoked': {
    units,
    group: 'memory',
    severity: 'info',
    rule: 'oom-kill',
    meaning: 'a task asked for memory that could not be given: the OOM killer acts',
    hints: ['invoked oom-killer'],
    patterns: [/^(?<comm>\S.{0,31}?) invoked oom-killer: gfp_mask=/],
  },
  'oom-cpuset': {
    units,
    group: 'memory',
    severity: 'info',
    rule: 'oom-kill',
    meaning: 'the container of the task that asked for memory',
    hints: [' mems_allowed'],
    patterns: [
      /^\S.{0,31}? cpuset=(?:docker-|cri-containerd-|crio-)?(?<container>[0-9a-f]{64})(?:\.scope)? mems_allowed=/,
    ],
  },
  'oom-not-reaped': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'a process that the OOM killer chose does not exit, and its memory could not be taken back',
    hints: ['unable to reap'],
    patterns: [/oom_reaper: unable to reap pid:(?<pid>\d+) \((?<comm>[^)]*)\)/],
  },
  'allocation-deadlock': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'kernel-stall',
    meaning: 'XFS retries a large kernel memory allocation: memory is fragmented',
    hints: ['possible memory allocation deadlock'],
    patterns: [/XFS: (?:(?<comm>[^(]{1,32})\((?<pid>\d+)\) )?possible memory allocation deadlock/],
  },
  // mm/page_alloc.c, warn_alloc(), Linux 4.9 to 4.14: after ten seconds, and each ten more.
  'page-allocation-stalled': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'kernel-stall',
    meaning: 'a task waits for memory for more than ten seconds: the kernel reclaims, and finds none',
    hints: ['page allocation stalls'],
    patterns: [/(?<comm>\S.{0,31}?): page allocation stalls for \d+ms/],
  },
  'page-allocation-failed': {
    units,
    group: 'memory',
    severity: 'info',
    rule: 'kernel-stall',
    meaning: 'the kernel could not allocate memory for itself',
    hints: ['page allocation failure'],
    patterns: [/(?<comm>[^\s:]{1,32}): page allocation failure/],
  },
} as const satisfies LogPatterns;
