import prettyBytes from 'pretty-bytes';
import prettyMs from 'pretty-ms';

/** What stands where a figure is not known. */
export const nothing = '–';

/** `5,214` */
export function formatCount(count: number | null): string {
  return count === null ? nothing : counts.format(count);
}
const counts = new Intl.NumberFormat('en-US');

/** `96 MiB`, `8.2 GiB` */
export function formatBytes(bytes: number | null): string {
  return bytes === null ? nothing : prettyBytes(bytes, { binary: true, maximumFractionDigits: digitsOf(bytes, 1024) });
}

/** `41 MB/s`: disks are sold and measured in powers of ten. */
export function formatRate(bytesPerSec: number | null): string {
  if (bytesPerSec === null) return nothing;
  return `${prettyBytes(bytesPerSec, { maximumFractionDigits: digitsOf(bytesPerSec, 1000) })}/s`;
}

/** One decimal where it says something: below ten of a unit, and for all that is counted in giga. */
function digitsOf(bytes: number, base: number): number {
  if (bytes < base) return 0;
  const exponent = Math.floor(Math.log(bytes) / Math.log(base));
  return exponent >= 3 || bytes / base ** exponent < 10 ? 1 : 0;
}

/** `26s`, `4m 10s`, `1d 2h`: the two largest units. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return nothing;
  if (seconds < 1) return '0s';
  return prettyMs(Math.floor(seconds) * 1000, { unitCount: 2, secondsDecimalDigits: 0, hideYear: true });
}

/** `0.4 ms`, `41 ms`, `2.1 s` */
export function formatMs(ms: number | null): string {
  if (ms === null) return nothing;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** `12%`, `0.4%` */
export function formatPercent(percent: number | null): string {
  if (percent === null) return nothing;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)}%`;
}

/** `09:31:05Z`: in UTC, because logs and teams span time zones. */
export function formatClock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}

/** `09:31:05Z`, with the day in front when it was not within the last day. */
export function formatSince(at: number, now: number): string {
  const day = now - at < 86_400_000 ? '' : `${new Date(at).toISOString().slice(0, 10)} `;
  return day + formatClock(at);
}

/** `2026-11-20T09:31:05Z, 1d 2h ago`: whole, because it is compared with other logs, and as an age, because that is what is asked. */
export function formatMoment(at: number, now: number): string {
  const seconds = (now - at) / 1000;
  const age = seconds >= 0 ? `${formatSeconds(seconds)} ago` : `in ${formatSeconds(-seconds)}`;
  return `${new Date(at).toISOString().slice(0, 19)}Z, ${age}`;
}
