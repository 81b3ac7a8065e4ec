/** What completes a time that a log writes without its year, its zone or its day. */
export interface LogClock {
  /** About when the line was read, milliseconds since 1970. */
  readonly nowMs: number;
  /** The node's time zone, in minutes east of UTC. */
  readonly utcOffsetMinutes: number;
  /** When the node booted, milliseconds since 1970, for times of the kernel's ring buffer; null when it is not known. */
  readonly bootAtMs: number | null;
  /** A moment near the line that is known with its year; null or missing when there is none. */
  readonly nearMs?: number | null;
}

const dayMs = 86_400_000;
/** By month: in English first, then as strftime(3) writes them in German, French, Spanish, Italian, Portuguese and Russian. */
const months: readonly (readonly string[])[] = [
  'jan janv ene gen янв',
  'feb févr fév fev фев',
  'mar mars mär mrz мар',
  'apr avril avr abr апр',
  'may mai mag май мая',
  'jun juin juni giu июн',
  'jul juil juli lug июл',
  'aug août ago авг',
  'sep sept set сен',
  'oct okt ott out окт',
  'nov ноя',
  'dec déc dez dic дек',
].map((names) => names.split(' '));

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
  // RFC 3164 and klog have no year: it is that of the lines around, else the latest one in which the line is not in the future.
  if (clock.nearMs != null) {
    const near = clock.nearMs;
    const year = new Date(near).getUTCFullYear();
    const times = [year - 1, year, year + 1].map(inYear);
    return times.reduce((best, time) => (Math.abs(time - near) < Math.abs(best - near) ? time : best));
  }
  const thisYear = new Date(clock.nowMs).getUTCFullYear() + 1;
  for (let year = thisYear; year > thisYear - 3; year--) if (inYear(year) <= clock.nowMs + dayMs) return inYear(year);
  return null;
}

const halfHourMs = 30 * 60_000;
/** Lines wait this long at most, in most cases, before syslog gives them its time. */
const delayMs = 120_000;
const farthestZoneMinutes = 14 * 60;

/** `May 12 11:18:48 node containerd[1220]: time="2023-05-12T11:18:48.47+08:00"` */
const twice =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.\d{1,9})? [^"=\n]{1,120}time="(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d))"/m;
const dated = /^(?:[^\s"=]{0,40} )?(?:time=")?(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d))[" ]/m;

/** The first line of journalctl, and that of a klog file (`minikube logs` holds some). Neither has a zone. */
const heads = [
  /^-- (?:Logs begin|Journal begins) at .{10,40}[,;] ends? at \S{2,4} (\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)/m,
  /^Log file created at: (\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)/m,
];

/** Where such a line is looked for: at the beginning, and around the first time with its year that stands behind that. */
const headBytes = 64 * 1024;
const aroundBytes = 1024;

function sampleOf(lines: Uint8Array): string {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  const later = bytes.indexOf('time="20', headBytes);
  const more = later === -1 ? '' : bytes.toString('latin1', later - aroundBytes, later + aroundBytes);
  return `${bytes.toString('latin1', 0, headBytes)}\n${more.slice(more.indexOf('\n') + 1)}`;
}

function headTime(text: string): number | null {
  for (const head of heads) {
    const [, year = '', month = '', day = '', time = ''] = head.exec(text) ?? [];
    if (year !== '') return isoTime(`${year}-${month}-${day}T${time}Z`);
  }
  return null;
}

/** The clock for some lines, by those of them that tell the year, and by those that tell their time twice: the zone. */
export function clockOf(lines: Uint8Array, clock: LogClock): LogClock {
  const text = sampleOf(lines);
  const [, month = '', day = '', time = '', iso = ''] = twice.exec(text) ?? [];
  const at = isoTime(iso);
  if (at === null) {
    const near = isoTime(dated.exec(text)?.[1] ?? '') ?? headTime(text);
    return near === null ? clock : { ...clock, nearMs: near };
  }
  const utc = { ...clock, utcOffsetMinutes: 0, nearMs: at };
  const wall = localTime({ year: null, month: monthOf(month), day: Number(day), time }, utc);
  if (wall === null) return { ...clock, nearMs: at };
  const zoneMs = Math.round((wall - at) / halfHourMs) * halfHourMs;
  const minutes = zoneMs / 60_000;
  const isZone = Math.abs(wall - at - zoneMs) <= delayMs && Math.abs(minutes) <= farthestZoneMinutes;
  return { ...clock, nearMs: at, ...(isZone ? { utcOffsetMinutes: minutes } : {}) };
}

/** 1 to 12 for `Jan` to `Dec`, in some languages, and for `3月` or `3월`; 0 for anything else. */
export function monthOf(name: string): number {
  const number = /^ ?(\d{1,2})[月월]$/.exec(name)?.[1];
  if (number !== undefined) return Number(number);
  const plain = name.toLowerCase().replace(/\.$/, '');
  return months.findIndex((names) => names.includes(plain)) + 1;
}
