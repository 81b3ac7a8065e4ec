/**
 * The containers a process is in, from `/proc/PID/cgroup` (cgroups(7)), the outermost first: more than one in docker-in-docker.
 *
 * Docker, containerd, CRI-O and podman all put the container's 64 hexadecimal digits into the path, whatever the driver:
 * `/docker/<id>`, `/system.slice/docker-<id>.scope`, `/kubepods/burstable/pod<uid>/<id>`, `…:cri-containerd:<id>`,
 * `/libpod_parent/libpod-<id>`. The outer id is the one that the node's own engine knows.
 * `crio-conmon-<id>.scope` and `libpod-conmon-<id>.scope` hold the monitor, which is not a process of the container.
 *
 * @returns empty when the process is in no container, or is a zombie on cgroup v1 (every path is `/` then)
 */
export function parseContainerIds(text: string): string[] {
  let best: { rank: number; ids: string[] } | null = null;
  for (const line of text.split('\n')) {
    const rank = rankOf(line);
    if (best !== null && rank >= best.rank) continue;
    const ids = [...line.slice(line.indexOf('/')).matchAll(containerId)].map((match) => match[1] ?? '');
    if (ids.length > 0) best = { rank, ids };
  }
  return best?.ids ?? [];
}

const containerId = /(?<!conmon-)(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])/g;

/** On hybrid nodes a line can lag behind (a tool moved one controller): the runtimes themselves go by these, in order. */
function rankOf(line: string): number {
  if (/^\d+:(?:\w+,)*memory[,:]/.test(line)) return 0;
  if (/^\d+:(?:\w+,)*pids[,:]/.test(line)) return 1;
  if (line.includes(':name=systemd:')) return 2;
  if (line.startsWith('0::')) return 3;
  return 4;
}
