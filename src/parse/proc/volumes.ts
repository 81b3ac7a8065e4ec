import type { VolumeMount } from '../../sample/processes.ts';
import { type Mount, parseMount } from './mountinfo.ts';

/**
 * The mounts of a process's `mountinfo` with something behind them that can hang: a device, a server, a daemon. Bind mounts
 * are mounts like others.
 *
 * @param files paths the process works on: the mount of each is listed whatever its type, so that the file is not attributed
 * to the mount below
 * @param most how many at most: the mounts of `files` first, then one of each filesystem, then the others
 */
export function parseVolumes(text: string, files: readonly string[], most: number): VolumeMount[] {
  const mounts: VolumeMount[] = [];
  const all: VolumeMount[] = [];
  for (const line of text.split('\n')) {
    const mount = parseMount(line);
    if (mount === null) continue;
    const volume = volumeOf(mount, line);
    all.push(volume);
    if (isReal(mount)) mounts.push(volume);
  }
  const wanted = new Set(files.flatMap((file) => mountOf(file, all) ?? []));
  const devices = new Set([...wanted].map(({ device }) => device));
  for (const mount of mounts) {
    if (wanted.size >= most) break;
    if (!devices.has(mount.device)) wanted.add(mount);
    devices.add(mount.device);
  }
  for (const mount of mounts) if (wanted.size < most) wanted.add(mount);
  return all.filter((mount) => wanted.has(mount)).slice(0, most);
}

/** What the kernel makes up itself, and what lives in memory: nothing there can wait for a device. */
const unreal = new Set([
  ...['proc', 'sysfs', 'cgroup', 'cgroup2', 'tmpfs', 'ramfs', 'devtmpfs', 'devpts', 'mqueue', 'hugetlbfs', 'nsfs'],
  ...['bpf', 'tracefs', 'debugfs', 'securityfs', 'selinuxfs', 'pstore', 'configfs', 'fusectl', 'binfmt_misc', 'autofs'],
  ...['efivarfs', 'rpc_pipefs', 'nfsd', 'rootfs', 'binder', 'resctrl'],
]);

/**
 * An overlay is listed as the root of the process itself: on a node the others belong to containers that it does not use.
 */
function isReal({ type, path }: Mount): boolean {
  return !unreal.has(type) && (type !== 'overlay' || path === '/');
}

function volumeOf(mount: Mount, line: string): VolumeMount {
  const isReadOnly = (options: string): boolean => /^ro(?:,|$)/.test(options);
  return {
    mountPoint: mount.path,
    root: mount.root,
    source: mount.source,
    type: mount.type,
    device: mount.device,
    // Either the mount or the filesystem itself can be so.
    readOnly: isReadOnly(line.split(' ', 6)[5] ?? '') || isReadOnly(mount.superOptions),
  };
}

/** The mount that hides all others at a path; of two at one place the later lies on top. */
function mountOf(file: string, mounts: readonly VolumeMount[]): VolumeMount | undefined {
  let found: VolumeMount | undefined;
  for (const mount of mounts) {
    const { mountPoint } = mount;
    if (file !== mountPoint && !file.startsWith(mountPoint === '/' ? '/' : `${mountPoint}/`)) continue;
    if (mountPoint.length >= (found?.mountPoint.length ?? 0)) found = mount;
  }
  return found;
}
