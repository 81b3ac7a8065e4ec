import { codeOf } from '../../base/system-error.ts';
import { parseDiskstats } from '../../parse/proc/diskstats.ts';
import { parseMeminfo } from '../../parse/proc/meminfo.ts';
import { parsePressure } from '../../parse/proc/pressure.ts';
import { parseProcStat } from '../../parse/proc/stat.ts';
import { parseVmstat, writeBackOf } from '../../parse/proc/vmstat.ts';
import type { DiskCounters, DisksValue, DiskTopology, IoPressure } from '../../sample/disks.ts';
import { absent, failed, ok, type Reading } from '../../sample/reading.ts';
import type { World } from '../world.ts';
import { readDiskTopology } from './topology.ts';

/** Devices in one Sample; the devicemapper storage driver makes one for each container. */
const maxDisks = 256;
/** Devices and mounts change seldom, and cost a few hundred reads. */
const topologyPeriodMs = 30_000;

/** Pressure, disk counters and dirty memory at every poll; the devices and what is on them, every 30 s. */
export class DisksCollector {
  readonly #world: World;
  readonly #now: () => number;
  #topologyAt: number | null = null;
  #ioWaiters: number | null = null;

  constructor(world: World, now: () => number = () => performance.now()) {
    this.#world = world;
    this.#now = now;
  }

  /** How many tasks waited for I/O at the newest poll; null if unknown. */
  get ioWaiters(): number | null {
    return this.#ioWaiters;
  }

  /**
   * Polls once.
   *
   * @throws if diskstats is unreadable
   */
  collect(): DisksValue {
    const world = this.#world;
    const watched = parseDiskstats(world.readRecord(world.proc('diskstats'))).filter(isWatched);
    const disks = watched.length > maxDisks ? watched.toSorted(byUse).slice(0, maxDisks) : watched;
    const meminfo = parseMeminfo(world.tryRecord(world.proc('meminfo')) ?? '');
    const vmstat = parseVmstat(world.tryRecord(world.proc('vmstat')) ?? '');
    const stat = parseProcStat(world.tryRecord(world.proc('stat')) ?? '');
    this.#ioWaiters = stat.procsBlocked;
    return {
      pressure: readPressure(world),
      disks,
      more: watched.length - disks.length,
      dirtyBytes: meminfo.get('Dirty') ?? null,
      writebackBytes: meminfo.get('Writeback') ?? null,
      procsBlocked: stat.procsBlocked,
      writeBack: writeBackOf(vmstat, meminfo),
      cpu: stat.cpu,
      topology: this.#topology(),
    };
  }

  #topology(): DiskTopology | null {
    const now = this.#now();
    if (this.#topologyAt !== null && now - this.#topologyAt < topologyPeriodMs) return null;
    this.#topologyAt = now;
    return readDiskTopology(this.#world);
  }
}

function readPressure(world: World): Reading<IoPressure> {
  const started = performance.now();
  try {
    return ok(parsePressure(world.readRecord(world.proc('pressure/io'))), performance.now() - started);
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        return absent('this kernel has no pressure stall information (it needs Linux 4.20, built with CONFIG_PSI)');
      case 'EOPNOTSUPP':
        return absent('pressure stall information is off (boot with psi=1)');
      default:
        return failed(`/proc/pressure/io: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Ram disks are memory; a loop device without a file has never moved a byte; partitions repeat their disk. */
function isWatched(disk: DiskCounters, _index: number, all: readonly DiskCounters[]): boolean {
  if (/^(?:ram|zram|fd|sr)\d+$/.test(disk.name)) return false;
  if (disk.name.startsWith('loop') && disk.reads + disk.writes + disk.inFlight === 0) return false;
  const parent = /^(.*\d)p\d+$/.exec(disk.name)?.[1] ?? /^([a-z]+)\d+$/.exec(disk.name)?.[1];
  return parent === undefined || !all.some((other) => other.name === parent);
}

/** With requests in flight first, then what did most since boot. */
function byUse(a: DiskCounters, b: DiskCounters): number {
  return Math.sign(b.inFlight) - Math.sign(a.inFlight) || b.reads + b.writes - a.reads - a.writes;
}
