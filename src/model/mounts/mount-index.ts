import type { ContainerMount, MountsValue, Propagation } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';

/** One filesystem of a container, and everywhere it is mounted. */
export interface MountedFilesystem {
  /** The same from one poll to the next while the filesystem is mounted. */
  readonly key: string;
  readonly type: ContainerMount['type'];
  readonly device: string;
  readonly layer: string | null;
  /** As far as a path shows it. */
  readonly containerId: string | null;
  readonly podUid: string | null;
  readonly places: readonly Place[];
}

/** Where a filesystem is mounted. */
export interface Place {
  /** Inode of the mount namespace. */
  readonly namespace: string;
  readonly path: string;
  readonly propagation: Propagation;
}

/**
 * The containers' filesystems by what they are and no longer by namespace: two mounts with the same `major:minor` are the same
 * filesystem, whatever their paths (proc_pid_mountinfo(5), field 3).
 */
export function surveyMounts({ namespaces }: MountsValue): MountedFilesystem[] {
  const found = new Map<string, Draft>();
  for (const { inode, mounts } of namespaces) {
    for (const mount of okValue(mounts) ?? []) {
      const key = keyOf(mount);
      const place = { namespace: inode, path: mount.path, propagation: mount.propagation };
      const known = found.get(key);
      if (known === undefined) found.set(key, { mount: { ...mount }, places: [place] });
      else {
        known.places.push(place);
        // A copy at another path does not name its owner, the original does.
        known.mount.containerId ??= mount.containerId;
        known.mount.layer ??= mount.layer;
      }
    }
  }
  return [...found].map(([key, { mount, places }]) => ({
    key,
    type: mount.type,
    device: mount.device,
    layer: mount.layer,
    containerId: mount.containerId,
    podUid: mount.podUid,
    places,
  }));
}

interface Draft {
  readonly mount: { -readonly [K in keyof ContainerMount]: ContainerMount[K] };
  readonly places: Place[];
}

/** All network namespaces are on one device (nsfs), and so are all volumes that are directories of the same disk. */
function keyOf({ type, device, netNamespace, podUid, path }: ContainerMount): string {
  if (type === 'nsfs') return `nsfs ${netNamespace ?? path}`;
  if (type === 'volume') return `volume ${podUid} ${path.slice(path.indexOf(`/${podUid}/`))}`;
  return `${type} ${device}`;
}
