import { isHolding, type ProcessModel } from '../processes/processes.ts';
import { threadDevice } from '../processes/thread-device.ts';
import type { DiskModel, DisksModel } from './disks.ts';
import { diskWaitOf } from './waits.ts';

/** A filesystem that blocks all writes, with what is blocked by it. */
export interface FrozenFilesystem {
  /** Where it is mounted; null when only a device whose file lies on it is known. */
  readonly place: FrozenPlace | null;
  /** Blocked there, the longest first. */
  readonly processes: readonly ProcessModel[];
  /** Devices that live on it, nearest first: loop devices whose file it holds, and what is built on those. */
  readonly above: readonly string[];
}

export interface FrozenPlace {
  /** `major:minor` */
  readonly device: string;
  readonly path: string;
  readonly source: string;
  readonly type: string;
  /** `path` is of the host's mount namespace; otherwise as the processes see it. */
  readonly onHost: boolean;
  /** The file descriptor or the loop device names it; otherwise it is the only one that it can be. */
  readonly isNamed: boolean;
}

/** The frozen filesystems of which at least a device above is known, by the processes that wait to write there. */
export function frozenFilesystems(processes: readonly ProcessModel[], disks: DisksModel | null): FrozenFilesystem[] {
  const all = disks?.list ?? [];
  const found = processes.flatMap((process) => {
    const at = frozenAt(process, all);
    return at === null ? [] : [{ process, ...at }];
  });
  return [...Map.groupBy(found, ({ key }) => key).values()].map((members) => {
    const places = members.flatMap(({ place }) => place ?? []);
    const place = places.find(({ isNamed }) => isNamed) ?? places[0] ?? null;
    const direct = place === null ? members.flatMap(({ loop }) => loop ?? []) : loopsOn(place.device, all);
    return {
      place,
      processes: members.map(({ process }) => process).sort((a, b) => b.seconds - a.seconds || a.pid - b.pid),
      above: withAllAbove(direct, all),
    };
  });
}

interface At {
  /** The same for all that wait for the same filesystem. */
  readonly key: string;
  readonly place: FrozenPlace | null;
  readonly loop: string | null;
}

function frozenAt(process: ProcessModel, disks: readonly DiskModel[]): At | null {
  if (!isHolding(process) || diskWaitOf(process) !== 'frozen') return null;
  if (process.kernelThread) {
    const loop = threadDevice(process.comm);
    if (loop === null || !loop.startsWith('loop')) return null;
    const backing = disks.find(({ name }) => name === loop)?.backing ?? null;
    if (backing === null) return { key: `below ${loop}`, place: null, loop };
    const { device, path, source, type } = backing;
    return { key: device, place: { device, path, source, type, onHost: true, isNamed: true }, loop };
  }
  const mount = process.waits?.mount ?? null;
  // Below an overlay it is another filesystem, which the process does not see.
  if (mount === null || mount.type === 'overlay') return null;
  const { device, type } = mount;
  const own = disks.flatMap(({ mounts }) => mounts).find((one) => one.device === device);
  return {
    key: device,
    place: {
      device,
      type,
      path: own?.path ?? mount.mountPoint,
      source: own?.source ?? mount.source,
      onHost: own !== undefined,
      isNamed: process.waits?.how === 'descriptor',
    },
    loop: null,
  };
}

function loopsOn(device: string, disks: readonly DiskModel[]): string[] {
  return disks.filter(({ backing }) => backing?.device === device).map(({ name }) => name);
}

/** With all devices that are built on these, however far above. */
export function withAllAbove(names: readonly string[], disks: readonly DiskModel[]): string[] {
  const all = new Set(names);
  // A set grows while it is walked; a device that carries itself is in it already.
  for (const name of all) for (const above of disks.find((one) => one.name === name)?.carries ?? []) all.add(above);
  return [...all];
}
