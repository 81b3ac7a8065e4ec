/** Values of one figure over time, the newest last; null where a reading is missing, never a zero. */
export type Series = readonly (number | null)[];

/** Two minutes at a value a second: as much as the widest sparkline shows. */
const maxLength = 120;

/** The series with one more value at its end; null is a gap. */
export function append(series: Series, value: number | null): Series {
  return [...series.slice(-(maxLength - 1)), value];
}

/** The least that a figure was in one stretch of time: what comes and goes within it does not count. */
interface Low {
  /** When the stretch began, in milliseconds of CLOCK_MONOTONIC. */
  readonly monoMs: number;
  readonly value: number;
}

/** A figure over an hour, the newest last; stretches without a value are omitted. */
export type SlowSeries = readonly Low[];

const stretchMs = 10_000;
const maxStretches = 360;

/**
 * The series after one more value: it lowers the newest stretch, or begins another one when that is over or the clock went back.
 */
export function appendLow(series: SlowSeries, value: number | null, monoMs: number): SlowSeries {
  if (value === null) return series;
  const last = series.at(-1);
  if (last === undefined || monoMs - last.monoMs >= stretchMs || monoMs < last.monoMs) {
    return [...series.slice(-(maxStretches - 1)), { monoMs, value }];
  }
  return value < last.value ? [...series.slice(0, -1), { monoMs: last.monoMs, value }] : series;
}
