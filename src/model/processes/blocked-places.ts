import type { DiskModel, DisksModel } from '../disks/disks.ts';
import type { ProcessModel } from './processes.ts';
import { threadDevice } from './thread-device.ts';

/** The device or the filesystem at which a process is held. */
export interface BlockedPlace {
  /** The same for all that wait at the same place. */
  readonly key: string;
  /** `/data (/dev/loop0)`, `loop1` */
  readonly label: string;
  readonly disk: DiskModel | null;
  readonly mountPoint: string | null;
  /** As other findings name it: `/dev/loop1`, `server:/export`. */
  readonly devices: readonly string[];
}

/** Where a process is held: by the mount it works on, or for a thread of the kernel by its name. Null when it is not known. */
export function blockedPlace(
  { comm, kernelThread, waits }: ProcessModel,
  disks: DisksModel | null,
): BlockedPlace | null {
  const all = disks?.list ?? [];
  if (kernelThread) {
    const name = threadDevice(comm);
    return name === null ? null : placeOf(name, all);
  }
  const mount = waits?.mount ?? null;
  // Through an overlay the filesystem below it is meant, which the process does not see.
  if (mount === null || mount.type === 'overlay') return null;
  const disk = findDisk(mount.device, all);
  const own = disk?.mounts.find(({ device }) => device === mount.device) ?? null;
  const mountPoint = own?.path ?? mount.mountPoint;
  // A disk that is slow or hangs holds up all of its filesystems; a freeze is of one.
  const several = new Set(disk?.mounts.map(({ device }) => device)).size > 1;
  const isOneOfSeveral = several && waits?.kind === 'frozen-filesystem';
  return {
    key: isOneOfSeveral ? mount.device : (disk?.device ?? mount.device),
    label: `${mountPoint} (${own?.source ?? mount.source})`,
    disk,
    mountPoint,
    devices: disk === null || isOneOfSeveral ? [mount.source] : diskPaths(disk),
  };
}

/** A disk as findings name it: by its own name, and by what is mounted from it; bounded. */
export function diskPaths({ name, mounts }: Pick<DiskModel, 'name' | 'mounts'>): string[] {
  const sources = mounts.map(({ source }) => source).filter((source) => source.startsWith('/dev/'));
  return [...new Set([`/dev/${name}`, ...sources])].sort().slice(0, maxPaths);
}
const maxPaths = 8;

/** A device by name or number, as far as the disks are known. */
function placeOf(name: string, all: readonly DiskModel[]): BlockedPlace {
  const disk = findDisk(name, all);
  const own = disk?.mounts.find(({ source }) => source === `/dev/${name}`) ?? disk?.mounts[0] ?? null;
  const loop = /^loop(\d+)$/.exec(name)?.[1];
  return {
    key: disk?.device ?? (loop === undefined ? name : `7:${loop}`),
    label: own === null ? (disk?.name ?? name) : `${own.path} (${own.source})`,
    disk,
    mountPoint: own?.path ?? null,
    devices: disk === null ? [/^\d+:\d+$/.test(name) ? name : `/dev/${name}`] : diskPaths(disk),
  };
}

/** By number, name, partition, or what is mounted from it: a partition has a number of its own. */
function findDisk(device: string, all: readonly DiskModel[]): DiskModel | null {
  return (
    all.find(
      (disk) =>
        disk.device === device ||
        disk.name === device ||
        disk.partitions.includes(device) ||
        disk.mounts.some((mount) => mount.device === device),
    ) ?? null
  );
}
