import fs from 'node:fs';
import path from 'node:path';
import { statusText, Tree } from '../support/world.ts';

const layerOf = (index: number): string => index.toString(16).padStart(64, '0');

/** A node with so many processes, every tenth of them with threads, none of which does anything. */
export function crowdedTree(processes: number): Tree {
  const tree = new Tree().write('proc/1/stat', '');
  for (let pid = 1; pid <= processes; pid++) {
    tree.process(pid, { comm: `worker-${pid % 50}`, ppid: 1, threads: pid % 10 === 0 ? 4 : 1, starttime: 100 + pid });
  }
  return tree;
}

/** A node with so many mount namespaces, a process in each, and in each as many mounts of containers, all of the same layers. */
export function manyNamespaces(namespaces: number, mountsEach: number): Tree {
  const tree = new Tree();
  const lines = Array.from({ length: mountsEach }, (_, index) => {
    const merged = `/var/lib/docker/overlay2/${layerOf(index)}/merged`;
    return `${100 + index} 28 0:${50 + index} / ${merged} rw,relatime shared:${index + 1} - overlay overlay rw,lowerdir=l\n`;
  });
  const mountinfo = `28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n${lines.join('')}`;
  for (let index = 0; index < namespaces; index++) {
    const pid = 1 + index;
    const comm = index === 1 ? 'dockerd' : `app-${index}`;
    tree.process(
      pid,
      { comm, starttime: 100 + index },
      { mountinfo, status: statusText(), cgroup: '0::/\n', cmdline: comm },
    );
    const link = path.join(tree.rootfs, `proc/${pid}/ns/mnt`);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(`mnt:[${4_026_531_840 + (index < 2 ? 0 : index)}]`, link);
  }
  return tree;
}

/** A daemon's log as it is when nothing is wrong, with a telling line here and there. */
export function logLines(count: number, from: number): string {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const time = new Date(Date.UTC(2026, 10, 21, 6, 0, 0) + n / 10).toISOString();
    return n % 200 === 0
      ? `time="${time}" level=info msg="Container ${layerOf(n % 7)} failed to exit within 2 seconds of signal 15 - using the force"\n`
      : `time="${time}" level=debug msg="Calling GET /v1.41/containers/${layerOf(n)}/json" request=${n}\n`;
  }).join('');
}
