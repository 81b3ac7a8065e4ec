import type { DisksValue, IoPressure } from '../../sample/disks.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import { type DiskRates, ratesOf } from './rates.ts';

/** Readings of the disks of the last ten seconds or so, one a second at most, the newest last; bounded. */
export type IoWindowHistory = readonly IoMark[];

interface IoMark {
  readonly monoMs: number;
  readonly value: DisksValue;
}

export const noIoWindow: IoWindowHistory = [];

/** Whatever lasts this long is no burst. */
const windowMs = 10_000;
const markEveryMs = 1000;

/** The counters of the last while after one more reading; none after a reading that failed. */
export function reduceIoWindow(
  before: IoWindowHistory,
  reading: Reading<DisksValue> | undefined,
  monoMs: number,
): IoWindowHistory {
  if (reading === undefined) return before;
  const value = okValue(reading);
  // What happened meanwhile is not known, nor whether the counters went on.
  if (value === null) return noIoWindow;
  const newest = before.at(-1);
  const mark = { monoMs, value };
  // The newest stands for now; the one before it is replaced until it is a second old.
  const settled =
    newest !== undefined && monoMs - (before.at(-2)?.monoMs ?? -markEveryMs) < markEveryMs
      ? before.slice(0, -1)
      : before;
  const all = [...settled, mark];
  const start = all.findLastIndex((past) => monoMs - past.monoMs >= windowMs);
  return start > 0 ? all.slice(start) : all;
}

/** What the disks did over the last ten seconds, from the kernel's own counters: what a burst does not lift. */
export interface IoWindow {
  /** At least 10 s, and as long as the interval where that is longer. */
  readonly overMs: number;
  /** Share of the time in which some task waited for I/O, percent; null if the kernel has no PSI. */
  readonly somePercent: number | null;
  /** Share of the time in which no task could run for it. */
  readonly fullPercent: number | null;
  /** By the device's name. */
  readonly rates: ReadonlyMap<string, DiskRates>;
}

/** Null until it was polled for ten seconds. */
export function ioWindowOf(history: IoWindowHistory): IoWindow | null {
  const oldest = history[0];
  const newest = history.at(-1);
  if (oldest === undefined || newest === undefined) return null;
  const overMs = newest.monoMs - oldest.monoMs;
  if (overMs < windowMs) return null;
  const percent = (line: keyof IoPressure): number | null => {
    const now = okValue(newest.value.pressure)?.[line]?.totalMicros;
    const old = okValue(oldest.value.pressure)?.[line]?.totalMicros;
    return now === undefined || old === undefined || now < old ? null : Math.min(100, (now - old) / 10 / overMs);
  };
  const past = new Map(oldest.value.disks.map((disk) => [disk.name, disk]));
  const rates = newest.value.disks.flatMap((disk) => {
    const old = past.get(disk.name);
    const rate = old === undefined || old.device !== disk.device ? null : ratesOf(old, disk, overMs);
    return rate === null ? [] : [[disk.name, rate] as const];
  });
  return { overMs, somePercent: percent('some'), fullPercent: percent('full'), rates: new Map(rates) };
}
