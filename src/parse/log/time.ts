/** What completes a time that a log writes without its year, its zone or its day. */
export interface LogClock {
  /** About when the line was read, milliseconds since 1970. */
  readonly nowMs: number;
  /** The node's time zone, in minutes east of UTC. */
  readonly utcOffsetMinutes: number;
  /** When the node booted, milliseconds since 1970, for times of the kernel's ring buffer; null when it is not known. */
  readonly bootAtMs: number | null;
}

const dayMs = 86_400_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A date and time with its zone, as RFC 3339 and rsyslog write it: milliseconds since 1970, or null. */
export function isoTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/.test(text)) return null;
  // dmesg --time-format iso writes a comma.
  const at = Date.parse(text.replace(',', '.'));
  return Number.isFinite(at) ? at : null;
}

/** The moment of a wall clock reading in the node's time zone; null when there is no such day. */
export function localTime(
  parts: { year: number | null; month: number; day: number; time: string },
  clock: LogClock,
): number | null {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/.exec(parts.time);
  if (match === null || parts.month < 1 || parts.month > 12 || parts.day < 1 || parts.day > 31) return null;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map(Number);
  const millis = Number(`0.${match[4] ?? 0}`) * 1000;
  const inYear = (year: number): number =>
    Date.UTC(year, parts.month - 1, parts.day, hours, minutes, seconds) + millis - clock.utcOffsetMinutes * 60_000;
  if (parts.year !== null) return inYear(parts.year);
  // RFC 3164 and klog have no year: it is the latest one in which the line is not in the future.
  const thisYear = new Date(clock.nowMs).getUTCFullYear() + 1;
  for (let year = thisYear; year > thisYear - 3; year--) if (inYear(year) <= clock.nowMs + dayMs) return inYear(year);
  return null;
}

/** 1 to 12 for `Jan` to `Dec`, 0 for anything else. */
export function monthOf(name: string): number {
  return months.indexOf(name) + 1;
}
