import { formatCount, nothing } from './counts.ts';

const units: readonly (readonly [name: string, seconds: number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/**
 * `350ms`, `9.4s`, `48s`, `12m 3s`, `1d 2h`: at most two units, no space within one; a decimal below ten seconds,
 * milliseconds below one second. Truncated, not rounded, as a clock does: 59.9 s is not yet a minute.
 */
export function formatSeconds(seconds: number | null): string {
  return seconds === null ? nothing : formatMs(seconds * 1000);
}

/** The same of milliseconds: `0.4ms`, `41ms`, `2.1s`. */
export function formatMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return nothing;
  if (ms < 0) {
    const size = formatMs(-ms);
    return size === '0s' ? size : `-${size}`;
  }
  const tenths = Math.round(ms * 10);
  if (tenths === 0) return '0s';
  // A product such as 4.35 * 1000 is slightly below the exact value.
  const whole = Math.floor(ms + 1e-6);
  if (tenths < 100) return `${tenths / 10}ms`;
  if (whole < 1000) return `${whole}ms`;
  if (whole < 10_000) return `${Math.floor(whole / 100) / 10}s`;
  return inTwoUnits(Math.floor(whole / 1000));
}

/** `48s ago`, or `in 48s` for a time in the future. */
export function formatAgo(seconds: number): string {
  return seconds < 0 ? `in ${formatSeconds(-seconds)}` : `${formatSeconds(seconds)} ago`;
}

function inTwoUnits(seconds: number): string {
  const largest = units.findIndex(([, size]) => seconds >= size);
  const parts: string[] = [];
  let left = seconds;
  for (const [name, size] of units.slice(largest, largest + 2)) {
    const amount = Math.floor(left / size);
    left -= amount * size;
    if (amount > 0) parts.push(`${formatCount(amount)}${name}`);
  }
  return parts.join(' ');
}
