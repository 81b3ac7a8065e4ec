import type { LogPatternId } from '../../sample/log-patterns/patterns.ts';
import type { Remedy } from '../engine/rule.ts';

/** What is used up, and what to do. */
interface Limit {
  readonly ids: readonly LogPatternId[];
  readonly what: string;
  readonly remedies: readonly Remedy[];
}

const ofTcp: Remedy = {
  text: 'See how much TCP uses (mem, in pages) and how many connections are orphans; compare it with the limits. Then find the program whose connections hold full buffers: a limit that is raised only gains time.',
  command:
    'cat /proc/net/sockstat; sysctl net.ipv4.tcp_mem net.ipv4.tcp_max_orphans; ss -tmn state established | sort -k 2 -n | tail',
  risk: 'none',
};

/** Of one process, by its own words. */
export const openFiles: Limit = {
  ids: ['too-many-open-files'],
  what: 'open files',
  remedies: [
    {
      text: 'See which process holds the descriptors, and what kind they are.',
      command: 'rtwatch',
      risk: 'none',
    },
  ],
};

/** Every limit, in the order in which they are named. */
export const limits: readonly Limit[] = [
  {
    ids: ['conntrack-full'],
    what: 'connection tracking',
    remedies: [
      {
        text: 'Raise the limit of tracked connections.',
        command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['neighbour-table-full'],
    what: 'neighbour table',
    remedies: [
      {
        text: 'Raise the limits of the neighbour table.',
        command: 'sysctl net.ipv4.neigh.default.gc_thresh3',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['fork-rejected'],
    what: 'processes of a control group',
    remedies: [
      {
        text: 'See what fills the control group (zombies, threads), then raise its limit of processes: TasksMax of a systemd unit, podPidsLimit of the kubelet, --pids-limit of a container.',
        command: null,
        risk: 'low',
      },
    ],
  },
  {
    ids: ['no-thread', 'no-process'],
    what: 'processes and threads',
    remedies: [
      {
        text: 'See which limit it is: TasksMax or LimitNPROC of the unit, pids.max of the control group, or one of the node.',
        command: 'systemctl show docker containerd kubelet -p Id,TasksCurrent,TasksMax,LimitNPROC',
        risk: 'none',
      },
      {
        text: 'Compare the limits of the node with the threads that run (fourth field, after the slash).',
        command: 'cat /proc/sys/kernel/threads-max /proc/sys/kernel/pid_max /proc/loadavg',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['no-process-in-container'],
    what: 'processes of a container',
    remedies: [
      {
        text: 'A program that is started in a container counts to the limit of that container. The control groups that are named had a fork refused: compare pids.current with pids.max there. Zombies and threads count too. Raise --pids-limit or podPidsLimit, or end what fills it. If that is not it, the node’s own limit is.',
        command: "find /sys/fs/cgroup -name pids.events -exec grep -H 'max [1-9]' {} +",
        risk: 'none',
      },
    ],
  },
  {
    ids: ['no-memory-for-process'],
    what: 'memory for new processes',
    remedies: [
      {
        text: 'A fork of a large daemon needs memory by the rules of overcommit. Compare Committed_AS with CommitLimit where vm.overcommit_memory is 2, and see what is free; a daemon that grew is restarted. Of a program in a container: the first process of its PID namespace may have exited, and then the container has to be restarted.',
        command:
          'cat /proc/sys/vm/overcommit_memory; grep -E "MemAvailable|SwapFree|CommitLimit|Committed_AS" /proc/meminfo',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['inotify-watches'],
    what: 'inotify watches',
    remedies: [
      {
        text: 'The disk is not full: raise the limit of inotify watches of a user, for good in /etc/sysctl.d.',
        command: 'sysctl fs.inotify.max_user_watches',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['inotify-instances'],
    what: 'inotify instances',
    remedies: [
      {
        text: 'Raise the limit of inotify instances of a user, for good in /etc/sysctl.d.',
        command: 'sysctl fs.inotify.max_user_instances',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['memcg-ids-exhausted'],
    what: 'memory control groups',
    remedies: [
      {
        text: 'The disk is not full: the kernel has 65,535 memory control groups, removed ones that it still holds included. Compare what it counts with the directories (cgroup v2: nr_dying_descendants are removed ones). Many more counted than there are: drain the node and reboot it.',
        command:
          'grep memory /proc/cgroups; find /sys/fs/cgroup/memory -type d 2>/dev/null | wc -l; cat /sys/fs/cgroup/cgroup.stat 2>/dev/null',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['cgroup-no-memory'],
    what: 'kernel memory for control groups',
    remedies: [
      {
        text: 'The node need not be short of memory: the accounting of kernel memory in Linux 3.10 and 4.x leaks with each container. Drain the node and reboot it; then boot with cgroup.memory=nokmem, or upgrade the kernel.',
        command: 'uname -r; grep memory /proc/cgroups; grep -E "^(MemAvailable|Slab|SUnreclaim)" /proc/meminfo',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['keyring-full'],
    what: 'kernel keys of a user',
    remedies: [
      {
        text: 'The disk is not full: each container has a session keyring, which counts to the quota of its user. Compare used keys and bytes with the quota, then raise kernel.keys.root_maxkeys and root_maxbytes, or maxkeys and maxbytes where user namespaces are used, for good in /etc/sysctl.d.',
        command: 'cat /proc/key-users; sysctl kernel.keys',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['bpf-jit-full'],
    what: 'memory for compiled BPF programs',
    remedies: [
      {
        text: 'Compare what the compiled programs take (bpf_jit in vmallocinfo, in bytes) with the limit, and raise that: containers start then.',
        command: `sysctl net.core.bpf_jit_limit; awk '/bpf_jit/ {bytes += $2} END {print bytes}' /proc/vmallocinfo`,
        risk: 'none',
      },
      {
        text: 'Kernels from 5.9 on lose the memory of seccomp filters, and some of the distributions do; 5.15.86, 6.1.2 and 6.2 are repaired. Upgrade the kernel and reboot, or the raised limit is reached again.',
        command: 'uname -r',
        risk: 'high',
      },
    ],
  },
  {
    ids: ['kmem-cache-of-group'],
    what: 'kernel memory of a control group',
    remedies: [
      {
        text: 'The node need not be short of memory: what the kernel keeps for the processes of a container (sockets, names of files) counts to its memory limit. Raise that limit, and remove a limit of kernel memory alone (--kernel-memory).',
        command: `find /sys/fs/cgroup/memory -name 'memory*failcnt' -exec grep -H '[1-9]' {} +`,
        risk: 'none',
      },
    ],
  },
  {
    ids: ['audit-events-lost'],
    what: 'backlog of audit events',
    remedies: [
      {
        text: 'See how many events wait, and who reads them (pid). Give that program CPU, or remove rules that log too much; a larger backlog (auditctl -b) only gains time. With auditctl --backlog_wait_time 0 system calls wait no more, and more events are lost.',
        command: 'auditctl -s',
        risk: 'none',
      },
    ],
  },
  { ids: ['tcp-memory-full'], what: 'memory of TCP', remedies: [ofTcp] },
  { ids: ['tcp-orphans'], what: 'orphaned TCP connections', remedies: [ofTcp] },
  {
    ids: ['route-cache-full'],
    what: 'cache of routes',
    remedies: [
      {
        text: 'Raise the limit of the cache of routes, or upgrade the kernel: from 6.3 on IPv6 has no such limit.',
        command: 'sysctl net.ipv6.route.max_size',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['systemd-units-full'],
    what: 'units of systemd',
    remedies: [
      {
        text: 'Count the units: those of mounts that are gone stay (inactive) before systemd 247. To execute systemd again frees them, and units and containers stay; then upgrade it.',
        command: 'timeout 60 systemctl list-units --all | wc -l; systemctl --version | head -1',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['no-entropy'],
    what: 'random numbers of the kernel',
    remedies: [
      {
        text: 'Give the virtual machine a source of them (virtio-rng), or run rngd or haveged. Linux 5.4 and later gather them within seconds.',
        command: 'cat /proc/sys/kernel/random/entropy_avail /sys/class/misc/hw_random/rng_current',
        risk: 'none',
      },
    ],
  },
  {
    ids: ['file-max-reached'],
    what: 'open files of the node',
    remedies: [
      {
        text: 'Allow more for now, and see which process holds them.',
        command: 'cat /proc/sys/fs/file-nr; sysctl fs.file-max',
        risk: 'none',
      },
    ],
  },
  openFiles,
];
