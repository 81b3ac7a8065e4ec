import { formatCount, nothing, signOf } from './counts.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/**
 * `96 MiB`, `8.2 GiB`: powers of 1024, one decimal below ten of a unit and from GiB on. Three digits at most, so that a column
 * holds it: from 1000 of a unit on it is the next one.
 */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return nothing;
  const sign = bytes < 0 ? '-' : '';
  let value = Math.abs(bytes);
  let unit = 0;
  while (unit < units.length - 1 && rounded(value, unit) >= 1000) {
    value /= 1024;
    unit++;
  }
  const amount = rounded(value, unit);
  return `${amount === 0 ? '' : sign}${amount >= 1000 ? formatCount(amount) : amount} ${units[unit]}`;
}

/** `41 MiB/s` */
export function formatByteRate(bytesPerSec: number | null): string {
  return bytesPerSec === null ? nothing : `${formatBytes(bytesPerSec)}/s`;
}

/** `+34 MiB`, `-2 KiB`: a change. */
export function formatByteChange(bytes: number): string {
  return signOf(bytes) + formatBytes(Math.abs(bytes));
}

function rounded(value: number, unit: number): number {
  return unit > 0 && (unit >= 3 || value < 9.95) ? Math.round(value * 10) / 10 : Math.round(value);
}
