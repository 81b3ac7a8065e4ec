/** What there is of time, and where in it the person looks: milliseconds since 1970. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const dayMs = 86_400_000;

/**
 * The moment that a person types: `12:00:05` or `12:00` (UTC; of several days the last on which it is in the recording), `-5m`
 * before the end, `+30s` after the beginning, `50%`, or ISO 8601. Null when it is none of these; a moment outside of what
 * there is becomes the nearest end.
 */
export function parseMoment(text: string, { from, to }: Range): number | null {
  const at = readMoment(text.trim(), { from, to });
  return at === null || Number.isNaN(at) ? null : Math.max(from, Math.min(to, at));
}

function readMoment(text: string, { from, to }: Range): number | null {
  const percent = /^(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined) return from + ((to - from) * Number(percent)) / 100;
  const [, sign, digits, unit = 's'] = /^([+-])(\d{1,9}(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(text) ?? [];
  if (digits !== undefined) {
    const ms = Number(digits) * (factors[unit] ?? 1000);
    return sign === '-' ? to - ms : from + ms;
  }
  const [, hours, minutes, seconds = '0'] = /^(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*Z?$/i.exec(text) ?? [];
  if (hours !== undefined) return ofDay(Number(hours), Number(minutes), Number(seconds), to);
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  // Every time that the screen shows is UTC.
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !/[T ]\d/.test(text);
  return Date.parse(hasZone ? text : `${text.replace(' ', 'T')}Z`);
}

/** The last time before the end that it was so late. */
function ofDay(hours: number, minutes: number, seconds: number, to: number): number | null {
  if (hours > 23 || minutes > 59 || seconds >= 60) return null;
  const day = to - (((to % dayMs) + dayMs) % dayMs);
  const at = day + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  // Times are told to the second.
  return at > to + 1000 ? at - dayMs : at;
}
