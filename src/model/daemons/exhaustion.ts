import type { SlowSeries } from '../series.ts';

/** A leak is judged by the last minutes, not by the last hour. */
const windowMs = 600_000;
/** Less than this says nothing. */
const shortestMs = 30_000;
const leastValues = 4;
/** A step is one when it is as much as this share of what the line rises in the time since the step before. */
const leastStep = 0.5;
/** What has had no step for so long, and for so many times as long as ever between two of them, has come to a stop. */
const [stillMs, stillTimes] = [15_000, 1.5];
/** A direction is steady when the line explains this much more than what is scattered around it (root mean square). */
const steadiness = 2;

/**
 * By how much a figure grows (or, below zero, shrinks) in a minute: the slope of the least squares line over the last ten
 * minutes. Zero when it stands still. Null when there are less than 30 seconds of it, and when it goes in no steady
 * direction: a burst, a coming and going, or a growth that has come to a stop.
 *
 * @param leastMs how much of it must be there; more for a figure that grows between two collections
 */
export function growthPerMinute(series: SlowSeries, monoMs: number, leastMs = shortestMs): number | null {
  const recent = series.filter((low) => monoMs - low.monoMs <= windowMs);
  const first = recent[0];
  const last = recent.at(-1);
  if (first === undefined || last === undefined || recent.length < leastValues) return null;
  const spanMs = last.monoMs - first.monoMs;
  if (spanMs < leastMs) return null;
  const values = recent.map(({ value }) => value);
  if (Math.max(...values) === Math.min(...values)) return 0;
  const { slopePerMs, scatter } = leastSquares(recent);
  const isSteady =
    Math.abs(slopePerMs) * spanMs >= steadiness * scatter &&
    keepsDirection(values, Math.sign(slopePerMs)) &&
    goesOn(recent, slopePerMs, monoMs);
  return isSteady ? slopePerMs * 60_000 : null;
}

/**
 * How long until a figure reaches its limit at this rate, in seconds; 0 if it has reached it. Null if it does not grow or
 * has no limit.
 */
export function secondsToLimit(value: number | null, limit: number | null, perMinute: number | null): number | null {
  if (value === null || limit === null || limit <= 0) return null;
  if (value >= limit) return 0;
  return perMinute === null || perMinute <= 0 ? null : ((limit - value) / perMinute) * 60;
}

function leastSquares(series: SlowSeries): { slopePerMs: number; scatter: number } {
  const start = series[0]?.monoMs ?? 0;
  const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
  const meanMs = mean(series.map(({ monoMs }) => monoMs - start));
  const meanValue = mean(series.map(({ value }) => value));
  let both = 0;
  let square = 0;
  for (const { monoMs, value } of series) {
    both += (monoMs - start - meanMs) * (value - meanValue);
    square += (monoMs - start - meanMs) ** 2;
  }
  const slopePerMs = square === 0 ? 0 : both / square;
  const misses = series.map(({ monoMs, value }) => value - meanValue - slopePerMs * (monoMs - start - meanMs));
  return { slopePerMs, scatter: Math.sqrt(mean(misses.map((miss) => miss ** 2))) };
}

/** Each third of the values is beyond the one before, by its extreme on the near side. */
function keepsDirection(values: readonly number[], sign: number): boolean {
  const third = values.length / 3;
  const near = [0, 1, 2].map((n) => {
    const part = values.slice(Math.floor(n * third), Math.floor((n + 1) * third)).map((value) => value * sign);
    return Math.min(...part);
  });
  const [a = 0, b = 0, c = 0] = near;
  return a < b && b < c;
}

/** The figure still takes steps in that direction, by its extremes on the near side: a rise that is over is no rate, and ends at no limit. */
function goesOn(series: SlowSeries, slopePerMs: number, monoMs: number): boolean {
  const floor = floorOf(series, Math.sign(slopePerMs));
  let last = floor[0];
  let longestMs = 0;
  let steps = 0;
  for (const point of floor) {
    if (last === undefined) return true;
    const sinceMs = point.monoMs - last.monoMs;
    if (sinceMs <= 0 || point.value - last.value < leastStep * Math.abs(slopePerMs) * sinceMs) continue;
    // Until the first step it may have stood still for any time.
    if (steps > 0) longestMs = Math.max(longestMs, sinceMs);
    steps++;
    last = point;
  }
  return monoMs - (last?.monoMs ?? 0) < Math.max(stillMs, stillTimes * longestMs);
}

/** The least that a figure had at each moment or later; of one that falls, the greatest with its sign turned. */
function floorOf(series: SlowSeries, sign: number): SlowSeries {
  let least = Number.POSITIVE_INFINITY;
  return series
    .toReversed()
    .map(({ monoMs, value }) => {
      least = Math.min(least, value * sign);
      return { monoMs, value: least };
    })
    .toReversed();
}
