import { nothing } from './counts.ts';
import { formatAgo } from './durations.ts';
import type { Zone } from './zone.ts';

const minuteMs = 60_000;
/** The latest date of JavaScript, minus a day for the zone. */
const farthest = 8.64e15 - 86_400_000;

/** `17:01:41 CST`, `09:01:41Z` */
export function formatClock(at: number, zone: Zone): string {
  return isMoment(at) ? wallClock(at, zone).slice(11) + zone.suffixAt(at) : nothing;
}

/** `17:01:41 CST`; with the date in front when it is not today: `2026-11-20 17:01:41 CST`. */
export function formatTime(at: number, now: number, zone: Zone): string {
  return isMoment(now) && isMoment(at) && formatDay(at, zone) === formatDay(now, zone)
    ? formatClock(at, zone)
    : formatDayTime(at, zone);
}

/** `2026-11-20 17:01:41 CST` */
export function formatDayTime(at: number, zone: Zone): string {
  return isMoment(at) ? wallClock(at, zone) + zone.suffixAt(at) : nothing;
}

/** `48s ago, 17:01:41 CST`: the age first, because the reader wants that; the time to compare with logs. */
export function formatMoment(at: number, now: number, zone: Zone): string {
  return isMoment(at) ? `${formatAgo((now - at) / 1000)}, ${formatTime(at, now, zone)}` : nothing;
}

/** `2026-11-20`, in the zone. */
export function formatDay(at: number, zone: Zone): string {
  return isMoment(at) ? wallClock(at, zone).slice(0, 10) : nothing;
}

/** `2026-11-20T09:01:41.000Z`: for programs; null for a value outside the range of a Date. */
export function isoMoment(at: number | null): string | null {
  return at !== null && isMoment(at) ? new Date(at).toISOString() : null;
}

function isMoment(at: number): boolean {
  return Math.abs(at) <= farthest;
}

/** `2026-11-20 17:01:41`, local time without a zone. */
function wallClock(at: number, zone: Zone): string {
  const iso = new Date(at + zone.offsetAt(at) * minuteMs).toISOString();
  const end = iso.indexOf('T');
  return `${iso.slice(0, end)} ${iso.slice(end + 1, end + 9)}`;
}
