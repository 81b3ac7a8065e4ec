import prettyBytes from 'pretty-bytes';
import prettyMs from 'pretty-ms';

/** What stands where a figure is not known. */
export const nothing = '–';

/** `5,214` */
export function formatCount(count: number | null): string {
  return count === null ? nothing : counts.format(count);
}
const counts = new Intl.NumberFormat('en-US');

/** `8.19 GiB` */
export function formatBytes(bytes: number | null): string {
  return bytes === null
    ? nothing
    : prettyBytes(bytes, { binary: true, maximumFractionDigits: bytes < 1024 ** 3 ? 0 : 1 });
}

/** `41 MB/s`: disks are sold and measured in powers of ten. */
export function formatRate(bytesPerSec: number | null): string {
  return bytesPerSec === null
    ? nothing
    : `${prettyBytes(bytesPerSec, { maximumFractionDigits: bytesPerSec < 1e6 ? 0 : 1 })}/s`;
}

/** `26s`, `4m 10s`, `1d 2h`: the two largest units. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return nothing;
  return prettyMs(Math.max(0, Math.floor(seconds)) * 1000, { unitCount: 2, secondsDecimalDigits: 0, hideYear: true });
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

/** `09:31:05`, on the clock of the node in UTC: logs and teams span time zones. */
export function formatClock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
