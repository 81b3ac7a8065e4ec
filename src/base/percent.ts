import { formatCount, nothing } from './counts.ts';

/** `41%`, `0.4%`, `<0.1%`: whole numbers; one decimal below 1%, where it distinguishes a little from nothing. */
export function formatPercent(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return nothing;
  const size = Math.abs(percent);
  if (size === 0 || size >= 0.95) return `${formatCount(percent)}%`;
  const tenths = Math.round(size * 10);
  return `${percent < 0 ? '-' : ''}${tenths === 0 ? '<0.1' : tenths / 10}%`;
}
