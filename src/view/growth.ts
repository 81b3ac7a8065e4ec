import { formatByteChange } from '../base/bytes.ts';
import { formatCount, signOf } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { Series } from '../model/series.ts';

/** Slower growth than this counts as none. */
const leastPerMinute = 0.5;
const leastBytesPerMinute = 64 * 1024;

/** `+12/min, limit in 3h 10m`; empty when it does not grow or shrink steadily. */
export function fdGrowthText({ fdGrowthPerMinute, fdExhaustionSeconds }: DaemonModel): string {
  return withEnd(perMinute(fdGrowthPerMinute), 'limit', fdExhaustionSeconds, fdGrowthPerMinute);
}

/** `+34 MiB/min, node full in 8h 2m` */
export function rssGrowthText({ rssBytesGrowthPerMinute, rssExhaustionSeconds }: DaemonModel): string {
  return withEnd(bytesPerMinute(rssBytesGrowthPerMinute), 'node full', rssExhaustionSeconds, rssBytesGrowthPerMinute);
}

/** A change of less than this share of the value is not worth a second number. */
const leastChange = 0.1;

/** `54→`, to stand before the newest value: what a figure was when its series begins; empty where it is hardly another. */
export function beforeText(series: Series, format: (value: number) => string, arrow: string): string {
  const values = series.filter((value) => value !== null);
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return '';
  return Math.abs(last - first) < leastChange * Math.max(first, last, 1) ? '' : `${format(first)}${arrow}`;
}

/** `+12/min`, `-3/min` */
export function perMinute(growth: number | null): string {
  if (growth === null || Math.abs(growth) < leastPerMinute) return '';
  return `${signOf(growth)}${formatCount(Math.round(Math.abs(growth)) || 1)}/min`;
}

/** `+34 MiB/min` */
export function bytesPerMinute(growth: number | null): string {
  if (growth === null || Math.abs(growth) < leastBytesPerMinute) return '';
  return `${formatByteChange(growth)}/min`;
}

function withEnd(rate: string, what: string, seconds: number | null, growth: number | null): string {
  if (rate === '') return '';
  return seconds === null || (growth ?? 0) <= 0 ? rate : `${rate}, ${what} in ${formatSeconds(seconds)}`;
}
