import { codeOf } from '../../base/system-error.ts';
import { type CgroupBytes, parseIoServiceBytes, parseIoStat } from '../../parse/cgroup/io.ts';
import { parsePressure } from '../../parse/proc/pressure.ts';
import type { CgroupValue } from '../../sample/cgroups.ts';
import { absent, failed, ok } from '../../sample/reading.ts';
import { reasonOf } from '../reason.ts';
import type { World } from '../world.ts';
import { readFreezer } from './freezer.ts';
import type { Hierarchies } from './hierarchies.ts';

/** The I/O of one control group; null when the group is not there any more. */
export function readGroup(
  world: World,
  hierarchies: Hierarchies,
  path: string,
): Pick<CgroupValue, 'ioPressure' | 'io' | 'freezer'> | null {
  const ioPressure = readPressure(world, hierarchies, path);
  const io = readBytes(world, hierarchies, path);
  const isSilent = ioPressure.status !== 'ok' && io === null;
  return isSilent && world.tryList(`${hierarchies.groups}/${path}`) === null
    ? null
    : { ioPressure, io, ...readFreezer(world, hierarchies, path) };
}

function readPressure(world: World, { version, pressure }: Hierarchies, path: string): CgroupValue['ioPressure'] {
  if (pressure === null) return absent('cgroup v1 has no pressure');
  const started = performance.now();
  try {
    return ok(parsePressure(world.readText(`${pressure}/${path}/io.pressure`)), performance.now() - started);
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        return absent(
          version === 'v2'
            ? 'this kernel has no cgroup pressure (it needs Linux 4.20, built with CONFIG_PSI)'
            : 'only cgroup v2 has pressure, and this group is not in it',
        );
      case 'EOPNOTSUPP':
        return absent('pressure stall information is off (boot with psi=1, or set cgroup.pressure of the group)');
      case 'ENODEV':
        return absent('the group was removed');
      default:
        return failed(`io.pressure of ${path}: ${reasonOf(error)}`);
    }
  }
}

function readBytes(world: World, { version, io }: Hierarchies, path: string): CgroupBytes | null {
  if (io === null) return null;
  if (version === 'v2') {
    const text = world.tryText(`${io}/${path}/io.stat`);
    return text === null ? null : parseIoStat(text);
  }
  // The recursive one, with the groups below, came with Linux 4.18.
  const file = `${io}/${path}/blkio.throttle.io_service_bytes`;
  const text = world.tryText(`${file}_recursive`) ?? world.tryText(file);
  return text === null ? null : parseIoServiceBytes(text);
}
