import { utc, type Zone } from './zone.ts';

/** The range of time that is available: milliseconds since 1970. */
interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The accepted forms, for the error message. */
export const momentForms =
  '12:00:05, 12:00:05Z (UTC), 2026-11-21 12:00:05, -5m (before the end), +30s (after the beginning) or 50%';

const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const minuteMs = 60_000;
const dayMs = 86_400_000;

const share = /^(\d{1,3}(?:\.\d+)?)\s*%$/;
const distance = /^([+-])(\d{1,9}(?:\.\d+)?)\s*(ms|s|m|h|d)?$/;
const written =
  /^(?:(\d{4})-(\d\d)-(\d\d)(?:(?:T|\s+)(?=\d)|$))?(?:(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?|[A-Z]{2,5})?$/i;

/**
 * A moment as a person writes it, as milliseconds since 1970: `12:00:05` or `12:00` (on the last day on which it is before
 * the end), `2026-11-21 12:00:05` or `2026-11-21`, `-5m` before the end, `+30s` after the beginning, `50%`.
 *
 * A time of day is in the given zone, unless it ends in `Z`, `UTC` or an offset. The zone's own name is accepted too, as it
 * is shown. The result can be outside the range. Null if the text has none of these forms, or names a time that does not
 * exist: `12:00:65`, `2026-02-30`.
 */
export function parseMoment(text: string, { from, to }: TimeRange, zone: Zone): number | null {
  const trimmed = text.trim();
  const percent = share.exec(trimmed)?.[1];
  if (percent !== undefined) return Number(percent) > 100 ? null : from + ((to - from) * Number(percent)) / 100;
  const [, sign, digits, unit = 's'] = distance.exec(trimmed) ?? [];
  if (digits !== undefined) {
    const ms = Number(digits) * (factors[unit] ?? 1000);
    return sign === '-' ? to - ms : from + ms;
  }
  const match = written.exec(trimmed);
  return match === null ? null : timeOf(match, to, zone);
}

/** The moment of a local time; the first of two if clocks were set back over it. Null for a date that does not exist. */
export function momentOfWallClock(wallMs: number, zone: Zone): number {
  const before = wallMs - zone.offsetAt(wallMs - dayMs) * minuteMs;
  if (before + zone.offsetAt(before) * minuteMs === wallMs) return before;
  // After a change of the clocks; a time that was skipped by it is later by the same amount.
  const after = wallMs - zone.offsetAt(wallMs + dayMs) * minuteMs;
  return after + zone.offsetAt(after) * minuteMs === wallMs ? after : before;
}

function timeOf(match: RegExpExecArray, to: number, local: Zone): number | null {
  const [, year, month, day, hour, minute, second = '0', fraction = '', suffix = ''] = match;
  if (year === undefined && hour === undefined) return null;
  if (hour === undefined && suffix !== '') return null;
  const named = zoneNamed(suffix, local);
  if (named === null) return null;
  const [hours, minutes, seconds] = [Number(hour ?? 0), Number(minute ?? 0), Number(second)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const ofDay = ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.floor(Number(`0.${fraction || 0}`) * 1000);
  if (year !== undefined) {
    const midnight = dateOf(Number(year), Number(month), Number(day));
    return midnight === null ? null : checked(momentOfWallClock(midnight + ofDay, named), suffix, named);
  }
  // Days differ in length, so the day is subtracted in local time.
  const wallEnd = to + named.offsetAt(to) * minuteMs;
  const today = Math.floor(wallEnd / dayMs) * dayMs;
  const at = momentOfWallClock(today + ofDay, named);
  // Times are shown to the second.
  const last = at > to + 1000 ? momentOfWallClock(today - dayMs + ofDay, named) : at;
  return checked(last, suffix, named);
}

/** The zone written after a time. Its own name may be ambiguous before the moment is known, so it is not checked. */
function zoneNamed(suffix: string, local: Zone): Zone | null {
  if (/^(?:z|utc)$/i.test(suffix)) return utc;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(suffix) ?? [];
  if (sign === undefined) return local;
  if (Number(hours) > 14 || Number(minutes) > 59) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return { offsetAt: () => offset, suffixAt: () => '' };
}

function checked(at: number, suffix: string, zone: Zone): number | null {
  const isName = /^[a-z]{2,}$/i.test(suffix) && suffix.toUpperCase() !== 'UTC';
  return isName && zone.suffixAt(at).trim().toUpperCase() !== suffix.toUpperCase() ? null : at;
}

/** The start of that date in UTC, or null if there is no such date. */
function dateOf(year: number, month: number, day: number): number | null {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? at : null;
}
