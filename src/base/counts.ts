/** Shown in place of an unknown number. */
export const nothing = '–';

/** `5,214`, `-12`: whole, with a comma for each three digits. */
export function formatCount(count: number | null): string {
  if (count === null || !Number.isFinite(count)) return nothing;
  const whole = Math.round(count);
  const digits = inFull(Math.abs(whole));
  return (whole < 0 ? '-' : '') + (digits.length < 4 ? digits : digits.replace(/\B(?=(?:\d{3})+$)/g, ','));
}

/** `1 request`, `1,530 requests`, `2 processes`. */
export function countOf(count: number, one: string, many?: string): string {
  return `${formatCount(count)} ${plural(count, one, many)}`;
}

/** The word for a count: `request` for 1, otherwise `requests` or the given plural. Also for verbs: `waits`, `wait`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** `once`, `40 times` */
export function formatTimes(count: number): string {
  return count === 1 ? 'once' : `${formatCount(count)} times`;
}

/** `+12/min`, `-3/min`; a change below one in that time keeps a decimal: `+0.4/min`. */
export function formatPerMinute(perMinute: number): string {
  const size = Math.abs(perMinute);
  const amount = size > 0 && size < 0.95 ? Math.max(1, Math.round(size * 10)) / 10 : formatCount(size);
  return `${signOf(perMinute)}${amount}/min`;
}

/** `+` or `-`, for a change. */
export function signOf(change: number): '+' | '-' {
  return change < 0 ? '-' : '+';
}

/** All of them together. */
export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** `3.4`, `12`: a ratio or an average: one decimal below ten. */
export function formatDecimal(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return nothing;
  return Math.abs(value) < 9.95 ? String(Math.round(value * 10) / 10 || 0) : formatCount(value);
}

/** Without an exponent, which JavaScript writes from 1e21 on. */
function inFull(whole: number): string {
  return whole < 1e21 ? String(whole) : BigInt(whole).toString();
}
