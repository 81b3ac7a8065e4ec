import type { LogPattern } from '../../sample/log-patterns/pattern.ts';
import { type LogPatternId, logPatternList } from '../../sample/log-patterns/patterns.ts';
import type { LogUnit } from '../../sample/logs.ts';
import { type ParsedLogLine, parseLogLine } from './line.ts';
import { needlesOf } from './needles.ts';
import { isSourceLine } from './source-line.ts';
import type { LogClock } from './time.ts';
import { withStatusUnit } from './unit-status.ts';

/** What a line that matched says. */
export interface LogMatch {
  readonly at: number | null;
  readonly unit: LogUnit;
  /** The line, or its log, says that it is of this unit. */
  readonly isKnownUnit: boolean;
  readonly sign: LogPatternId;
  /** Other patterns of the same line. */
  readonly also: readonly LogPatternId[];
  /** 64 or 12 hexadecimal digits, or a name; null when the line names none. */
  readonly container: string | null;
  readonly pid: number | null;
  readonly comm: string | null;
  readonly seconds: number | null;
  readonly device: string | null;
  /** What it is about where that is no container: a device, a server, a unit, a path; null when it names none. */
  readonly about: string | null;
  /** The message, cut at 600 characters. */
  readonly text: string;
  /** See ParsedLogLine. */
  readonly times: number;
  readonly overMs: number;
}

/** A line longer than this is cut: a goroutine dump can be one line of megabytes. */
export const maxLogLineLength = 64 * 1024;
const maxTextLength = 600;
const maxAboutLength = 100;

/** journalctl writes a message that is not UTF-8 as numbers, in which no word can be found. */
const numericMessages = ['"message":[', '"message" : ['];
const hints = [...new Set(logPatternList.flatMap((pattern) => pattern.hints))];
const needles = needlesOf([...hints, ...numericMessages]);
/** The patterns that each needle is a hint of, by place in the list of patterns. */
const patternsOfNeedle: readonly (readonly number[])[] = [
  ...hints.map((hint) => logPatternList.flatMap((pattern, index) => (pattern.hints.includes(hint) ? [index] : []))),
  ...numericMessages.map(() => logPatternList.map((_, index) => index)),
];

/**
 * Visits the lines of a text that may match a pattern, in order. Most lines of a log match none, and are passed over without
 * being taken apart, or even made a string: this decides what reading a busy log costs.
 *
 * @param bytes whole lines, in UTF-8
 * @param visit gets the line and the patterns that it may match, for `matchLogLine`
 */
export function suspectLines(bytes: Uint8Array, visit: (line: string, candidates: readonly number[]) => void): void {
  const decoder = new TextDecoder();
  needles.lines(bytes, (start, end, found) => {
    const line = decoder.decode(bytes.subarray(start, Math.min(end, start + maxLogLineLength)));
    const candidates = new Set<number>();
    for (const needle of found) for (const pattern of patternsOfNeedle[needle] ?? []) candidates.add(pattern);
    visit(
      withStatusUnit(line, bytes, start),
      [...candidates].sort((a, b) => a - b),
    );
  });
}

/**
 * The patterns in a line, or null.
 *
 * @param origin the unit that the file belongs to, for lines that do not name one; null if that is unknown too
 * @param candidates of `suspectLines`
 */
export function matchLogLine(
  line: string,
  clock: LogClock,
  origin: LogUnit | null,
  candidates: readonly number[],
): LogMatch | null {
  const parsed = parseLogLine(line, clock);
  if (parsed.at === null && parsed.unit === null && isSourceLine(line)) return null;
  // What a container prints plainly is of a program in it; a daemon that runs in one says so by its form.
  const program = parsed.inContainer && parsed.fields.size === 0 ? 'other' : null;
  const writer = parsed.unit ?? origin ?? program;
  let first: LogMatch | null = null;
  const also: LogPatternId[] = [];
  for (const index of candidates) {
    const pattern = logPatternList[index];
    if (pattern === undefined || (writer !== null && !pattern.units.includes(writer))) continue;
    if (writer === null && pattern.ofUnknown?.test(parsed.message) === false) continue;
    if (pattern.level !== undefined && parsed.fields.get('level') !== pattern.level) continue;
    const found = firstMatch(pattern, parsed.message);
    if (found === null) continue;
    if (first === null) first = toMatch(pattern, found, parsed, writer, also);
    else also.push(pattern.id);
  }
  return first;
}

function firstMatch({ patterns }: LogPattern, text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return null;
}

function toMatch(
  pattern: LogPattern & { readonly id: LogPatternId },
  { groups = {} }: RegExpExecArray,
  parsed: ParsedLogLine,
  writer: LogUnit | null,
  also: readonly LogPatternId[],
): LogMatch {
  const device = groups['device'] ?? null;
  return {
    at: parsed.at,
    unit: writer ?? (pattern.units.length === 1 ? pattern.units[0] : undefined) ?? 'other',
    isKnownUnit: writer !== null,
    sign: pattern.id,
    also,
    container: pattern.nameless === true ? null : containerOf(groups['container'], parsed),
    pid: numberOf(groups['pid']),
    comm: groups['comm'] ?? null,
    seconds: numberOf(groups['seconds']),
    device,
    about: (groups['about'] ?? device)?.slice(0, maxAboutLength) ?? null,
    text: parsed.message.slice(0, maxTextLength),
    times: parsed.times,
    overMs: parsed.overMs,
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
  return cutName(named ?? /\/containers\/(?!create\b|json\b|prune\b)([\w.-]+)(?:[/?" ]|$)/.exec(message)?.[1] ?? '');
}

const cutName = (name: string): string | null => (name === '' ? null : name.slice(0, 128));

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
