import { parseDiskstats } from '../parse/diskstats.ts';
import { parseMeminfo } from '../parse/meminfo.ts';
import { parsePressure } from '../parse/pressure.ts';
import { parseProcStat } from '../parse/proc-stat.ts';
import type { DiskCounters, DisksValue, IoPressure } from '../sample/disks.ts';
import { absent, failed, ok, type Reading } from '../sample/reading.ts';
import { codeOf, type World } from './world.ts';

/**
 * Pressure, disk counters and dirty memory.
 *
 * @throws when diskstats cannot be read
 */
export function collectDisks(world: World): DisksValue {
  const meminfo = parseMeminfo(world.tryText(world.proc('meminfo')) ?? '');
  return {
    pressure: readPressure(world),
    disks: parseDiskstats(world.readText(world.proc('diskstats'))).filter(isWatched),
    dirtyBytes: meminfo.get('Dirty') ?? null,
    writebackBytes: meminfo.get('Writeback') ?? null,
    procsBlocked: parseProcStat(world.tryText(world.proc('stat')) ?? '').procsBlocked,
  };
}

function readPressure(world: World): Reading<IoPressure> {
  const started = performance.now();
  try {
    return ok(parsePressure(world.readText(world.proc('pressure/io'))), performance.now() - started);
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        return absent('this kernel has no pressure stall information (it needs Linux 4.20, built with CONFIG_PSI)');
      case 'EOPNOTSUPP':
        return absent('pressure stall information is switched off (boot with psi=1)');
      default:
        return failed(`/proc/pressure/io: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Ram disks are memory; a loop device without a file has never moved a byte; partitions repeat their disk. */
function isWatched(disk: DiskCounters, _index: number, all: readonly DiskCounters[]): boolean {
  if (/^(?:ram|zram|fd|sr)\d+$/.test(disk.name)) return false;
  if (disk.name.startsWith('loop') && disk.reads + disk.writes === 0) return false;
  const parent = /^(.*\d)p\d+$/.exec(disk.name)?.[1] ?? /^([a-z]+)\d+$/.exec(disk.name)?.[1];
  return parent === undefined || !all.some((other) => other.name === parent);
}
