import type { DiskModel, DisksModel } from './disks.ts';

/** Devices are stacked a few high; a cycle cannot be, and must not hang us. */
const maxDepth = 8;

/** The devices that a device is built on, by name: its slaves, the disk that a loop device's file lies on, and those below them. */
export function belowDisk(disk: DiskModel, { list }: Pick<DisksModel, 'list'>): ReadonlySet<string> {
  const below = new Set<string>();
  let level: readonly DiskModel[] = [disk];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const names = level.flatMap((one) => directlyBelow(one, list)).filter((name) => !below.has(name));
    for (const name of names) below.add(name);
    level = list.filter(({ name }) => names.includes(name));
  }
  return below;
}

function directlyBelow({ slaves, backing }: DiskModel, list: readonly DiskModel[]): readonly string[] {
  if (backing === null) return slaves;
  const under = list.filter(
    ({ device, mounts }) => device === backing.device || mounts.some((mount) => mount.device === backing.device),
  );
  return [...slaves, ...under.map(({ name }) => name)];
}
