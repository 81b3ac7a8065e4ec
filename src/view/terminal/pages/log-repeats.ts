import type { LogLine } from '../../../sample/logs.ts';
import type { OwnLine } from './own-log.ts';

/** A log line, and how often the same was logged on this page. */
export interface RepeatedLine {
  /** The newest of them. */
  readonly line: LogLine;
  readonly count: number;
  /** When the first was logged, milliseconds since 1970; null when none carries a time. */
  readonly firstAt: number | null;
}

/**
 * Lines in the order of time, those that say the same once.
 *
 * @param written what a container wrote itself. It is never folded: two equal lines of it are two events
 */
export function mergedInTime(lines: readonly LogLine[], written: readonly OwnLine[]): readonly RepeatedLine[] {
  const folded = foldRepeats(inTime(lines, ({ at }) => at));
  if (written.length === 0) return folded;
  const own = written.map((line): RepeatedLine => ({ line, count: 1, firstAt: line.at }));
  return inTime([...folded, ...own], ({ line }) => line.at);
}

/** A time in a line differs each time, and says nothing that the time of the line does not (RFC 3339, as logrus writes it). */
const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g;

/**
 * Lines that say the same, once each, in the place of the newest: a retry each minute would otherwise push all else off the page.
 *
 * @param lines in the order of time
 */
function foldRepeats(lines: readonly LogLine[]): RepeatedLine[] {
  const folded = new Map<string, RepeatedLine>();
  for (const line of lines) {
    const key = `${line.origin}\n${line.unit}\n${line.sign}\n${line.text.replaceAll(time, '')}`;
    const before = folded.get(key);
    // A line that is set again would keep the place of the first.
    folded.delete(key);
    folded.set(key, { line, count: (before?.count ?? 0) + 1, firstAt: before?.firstAt ?? line.at });
  }
  return [...folded.values()];
}

/** Sorted by their own times, since several logs are read in turn. A line without a time stays behind its predecessor. */
function inTime<T>(lines: readonly T[], timeOf: (line: T) => number | null): readonly T[] {
  let latest = Number.NEGATIVE_INFINITY;
  const timed = lines.map((line) => {
    latest = timeOf(line) ?? latest;
    return { line, at: latest };
  });
  return timed.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ line }) => line);
}
