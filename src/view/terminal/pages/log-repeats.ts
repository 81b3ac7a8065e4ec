import type { LogLine } from '../../../sample/logs.ts';

/** A log line, and how often the same was logged on this page. */
export interface RepeatedLine {
  /** The newest of them. */
  readonly line: LogLine;
  readonly count: number;
  /** When the first was logged, milliseconds since 1970; null when none carries a time. */
  readonly firstAt: number | null;
}

/** A time in a line differs each time, and says nothing that the time of the line does not (RFC 3339, as logrus writes it). */
const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g;

/**
 * Lines that say the same, once each, in the place of the newest: a retry each minute would otherwise push all else off the page.
 *
 * @param lines in the order of time
 */
export function foldRepeats(lines: readonly LogLine[]): RepeatedLine[] {
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
