import type { ContainerMount } from '../sample/mounts.ts';
import { type Mount, parseMount } from './mountinfo.ts';

/**
 * The mounts of `mountinfo` that a container runtime made: overlay filesystems at a layer's `merged` or a bundle's
 * `rootfs`, the `shm` of a container, and network namespaces kept open by path (nsfs).
 *
 * A container's own `/` is not among them: it is not a place that someone else could leave behind.
 *
 * @returns those mounts, and the number of mounts of all kinds
 */
export function parseContainerMounts(text: string): { mounts: ContainerMount[]; total: number } {
  const mounts: ContainerMount[] = [];
  let total = 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    if (line === '') continue;
    total++;
    // Cheap test first: a node has thousands of lines, and most are cgroups, tmpfs and bind mounts.
    if (!/ - (?:overlay|nsfs|tmpfs) /.test(line)) continue;
    const mount = parseMount(line);
    const kind = mount === null ? null : kindOf(mount);
    if (mount === null || kind === null) continue;
    // A layer's name is 64 digits too, and not its container's.
    const layer = kind === 'overlay' ? layerOf(mount.path, mount.superOptions) : null;
    mounts.push({
      path: mount.path,
      type: kind,
      device: mount.device,
      propagation: mount.propagation,
      containerId: layer === null ? (/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/.exec(mount.path)?.[0] ?? null) : null,
      layer,
      podUid: null,
      netNamespace: null,
      deleted: false,
    });
  }
  return { mounts, total };
}

function kindOf({ type, path, root }: Mount): ContainerMount['type'] | null {
  if (type === 'overlay') return path === '/' ? null : 'overlay';
  // snapd keeps mount namespaces (mnt:[…]) open in the same way.
  if (type === 'nsfs') return root.startsWith('net:') ? 'nsfs' : null;
  // docker: <root>/containers/<id>/mounts/shm; containerd's CRI: <state>/…/<sandbox id>/shm
  return /\/[0-9a-f]{64}\/(?:mounts\/)?shm$/.test(path) ? 'shm' : null;
}

/** `<root>/overlay2/<layer>/merged`, wherever it is mounted now: the upper directory tells the same name. */
function layerOf(path: string, superOptions: string): string | null {
  return (
    /\/overlay2?\/([^/]+)\/merged$/.exec(path)?.[1] ??
    /(?:^|,)upperdir=[^,]*\/overlay2?\/([^/,]+)\/diff/.exec(superOptions)?.[1] ??
    null
  );
}
