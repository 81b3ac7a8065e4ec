import type { DiskCounters, DisksValue, IoPressure } from '../sample/disks.ts';
import { okValue, type Reading } from '../sample/reading.ts';
import { append, type Series } from './series.ts';
import type { Tracked } from './tracked.ts';

export interface DisksHistory {
  /** The newest reading that counts, and the one before it: rates are their difference. */
  readonly last: Mark | null;
  readonly rates: ReadonlyMap<string, DiskRates>;
  /** Share of time in which some task waited for I/O, percent, from the growth of the total: avg10 lags. */
  readonly some: Series;
  readonly full: Series;
}

interface Mark {
  readonly monoMs: number;
  readonly value: DisksValue;
}

export const noDisks: DisksHistory = { last: null, rates: new Map(), some: [], full: [] };

/** What `iostat -x` shows of a device (sysstat rd_stats.c, iostat.c). */
export interface DiskRates {
  /** Share of time with a request in flight. An SSD can do more at 100 %. */
  readonly utilPercent: number;
  readonly readsPerSec: number;
  readonly writesPerSec: number;
  readonly readBytesPerSec: number;
  readonly writeBytesPerSec: number;
  /** Mean time of a request from queue to end, milliseconds; null when none ended. */
  readonly awaitMs: number | null;
  /** Mean number of requests in flight (aqu-sz). */
  readonly queue: number;
}

const sectorBytes = 512;

export function reduceDisks(
  before: DisksHistory,
  reading: Reading<DisksValue> | undefined,
  monoMs: number,
): DisksHistory {
  if (reading === undefined) return before;
  const value = okValue(reading);
  if (value === null)
    return { last: null, rates: new Map(), some: append(before.some, null), full: append(before.full, null) };
  const { last } = before;
  const elapsedMs = last === null ? 0 : monoMs - last.monoMs;
  const rates = new Map<string, DiskRates>();
  for (const disk of value.disks) {
    const old = last?.value.disks.find((other) => other.name === disk.name && other.device === disk.device);
    const rate = old === undefined || elapsedMs <= 0 ? null : ratesOf(old, disk, elapsedMs);
    if (rate !== null) rates.set(disk.name, rate);
  }
  const stall = (line: 'some' | 'full'): number | null => {
    const now = okValue(value.pressure)?.[line]?.totalMicros;
    const old = okValue(last?.value.pressure)?.[line]?.totalMicros;
    if (now === undefined || old === undefined || now < old || elapsedMs <= 0) return null;
    return Math.min(100, (now - old) / 10 / elapsedMs);
  };
  return {
    last: { monoMs, value },
    rates,
    some: append(before.some, stall('some')),
    full: append(before.full, stall('full')),
  };
}

/** Null when a counter went backwards: the device was replaced, or the kernel's counters reset. */
function ratesOf(old: DiskCounters, now: DiskCounters, elapsedMs: number): DiskRates | null {
  const grown = (field: keyof DiskCounters & ('reads' | 'writes' | 'readSectors' | 'writtenSectors')): number =>
    now[field] - old[field];
  const reads = grown('reads');
  const writes = grown('writes');
  const readSectors = grown('readSectors');
  const writtenSectors = grown('writtenSectors');
  if (Math.min(reads, writes, readSectors, writtenSectors) < 0) return null;
  const requests = reads + writes;
  const waitMs = wrapped(now.readMs, old.readMs) + wrapped(now.writeMs, old.writeMs);
  return {
    utilPercent: Math.min(100, (wrapped(now.busyMs, old.busyMs) / elapsedMs) * 100),
    readsPerSec: (reads / elapsedMs) * 1000,
    writesPerSec: (writes / elapsedMs) * 1000,
    readBytesPerSec: ((readSectors * sectorBytes) / elapsedMs) * 1000,
    writeBytesPerSec: ((writtenSectors * sectorBytes) / elapsedMs) * 1000,
    awaitMs: requests === 0 ? null : waitMs / requests,
    queue: wrapped(now.weightedMs, old.weightedMs) / elapsedMs,
  };
}

/** The kernel prints times as 32-bit milliseconds: a busy disk wraps them in weeks. */
function wrapped(now: number, old: number): number {
  return now >= old ? now - old : now + 2 ** 32 - old;
}

/** A device as rules and views see it. */
export interface DiskModel {
  readonly name: string;
  /** Null until two readings are there. */
  readonly rates: DiskRates | null;
  readonly inFlight: number;
}

export interface DisksModel {
  /** The busiest first. */
  readonly list: readonly DiskModel[];
  readonly pressure: Reading<IoPressure>;
  readonly someSeries: Series;
  readonly fullSeries: Series;
  readonly dirtyBytes: number | null;
  readonly writebackBytes: number | null;
  readonly procsBlocked: number | null;
}

export function deriveDisks({ value }: Tracked<DisksValue>, history: DisksHistory): DisksModel | null {
  if (value === null) return null;
  const list = value.disks
    .map((disk) => ({ name: disk.name, rates: history.rates.get(disk.name) ?? null, inFlight: disk.inFlight }))
    .sort((a, b) => load(b) - load(a) || b.inFlight - a.inFlight || (a.name < b.name ? -1 : 1));
  return {
    list,
    pressure: value.pressure,
    someSeries: history.some,
    fullSeries: history.full,
    dirtyBytes: value.dirtyBytes,
    writebackBytes: value.writebackBytes,
    procsBlocked: value.procsBlocked,
  };
}

/** Whole percents, so that disks that do next to nothing keep their places. */
function load(disk: DiskModel): number {
  return Math.round(disk.rates?.utilPercent ?? 0);
}
