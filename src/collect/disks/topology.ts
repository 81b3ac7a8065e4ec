import { parseDiskMounts } from '../../parse/proc/disk-mounts.ts';
import type { BlockDevice, DiskMounts, DiskTopology } from '../../sample/disks.ts';
import { failed, ok, type Reading } from '../../sample/reading.ts';
import { reasonOf } from '../reason.ts';
import type { World } from '../world.ts';

/** A node with the devicemapper storage driver has a device for each container. */
const maxDevices = 256;

/**
 * What the block devices are (`/sys/block`) and what is mounted from them (`/proc/1/mountinfo`). No mountpoint and no
 * device is opened: only what the kernel itself keeps of them is read.
 */
export function readDiskTopology(world: World): DiskTopology {
  const block = `${world.roots.sysfs}/block`;
  const names = (world.tryList(block) ?? []).filter((name) => !/^(?:ram|zram|fd|sr)\d+$/.test(name));
  const devices: BlockDevice[] = [];
  let more = 0;
  for (const name of names) {
    if (devices.length < maxDevices) devices.push(...describe(world, `${block}/${name}`, name));
    else more++;
  }
  return { devices, mounts: readMounts(world), more };
}

/** A device and its partitions; none when it went away meanwhile, and no loop device without a file. */
function describe(world: World, path: string, name: string): BlockDevice[] {
  const device = text(world, `${path}/dev`);
  if (device === null) return [];
  const kind = kindOf(name);
  const label = labelOf(world, path, kind);
  if (kind === 'loop' && label === null) return [];
  const rotational = text(world, `${path}/queue/rotational`);
  const whole: BlockDevice = {
    name: kernelName(name),
    device,
    kind,
    label,
    level: kind === 'md' ? text(world, `${path}/md/level`, true) : null,
    missing: kind === 'md' ? numberOrNull(text(world, `${path}/md/degraded`, true)) : null,
    disk: null,
    slaves: (kind === 'dm' || kind === 'md' ? (world.tryList(`${path}/slaves`) ?? []) : []).map(kernelName),
    readOnly: text(world, `${path}/ro`) === '1',
    rotational: rotational === null ? null : rotational === '1',
  };
  return [whole, ...partitionsOf(world, path, name, whole)];
}

function partitionsOf(world: World, path: string, name: string, whole: BlockDevice): BlockDevice[] {
  const names = (world.tryList(path) ?? []).filter((entry) => entry.startsWith(name));
  return names.flatMap((entry): BlockDevice[] => {
    const device = text(world, `${path}/${entry}/dev`);
    if (device === null) return [];
    const readOnly = text(world, `${path}/${entry}/ro`) === '1';
    return [{ ...whole, name: kernelName(entry), device, kind: 'partition', label: null, disk: whole.name, readOnly }];
  });
}

function kindOf(name: string): BlockDevice['kind'] {
  if (name.startsWith('dm-')) return 'dm';
  if (/^md[\d_]/.test(name)) return 'md';
  return name.startsWith('loop') ? 'loop' : 'disk';
}

function labelOf(world: World, path: string, kind: BlockDevice['kind']): string | null {
  if (kind === 'dm') return text(world, `${path}/dm/name`, true);
  return kind === 'loop' ? text(world, `${path}/loop/backing_file`) : null;
}

/**
 * @param risky the driver answers under a lock that it may hold while it waits for its devices (dm: `_hash_lock`; md:
 *   `reconfig_mutex`)
 */
function text(world: World, path: string, risky = false): string | null {
  const read = world.tryText(path, risky)?.trim();
  return read === undefined || read === '' ? null : read;
}

/** sysfs writes the slash of `cciss/c0d0` as `!`. */
function kernelName(name: string): string {
  return name.replaceAll('!', '/');
}

function numberOrNull(digits: string | null): number | null {
  return digits !== null && /^\d+$/.test(digits) ? Number(digits) : null;
}

function readMounts(world: World): Reading<DiskMounts> {
  const started = performance.now();
  let reason: unknown;
  // If pid 1 is unreadable, or not in the tree, our own namespace stands for the host's.
  for (const process of ['1', 'self']) {
    try {
      // namespace_sem: a reader waits while someone mounts or unmounts.
      const mounts = parseDiskMounts(world.readText(world.proc(`${process}/mountinfo`), true));
      return ok(mounts, performance.now() - started);
    } catch (error) {
      reason ??= error;
    }
  }
  return failed(reasonOf(reason));
}
