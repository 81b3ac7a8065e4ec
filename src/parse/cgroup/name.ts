/** Controllers, v1 and v2: a file's name begins with one of them and a dot. */
const controllers =
  'cgroup|memory|cpu|cpuacct|cpuset|blkio|io|pids|hugetlb|devices|freezer|net_cls|net_prio|perf_event|rdma|misc|irq|dmem|debug';
const file = new RegExp(`^(?:(?:${controllers})\\..*|tasks|notify_on_release|release_agent)$`);

/** Whether a name in a directory of the control group filesystem is a file of the kernel, not a group. */
export function isCgroupFile(name: string): boolean {
  return file.test(name);
}

/**
 * The container whose own group has this name: `<id>`, `docker-<id>.scope`, `cri-containerd-<id>.scope`, `libpod-<id>`,
 * `…slice:cri-containerd:<id>`. A monitor's (`crio-conmon-<id>.scope`) is none.
 */
export function containerOfGroup(name: string): string | null {
  return /(?<!conmon-)(?<![0-9a-f])([0-9a-f]{64})(?:\.scope)?$/.exec(name)?.[1] ?? null;
}
