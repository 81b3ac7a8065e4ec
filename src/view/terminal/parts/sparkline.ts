import type { Series } from '../../../model/series.ts';

/**
 * The newest values as a row of bars from zero, with a gap where a value is missing.
 *
 * @param levels characters from low to high
 * @param scale `to`: the value of the highest bar; `least`: the same, unless a value is higher
 */
export function sparkline(
  series: Series,
  width: number,
  levels: string,
  scale: { readonly to: number } | { readonly least: number },
): string {
  const shown = series.slice(-width);
  const values = shown.filter((value) => value !== null);
  const high = 'to' in scale ? scale.to : Math.max(...values, scale.least);
  const bars = [...levels];
  const bar = (value: number): string =>
    bars[Math.round(Math.min(1, Math.max(0, value) / high) * (bars.length - 1))] ?? ' ';
  return shown
    .map((value) => (value === null ? ' ' : bar(value)))
    .join('')
    .padStart(width);
}
