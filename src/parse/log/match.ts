import type { LogPatternId } from '../../sample/log-patterns.ts';
import type { LogUnit } from '../../sample/logs.ts';
import { type ParsedLogLine, parseLogLine } from './line.ts';
import { type LogPattern, logPatterns, namelessPatterns } from './patterns.ts';
import type { LogClock } from './time.ts';

/** What a line that matched tells. */
export interface LogMatch {
  readonly at: number | null;
  readonly unit: LogUnit;
  readonly sign: LogPatternId;
  /** Other signs of the same line. */
  readonly also: readonly LogPatternId[];
  /** 64 or 12 hexadecimal digits, or a name; null when the line names none. */
  readonly container: string | null;
  readonly pid: number | null;
  readonly comm: string | null;
  readonly seconds: number | null;
  readonly device: string | null;
  /** The message, cut at 600 characters. */
  readonly text: string;
}

/** A line longer than this is cut: a goroutine dump can be one line of megabytes. */
export const maxLogLineLength = 64 * 1024;
const maxTextLength = 600;

const escaped = (hint: string): string => hint.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const allHints = [...new Set(logPatterns.flatMap(({ hints }) => hints))].map(escaped);
/** journalctl writes a message that is not UTF-8 as numbers, in which no word can be found. */
const suspicious = new RegExp([...allHints, String.raw`"MESSAGE" ?: ?\[`].join('|'), 'gi');

/**
 * The lines of a text that may hold a sign, in order. Most lines of a log hold none, and are passed over without being
 * taken apart, or even made a string of their own: this decides what following a busy log costs.
 */
export function* suspectLines(text: string): Generator<string> {
  let from = 0;
  for (;;) {
    suspicious.lastIndex = from;
    const found = suspicious.exec(text);
    if (found === null) return;
    const start = text.lastIndexOf('\n', found.index) + 1;
    const newline = text.indexOf('\n', found.index);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, Math.min(end, start + maxLogLineLength));
    from = end;
  }
}

/**
 * The signs in a line, or null.
 *
 * @param origin whose file the line is from, for lines that do not say who wrote them; null when that is not known either
 */
export function matchLogLine(line: string, clock: LogClock, origin: LogUnit | null): LogMatch | null {
  const parsed = parseLogLine(line, clock);
  const writer = parsed.unit ?? origin;
  const small = parsed.message.toLowerCase();
  let first: LogMatch | null = null;
  const also: LogPatternId[] = [];
  for (const sign of logPatterns) {
    if (writer !== null && !sign.units.includes(writer)) continue;
    if (!sign.hints.some((hint) => small.includes(hint))) continue;
    const found = firstMatch(sign, parsed.message);
    if (found === null) continue;
    if (first === null) first = toMatch(sign, found, parsed, writer, also);
    else also.push(sign.id);
  }
  return first;
}

function firstMatch(sign: LogPattern, text: string): RegExpExecArray | null {
  for (const pattern of sign.patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return null;
}

function toMatch(
  sign: LogPattern,
  { groups = {} }: RegExpExecArray,
  parsed: ParsedLogLine,
  writer: LogUnit | null,
  also: readonly LogPatternId[],
): LogMatch {
  return {
    at: parsed.at,
    unit: writer ?? sign.units[0] ?? 'other',
    sign: sign.id,
    also,
    container: namelessPatterns.has(sign.id) ? null : containerOf(groups['container'], parsed),
    pid: numberOf(groups['pid']),
    comm: groups['comm'] ?? null,
    seconds: numberOf(groups['seconds']),
    device: groups['device'] ?? null,
    text: parsed.message.slice(0, maxTextLength),
  };
}

/** In layers' and snapshots' paths, and in overlay2's own lines, the digits are those of the layer. */
const containerId =
  /(?<![0-9a-f])(?<!overlay2?\/|sha256:|layers\/|snapshots\/|Failed to unmount )[0-9a-f]{64}(?![0-9a-f])(?! overlay\b)/;
const fieldNames = ['container', 'containerID', 'container_id', 'containerId', 'podSandboxID', 'id'];

function containerOf(named: string | undefined, { message, fields }: ParsedLogLine): string | null {
  // dockerd up to 20.10.9 writes twelve digits where a field, or the request's path, has all.
  if (named !== undefined && /^[0-9a-f]{64}$/.test(named)) return named;
  for (const name of fieldNames) {
    const field = fields.get(name);
    if (field !== undefined && field !== '') return containerId.exec(field)?.[0] ?? cutName(field);
  }
  const id = containerId.exec(message)?.[0];
  if (id !== undefined) return id;
  return cutName(named ?? /\/containers\/([\w.-]+)(?:[/?" ]|$)/.exec(message)?.[1] ?? '');
}

const cutName = (name: string): string | null => (name === '' ? null : name.slice(0, 128));

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
