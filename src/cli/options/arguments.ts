import { InvalidArgumentError } from 'commander';
import { type SourceName, sourceNames } from '../../sample/sample.ts';

const shortestMs = 250;
const longestMs = 3_600_000;

/** Milliseconds of `250ms`, `2s`, `1m`, `1h`. A bare number is seconds. */
export function parseDuration(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (digits === undefined) throw new InvalidArgumentError('It is not a duration such as 250ms, 2s or 1m.');
  return Number(digits) * (factors[unit] ?? 1000);
}

/** `--interval`, in milliseconds. */
export function parseInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms < shortestMs || ms > longestMs) throw new InvalidArgumentError('It must be from 250ms to 1h.');
  return ms;
}

/** `--cpu-budget`, in percent of one core. */
export function parseBudget(text: string): number {
  const percent = /^\d{1,3}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent >= 0.5 && percent <= 100)) throw new InvalidArgumentError('It must be from 0.5 to 100, in percent.');
  return percent;
}

/** `--top`. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a positive number.');
  return Number(text);
}

/** `--pprof NAME=URL`. */
export function parsePprof(text: string): readonly [string, string] {
  const [, name, url] = /^([\w.-]+)=((?:unix:\/\/\/|https?:\/\/).+)$/.exec(text) ?? [];
  if (name === undefined || url === undefined) {
    throw new InvalidArgumentError('It is not of the form NAME=unix:///path or NAME=http://host:port.');
  }
  return [name, url];
}

/** `--cri`. */
export function parseCri(text: string): string {
  if (!/^unix:\/\/\/./.test(text)) throw new InvalidArgumentError('It is not of the form unix:///path.');
  return text;
}

/** `--disable`. */
export function parseSource(text: string): SourceName {
  const found = sourceNames.find((name) => name === text);
  if (found === undefined) throw new InvalidArgumentError(`The sources are ${sourceNames.join(', ')}.`);
  return found;
}

/** Names with commas between them, or one of a list; whether they exist is known to the screen. */
export function parsePanes(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(',').map((name) => name.trim())];
}

/** A path, without a slash at its end. */
export function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return text.length > 1 ? text.replace(/\/+$/, '') : text;
}

/** The parser of a repeatable option. */
export function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before) => [...(before ?? []), parse(text)];
}
