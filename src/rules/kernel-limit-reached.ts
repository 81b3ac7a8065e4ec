import { type Remedy, rule } from './engine/rule.ts';
import { has, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

const refusals = [
  ...(['conntrack-full', 'neighbour-table-full', 'fork-rejected'] as const),
  ...(['inotify-watches', 'inotify-instances', 'no-thread', 'no-process'] as const),
  ...(['no-process-in-container', 'no-memory-for-process'] as const),
  ...(['file-max-reached', 'tcp-memory-full', 'tcp-orphans', 'route-cache-full'] as const),
];

/** A table or a limit of the kernel is used up: connections, neighbours, processes of a control group, watches, descriptors. */
export const kernelLimitReached = rule({
  id: 'kernel-limit-reached',
  needs: ['logs'],
  uses: ['daemons', 'cgroups'],
  matters: false,
  judge: ({ logs, daemons, kernelMemory, at }) => {
    // Where the control groups are counted, kmem-accounting-leak judges them.
    const uncounted = kernelMemory === null ? (['memcg-ids-exhausted'] as const) : [];
    const trouble = troubleIn(logs, [...refusals, ...uncounted, 'too-many-open-files']);
    if (trouble === null) return [];
    const descriptors = has(trouble, 'too-many-open-files');
    const groups = has(trouble, 'memcg-ids-exhausted');
    const others = has(trouble, ...refusals) || groups;
    const what = [
      ...(has(trouble, 'conntrack-full') ? ['connection tracking'] : []),
      ...(has(trouble, 'neighbour-table-full') ? ['neighbour table'] : []),
      ...(has(trouble, 'fork-rejected') ? ['processes of a control group'] : []),
      ...(has(trouble, 'no-thread', 'no-process') ? ['processes and threads'] : []),
      ...(has(trouble, 'no-process-in-container') ? ['processes of a container'] : []),
      ...(has(trouble, 'no-memory-for-process') ? ['memory for new processes'] : []),
      ...(has(trouble, 'inotify-watches') ? ['inotify watches'] : []),
      ...(has(trouble, 'inotify-instances') ? ['inotify instances'] : []),
      ...(groups ? ['memory control groups'] : []),
      ...(has(trouble, 'tcp-memory-full') ? ['memory of TCP'] : []),
      ...(has(trouble, 'tcp-orphans') ? ['orphaned TCP connections'] : []),
      ...(has(trouble, 'route-cache-full') ? ['cache of routes'] : []),
      ...(has(trouble, 'file-max-reached') ? ['open files of the node'] : descriptors ? ['open files'] : []),
    ].join(', ');
    const where = trouble.about.length === 0 ? '' : ` (${namesIn(trouble.about)})`;
    return [
      logFinding(trouble, at, {
        id: 'kernel-limit-reached',
        // Where the descriptors of the daemons are counted, fd-exhaustion judges them.
        severity:
          groups || has(trouble, 'file-max-reached') ? 'critical' : others || daemons === null ? 'warning' : 'info',
        confidence: 'certain',
        title: `A limit is reached: ${what}${where}`,
        past: `A limit was reached: ${what}${where}`,
        summary: groups
          ? 'The kernel refuses to make a control group: no container can be started.'
          : 'What is over the limit is refused: connections are dropped, processes and threads cannot be started, or files cannot be opened.',
        remedies: [
          ...(has(trouble, 'conntrack-full')
            ? [
                {
                  text: 'Raise the limit of tracked connections.',
                  command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
                  risk: 'none' as const,
                },
              ]
            : []),
          ...(has(trouble, 'neighbour-table-full')
            ? [
                {
                  text: 'Raise the limits of the neighbour table.',
                  command: 'sysctl net.ipv4.neigh.default.gc_thresh3',
                  risk: 'none' as const,
                },
              ]
            : []),
          ...(has(trouble, 'fork-rejected')
            ? [
                {
                  text: 'See what fills the control group (zombies, threads), then raise its limit of processes: TasksMax of a systemd unit, podPidsLimit of the kubelet, --pids-limit of a container.',
                  command: null,
                  risk: 'low' as const,
                },
              ]
            : []),
          ...(has(trouble, 'no-thread', 'no-process')
            ? [
                {
                  text: 'See which limit it is: TasksMax or LimitNPROC of the unit, pids.max of the control group, or one of the node.',
                  command: 'systemctl show docker containerd kubelet -p Id,TasksCurrent,TasksMax,LimitNPROC',
                  risk: 'none' as const,
                },
                {
                  text: 'Compare the limits of the node with the threads that run (fourth field, after the slash).',
                  command: 'cat /proc/sys/kernel/threads-max /proc/sys/kernel/pid_max /proc/loadavg',
                  risk: 'none' as const,
                },
              ]
            : []),
          ...(has(trouble, 'no-process-in-container') ? [containerProcesses] : []),
          ...(has(trouble, 'no-memory-for-process') ? [memoryForProcesses] : []),
          ...(has(trouble, 'inotify-watches')
            ? [
                {
                  text: 'The disk is not full: raise the limit of inotify watches of a user, for good in /etc/sysctl.d.',
                  command: 'sysctl fs.inotify.max_user_watches',
                  risk: 'none' as const,
                },
              ]
            : []),
          ...(has(trouble, 'inotify-instances')
            ? [
                {
                  text: 'Raise the limit of inotify instances of a user, for good in /etc/sysctl.d.',
                  command: 'sysctl fs.inotify.max_user_instances',
                  risk: 'none' as const,
                },
              ]
            : []),
          ...networkRemedies(trouble),
          ...(groups ? [countGroups] : []),
          ...(descriptors
            ? [
                {
                  text: 'See which process holds the descriptors, and what kind they are.',
                  command: 'rtwatch',
                  risk: 'none' as const,
                },
              ]
            : []),
        ],
      }),
    ];
  },
});

function networkRemedies(trouble: LogTrouble): Remedy[] {
  return [
    ...(has(trouble, 'file-max-reached')
      ? [
          {
            text: 'Allow more for now, and see which process holds them.',
            command: 'cat /proc/sys/fs/file-nr; sysctl fs.file-max',
            risk: 'none' as const,
          },
        ]
      : []),
    ...(has(trouble, 'tcp-memory-full', 'tcp-orphans')
      ? [
          {
            text: 'See how much TCP uses (mem, in pages) and how many connections are orphans; compare it with the limits. Then find the program whose connections hold full buffers: a limit that is raised only gains time.',
            command:
              'cat /proc/net/sockstat; sysctl net.ipv4.tcp_mem net.ipv4.tcp_max_orphans; ss -tmn state established | sort -k 2 -n | tail',
            risk: 'none' as const,
          },
        ]
      : []),
    ...(has(trouble, 'route-cache-full')
      ? [
          {
            text: 'Raise the limit of the cache of routes, or upgrade the kernel: from 6.3 on IPv6 has no such limit.',
            command: 'sysctl net.ipv6.route.max_size',
            risk: 'none' as const,
          },
        ]
      : []),
  ];
}

const containerProcesses: Remedy = {
  text: 'A program that is started in a container counts to the limit of that container. The control groups that are named had a fork refused: compare pids.current with pids.max there. Zombies and threads count too. Raise --pids-limit or podPidsLimit, or end what fills it. If that is not it, the node’s own limit is.',
  command: "find /sys/fs/cgroup -name pids.events -exec grep -H 'max [1-9]' {} +",
  risk: 'none',
};

const memoryForProcesses: Remedy = {
  text: 'A fork of a large daemon needs memory by the rules of overcommit. Compare Committed_AS with CommitLimit where vm.overcommit_memory is 2, and see what is free; a daemon that grew is restarted. Of a program in a container: the first process of its PID namespace may have exited, and then the container has to be restarted.',
  command: 'cat /proc/sys/vm/overcommit_memory; grep -E "MemAvailable|SwapFree|CommitLimit|Committed_AS" /proc/meminfo',
  risk: 'none',
};

const countGroups: Remedy = {
  text: 'The disk is not full: the kernel has 65,535 memory control groups, removed ones that it still holds included. Compare what it counts with the directories (cgroup v2: nr_dying_descendants are removed ones). Many more counted than there are: drain the node and reboot it.',
  command:
    'grep memory /proc/cgroups; find /sys/fs/cgroup/memory -type d 2>/dev/null | wc -l; cat /sys/fs/cgroup/cgroup.stat 2>/dev/null',
  risk: 'none',
};
