import type { DisksValue, DiskTopology, WriteBackCounters } from '../../sample/disks.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import { type ChartSeries, chartWith, noChart } from '../chart-series.ts';
import { append, type Series } from '../series.ts';
import { type DiskRates, isStill, ratesOf } from './rates.ts';

/** What is remembered of the disks: bounded by the devices that a Sample can hold. */
export interface DisksHistory {
  /** The newest reading that counts, and the one before it: rates are their difference. */
  readonly last: Mark | null;
  readonly rates: ReadonlyMap<string, DiskRates>;
  /** Since when a device has requests in flight and ends none, in milliseconds of CLOCK_MONOTONIC, by name. */
  readonly still: ReadonlyMap<string, number>;
  /** Share of time in which some task waited for I/O, percent, from the growth of the total: avg10 lags. */
  readonly some: Series;
  readonly full: Series;
  /** The share of `some` for a chart. */
  readonly someChart: ChartSeries;
  /** Share of the processors' time that they were idle while a task waited for I/O, percent. */
  readonly ioWait: Series;
  /** The counters of write-back of the last seconds, the newest last. */
  readonly writeBack: readonly WriteBackMark[];
  readonly topology: DiskTopology | null;
}

interface Mark {
  readonly monoMs: number;
  readonly value: DisksValue;
}

interface WriteBackMark {
  readonly monoMs: number;
  readonly counters: WriteBackCounters;
}

export const noDisks: DisksHistory = {
  last: null,
  rates: new Map(),
  still: new Map(),
  some: [],
  full: [],
  someChart: noChart,
  ioWait: [],
  writeBack: [],
  topology: null,
};

/** The kernel writes back in bursts: what a second shows is no rate. */
const writeBackWindowMs = 10_000;

/** The disks after one more reading. A reading that failed leaves a gap in the rates. */
export function reduceDisks(
  before: DisksHistory,
  reading: Reading<DisksValue> | undefined,
  monoMs: number,
): DisksHistory {
  if (reading === undefined) return before;
  const value = okValue(reading);
  if (value === null) return leaveGap(before, monoMs);
  const { last } = before;
  const elapsedMs = last === null ? 0 : monoMs - last.monoMs;
  const rates = new Map<string, DiskRates>();
  const still = new Map<string, number>();
  if (last !== null && elapsedMs > 0) {
    const old = new Map(last.value.disks.map((disk) => [disk.name, disk]));
    for (const disk of value.disks) {
      const past = old.get(disk.name);
      if (past === undefined || past.device !== disk.device) continue;
      const rate = ratesOf(past, disk, elapsedMs);
      if (rate !== null) rates.set(disk.name, rate);
      if (isStill(past, disk)) still.set(disk.name, before.still.get(disk.name) ?? last.monoMs);
    }
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
    still,
    some: append(before.some, stall('some')),
    full: append(before.full, stall('full')),
    someChart: chartWith(before.someChart, stall('some'), monoMs),
    ioWait: append(before.ioWait, ioWaitOf(last?.value ?? null, value)),
    writeBack: withMark(before.writeBack, value.writeBack, monoMs),
    topology: value.topology ?? before.topology,
  };
}

function leaveGap(before: DisksHistory, monoMs: number): DisksHistory {
  return {
    ...before,
    last: null,
    rates: new Map(),
    still: new Map(),
    some: append(before.some, null),
    full: append(before.full, null),
    someChart: chartWith(before.someChart, null, monoMs),
    ioWait: append(before.ioWait, null),
    writeBack: [],
  };
}

function ioWaitOf(old: DisksValue | null, now: DisksValue): number | null {
  if (old === null || old.cpu === null || now.cpu === null) return null;
  const total = now.cpu.total - old.cpu.total;
  const ioWait = now.cpu.ioWait - old.cpu.ioWait;
  // "The value in iowait field decreases in certain conditions" (kernel Documentation/filesystems/proc.rst).
  return total <= 0 || ioWait < 0 ? null : Math.min(100, (ioWait / total) * 100);
}

function withMark(
  before: readonly WriteBackMark[],
  counters: WriteBackCounters | null,
  monoMs: number,
): readonly WriteBackMark[] {
  if (counters === null) return [];
  const newest = before.at(-1);
  const isReset = newest !== undefined && counters.writtenBytes < newest.counters.writtenBytes;
  const kept = isReset ? [] : before.filter((mark) => monoMs - mark.monoMs <= writeBackWindowMs);
  // A slow interval would leave nothing to compare with.
  const past = kept.length === 0 && newest !== undefined && !isReset ? [newest] : kept;
  return [...past, { monoMs, counters }];
}
