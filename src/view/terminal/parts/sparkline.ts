import type { Series } from '../../../model/series.ts';

/**
 * The newest values as a row of bars, with a gap where a value is missing. Without a scale the bars run from the least to the
 * greatest value, and at least a tenth of the value fills the height: a figure that hardly moves stays low.
 *
 * @param levels characters from low to high
 * @param greatest the value of the highest bar, when zero is the lowest
 */
export function sparkline(series: Series, width: number, levels: string, greatest?: number): string {
  const shown = series.slice(-width);
  const values = shown.filter((value) => value !== null);
  const low = greatest === undefined ? Math.min(...values) : 0;
  const high = greatest ?? Math.max(...values, low + Math.max(Math.abs(low) * 0.1, 1));
  const bars = [...levels];
  const bar = (value: number): string =>
    bars[Math.round(Math.min(1, (value - low) / (high - low)) * (bars.length - 1))] ?? ' ';
  return shown
    .map((value) => (value === null ? ' ' : bar(value)))
    .join('')
    .padStart(width);
}
