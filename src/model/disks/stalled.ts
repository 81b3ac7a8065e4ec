import { okValue } from '../../sample/reading.ts';
import { isHolding, type ProcessModel } from '../processes/processes.ts';
import type { DiskModel, DisksModel } from './disks.ts';
import { stuckSeconds } from './faults.ts';
import { withAllAbove } from './frozen.ts';
import { diskWaitOf } from './waits.ts';

/** A device that completes none of its requests, and what is built on it. */
export interface StalledDisk {
  /** The lowest that stands still: those built on it wait for it. */
  readonly disk: DiskModel;
  readonly seconds: number;
  /** All that is built on it, nearest first; some of these may still answer from memory. */
  readonly above: readonly DiskModel[];
}

/** A flush of a busy disk, or a disk that spins up, takes some seconds. Our own judgement. */
const longSeconds = 10;
/** Percent of the time: less is no disk that stands still. */
const leastPressure = 5;

/**
 * The devices that hold requests and complete none. A counter of requests in flight can be wrong (it is a sum over
 * processors), so a task must be waiting for a disk, or pressure must show it.
 */
export function stalledDisks(disks: DisksModel, processes: readonly ProcessModel[]): StalledDisk[] {
  const some = okValue(disks.pressure)?.some.avg10 ?? 0;
  const waits = processes.some((process) => isHolding(process) && diskWaitOf(process) === 'disk');
  if (!waits && some < leastPressure) return [];
  const stalled = disks.list.filter((disk) => (stuckSeconds(disk) ?? 0) >= longSeconds);
  const above = new Map(stalled.map((disk) => [disk.name, withAllAbove(disk.carries, disks.list)]));
  const carried = new Set([...above.values()].flat());
  const lowest = stalled.filter(({ name }) => !carried.has(name));
  return lowest.map((disk) => ({
    disk,
    seconds: stuckSeconds(disk) ?? 0,
    above: (above.get(disk.name) ?? []).flatMap((name) => disks.list.find((one) => one.name === name) ?? []),
  }));
}
