import type { BlockDevice, DiskCounters, DiskMount, DiskTopology, RuntimeRoot } from '../../sample/disks.ts';
import { okValue } from '../../sample/reading.ts';

/** What a device holds, seen from the device. */
export interface DiskUse {
  /** Null if sysfs does not have it. */
  readonly device: BlockDevice | null;
  /** Mounted from it or from one of its partitions, the filesystem's own root first. */
  readonly mounts: readonly DiskMount[];
  /** The runtimes' directories that lie on it. */
  readonly roots: readonly RuntimeRoot[];
  /** Devices built on it: dm and md devices, and loop devices whose file lies on it. */
  readonly carries: readonly string[];
  readonly partitions: readonly string[];
  /** Of a loop device, the mount that its file lies on; null for others, and when it is not known. */
  readonly backing: DiskMount | null;
}

/**
 * What each device holds, by name.
 *
 * @param wanted the runtimes' directories known from elsewhere
 */
export function usesOf(
  topology: DiskTopology | null,
  counters: readonly DiskCounters[],
  wanted: readonly RuntimeRoot[],
): ReadonlyMap<string, DiskUse> {
  const devices = topology?.devices ?? [];
  const mounts = okValue(topology?.mounts);
  const list = mounts?.list ?? [];
  const find = finderOf(devices, counters);
  const diskOf = (name: string): string => devices.find((device) => device.name === name)?.disk ?? name;
  const holderOf = (path: string): string | null => {
    const mount = mountOf(path, list);
    return mount === null ? null : find(mount);
  };
  const on = Map.groupBy(list, find);
  const roots = Map.groupBy(rootsOf(mounts?.roots ?? [], wanted), ({ path }) => holderOf(path));
  const carries = new Map<string, string[]>();
  const backingOf = (device: BlockDevice | null): DiskMount | null =>
    device?.kind === 'loop' && device.label !== null ? mountOf(device.label.replace(/ \(deleted\)$/, ''), list) : null;
  for (const device of devices) {
    const mount = backingOf(device);
    const file = mount === null ? null : find(mount);
    for (const below of new Set([...device.slaves.map(diskOf), ...(file === null ? [] : [file])])) {
      carries.set(below, [...(carries.get(below) ?? []), device.name]);
    }
  }
  return new Map(
    counters.map(({ name }) => {
      const device = devices.find((one) => one.name === name) ?? null;
      return [
        name,
        {
          device,
          mounts: on.get(name) ?? [],
          roots: roots.get(name) ?? [],
          carries: carries.get(name) ?? [],
          partitions: devices.filter(({ disk }) => disk === name).map((one) => one.name),
          backing: backingOf(device),
        },
      ];
    }),
  );
}

/** The mount that a path lies in: the longest one above it. */
function mountOf(path: string, mounts: readonly DiskMount[]): DiskMount | null {
  let best: DiskMount | null = null;
  for (const mount of mounts) {
    const holds = mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`);
    if (holds && mount.path.length >= (best?.path.length ?? 0)) best = mount;
  }
  return best;
}

/** The disk that a mount lies on: by its number, or, where the filesystem has one of its own (btrfs), by its source. */
function finderOf(
  devices: readonly BlockDevice[],
  counters: readonly DiskCounters[],
): (mount: DiskMount) => string | null {
  const names = new Map<string, string>(
    counters.flatMap(({ name, device }) => [
      [device, name],
      [`/dev/${name}`, name],
    ]),
  );
  for (const { name, device, disk, kind, label } of devices) {
    const whole = disk ?? name;
    names.set(device, whole).set(`/dev/${name}`, whole);
    if (kind === 'dm' && label !== null) names.set(`/dev/mapper/${label}`, whole);
  }
  return ({ device, source }) => names.get(device) ?? (device.startsWith('0:') ? (names.get(source) ?? null) : null);
}

/** The engine's own data root counts more than the shape of its mounts, and those more than the usual path. */
function rootsOf(seen: readonly RuntimeRoot[], wanted: readonly RuntimeRoot[]): RuntimeRoot[] {
  const all = new Map<string, RuntimeRoot>();
  for (const root of [...seen, ...wanted]) if (!all.has(root.path)) all.set(root.path, root);
  return [...all.values()];
}
