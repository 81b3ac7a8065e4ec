import { formatByteRate } from '../../base/bytes.ts';
import { formatCount, formatDecimal } from '../../base/counts.ts';
import { formatMs, formatSeconds } from '../../base/durations.ts';
import { formatPercent } from '../../base/percent.ts';
import { listOf } from '../../base/words.ts';
import type { DiskModel, DisksModel } from '../../model/disks/disks.ts';
import { heldUpSeconds } from '../../model/disks/faults.ts';
import type { IoWindow } from '../../model/disks/io-window.ts';
import type { DiskRates } from '../../model/disks/rates.ts';

/** A device that could be what tasks wait for. */
export interface BusyDevice {
  readonly disk: DiskModel;
  /** `vda`, `dm-0 (vg0-data)` */
  readonly name: string;
  /** Over the last ten seconds; null if it was not read for that long. */
  readonly sustained: DiskRates | null;
  /** The runtimes’ directories on it, or on a device that is built on it; empty when there are none. */
  readonly roots: string;
  /** Its figures, for people. */
  readonly text: string;
}

const busyPercent = 80;
const longQueue = 4;
const slowMs = 50;

/** Those that hold requests, are slow or busy, the worst first; those that carry the runtimes’ data before their equals. */
export function busyDevices({ list: disks }: DisksModel, ioWindow: IoWindow | null): BusyDevice[] {
  return disks
    .map((disk) => {
      const sustained = ioWindow?.rates.get(disk.name) ?? null;
      return { disk, sustained, rates: sustained ?? disk.rates };
    })
    .filter(({ disk, rates }) => heldUpSeconds(disk) !== null || isBusy(rates))
    .map(({ disk, sustained, rates }) => ({
      disk,
      sustained,
      name: nameOf(disk),
      roots: rootsOf(disk, disks),
      text: textOf(disk, rates),
      weight: weightOf(disk, rates, rootsOf(disk, disks) !== ''),
    }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
}

function isBusy(rates: DiskRates | null): boolean {
  if (rates === null) return false;
  return rates.utilPercent >= busyPercent || rates.queue >= longQueue || (rates.awaitMs ?? 0) >= slowMs;
}

/** A request that waits for long weighs as much as many that wait. */
function weightOf(disk: DiskModel, rates: DiskRates | null, hasRoots: boolean): number {
  const stuck = heldUpSeconds(disk) === null ? 0 : 1e6;
  const load = rates === null ? 0 : rates.queue + rates.utilPercent / 20;
  return stuck + load * (hasRoots ? 1.5 : 1);
}

function nameOf({ name, label }: DiskModel): string {
  return label === null ? name : `${name} (${label})`;
}

function rootsOf(disk: DiskModel, disks: readonly DiskModel[], depth = 0): string {
  const own = disk.roots.map(({ path }) => path);
  if (own.length > 0 || depth > 3) return listOf(own, 3);
  for (const name of disk.carries) {
    const above = disks.find((one) => one.name === name);
    const roots = above === undefined ? '' : rootsOf(above, disks, depth + 1);
    if (roots !== '') return roots;
  }
  return '';
}

function textOf(disk: DiskModel, rates: DiskRates | null): string {
  const stuck = heldUpSeconds(disk);
  if (stuck !== null)
    return `${nameOf(disk)}: ${formatCount(disk.inFlight)} in flight, none completed for ${formatSeconds(stuck)}`;
  if (rates === null) return `${nameOf(disk)}: ${formatCount(disk.inFlight)} in flight`;
  const wait = rates.awaitMs === null ? 'no request completed' : `${formatMs(rates.awaitMs)} a request`;
  const moved = rates.readBytesPerSec + rates.writeBytesPerSec;
  return `${nameOf(disk)}: ${wait}, queue ${formatDecimal(rates.queue)}, busy ${formatPercent(rates.utilPercent)}, ${formatByteRate(moved)}`;
}
