import type { DiskMount, DiskMounts, RuntimeRoot } from '../../sample/disks.ts';
import { type Mount, parseMount } from './mountinfo.ts';

/** Mounts listed of one device: bind mounts of a volume can be hundreds. */
const maxPerDevice = 16;
const maxMounts = 256;

/** Filesystems that hold no data, or none that outlives the node. */
const pseudo = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue nsfs proc ' +
    'pstore ramfs rpc_pipefs securityfs selinuxfs sysfs tracefs'
  ).split(' '),
);
/** Read-only by nature: that says nothing of an error. */
const alwaysReadOnly = new Set(['cramfs', 'erofs', 'iso9660', 'romfs', 'squashfs', 'udf']);

/**
 * From `/proc/1/mountinfo` (proc_pid_mountinfo(5)): which device is mounted where, where the runtimes keep their data, and
 * how containerd mounted its containers' root filesystems. A malformed line is skipped.
 */
export function parseDiskMounts(text: string): DiskMounts {
  // Of mounts over each other the last one is seen.
  const mounts = new Map<string, DiskMount>();
  const roots = new Map<string, RuntimeRoot>();
  const taskOverlays = { total: 0, volatile: 0 };
  for (const line of text.split('\n')) {
    const mount = parseMount(line);
    if (mount === null) continue;
    const root = rootOf(mount);
    if (root !== null) roots.set(root.path, root);
    if (mount.type === 'overlay' && /\/io\.containerd\.runtime\.[^/]+\/.*\/rootfs$/.test(mount.path)) {
      taskOverlays.total++;
      if (hasOption(mount.superOptions, 'volatile')) taskOverlays.volatile++;
    }
    if (isStorage(mount)) mounts.set(mount.path, describe(mount, line));
  }
  const { list, more } = bounded([...mounts.values()]);
  return { list, more, roots: [...roots.values()].slice(0, 8), taskOverlays };
}

/** The runtime's own directory, by what was mounted out of it. */
function rootOf({ type, path, superOptions }: Mount): RuntimeRoot | null {
  const kubelet = /^(\/.*)\/pods\/[0-9a-f-]{36}\/volumes(?:-subpaths)?\//.exec(path)?.[1];
  if (kubelet !== undefined) return { of: 'kubelet', path: kubelet };
  if (type !== 'overlay') return null;
  const upper = /(?:^|,)upperdir=([^,]*)/.exec(superOptions)?.[1] ?? '';
  const docker = /^(\/.*)\/(?:overlay2|rootfs\/overlayfs)\//.exec(upper)?.[1];
  if (docker !== undefined) return { of: 'docker', path: docker };
  const containerd = /^(\/.*)\/io\.containerd\.snapshotter\.v1\.[^/]+\/snapshots\//.exec(upper)?.[1];
  return containerd === undefined ? null : { of: 'containerd', path: containerd };
}

/** Layers, namespaces and pods' tmpfs come and go with containers; what is kept is where data lies. */
function isStorage({ type, path }: Mount): boolean {
  if (pseudo.has(type)) return false;
  if (type === 'overlay') return path === '/';
  if (type === 'tmpfs') return !/^\/(?:run|dev|sys|proc)(?:\/|$)/.test(path) && !/\/pods\/[0-9a-f-]{36}\//.test(path);
  return type !== 'fuse.lxcfs';
}

function describe(mount: Mount, line: string): DiskMount {
  const { device, source, path, root, type, superOptions } = mount;
  return {
    device,
    source,
    path,
    root,
    type,
    readOnly: hasOption(line.split(' ')[5] ?? '', 'ro'),
    filesystemReadOnly: hasOption(superOptions, 'ro') && !alwaysReadOnly.has(type),
    stopped: hasOption(superOptions, 'emergency_ro') || hasOption(superOptions, 'shutdown'),
  };
}

function hasOption(options: string, word: string): boolean {
  return options.split(',').includes(word);
}

/** Whole filesystems before bind mounts, short paths before long ones: those hold the others. */
function bounded(mounts: DiskMount[]): { list: DiskMount[]; more: number } {
  const rank = ({ root }: DiskMount): number => (root === '/' ? 0 : 1);
  const perDevice = new Map<string, number>();
  const list = mounts
    .sort((a, b) => rank(a) - rank(b) || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .filter(({ device }) => {
      const count = (perDevice.get(device) ?? 0) + 1;
      perDevice.set(device, count);
      return count <= maxPerDevice;
    })
    .slice(0, maxMounts);
  return { list, more: mounts.length - list.length };
}
