import { sum } from '../../base/counts.ts';
import type { LogGroup, LogPattern } from '../../sample/log-patterns/pattern.ts';
import { logPatternOf } from '../../sample/log-patterns/patterns.ts';
import type { LogLine, LogOrigin, LogsValue, LogTally, LogUnit } from '../../sample/logs.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import type { Tracked } from '../tracked.ts';

/** The matched lines that are remembered, the newest last; bounded. */
export interface LogsHistory {
  readonly lines: readonly LogLine[];
  /** Matched lines that the sampler counted and did not send. */
  readonly omitted: number;
}

export const noLogs: LogsHistory = { lines: [], omitted: 0 };

const maxLines = 1000;
/** One storm leaves room for all other patterns. */
const maxLinesOfOne = 60;

/** The newest lines after one more reading. A new sampler reads the end of the logs again: what is known of that is left out. */
export function reduceLogs(before: LogsHistory, reading: Reading<LogsValue> | undefined): LogsHistory {
  const value = okValue(reading);
  if (value === null || value.lines.length === 0) return before;
  const { lines: incoming, untold } = value;
  const isNew = isNewSampler(before, incoming);
  const fresh = isNew ? withoutKnown(before, incoming) : incoming;
  return { lines: bounded([...before.lines, ...fresh]), omitted: untold + (isNew ? 0 : before.omitted) };
}

/** What the logs say, as rules and views see it. */
export interface LogsModel {
  readonly origins: readonly LogOrigin[];
  /** By pattern and container; those seen last come last. */
  readonly tallies: readonly LogTallyModel[];
  /** The newest last. */
  readonly lines: readonly LogLine[];
  /** How many more lines matched: a flood is counted in the tallies, and only some of its lines are sent. */
  readonly omitted: number;
}

export interface LogTallyModel extends LogTally, LogPatternMeaning {
  /**
   * Milliseconds from the newest of these lines to now, or to the newest line of a log that was named and ends before now: what
   * such a log says is so at its end. Null when the lines carry no time.
   */
  readonly agoMs: number | null;
}

/** @param at now, milliseconds since 1970 */
export function deriveLogs(
  { value }: Tracked<LogsValue>,
  { lines, omitted }: LogsHistory,
  at: number,
): LogsModel | null {
  if (value === null) return null;
  const ends = new Map(value.origins.map((origin) => [origin.name, Math.min(at, endOf(origin) ?? at)]));
  return {
    origins: value.origins,
    tallies: value.tallies.map((tally) => {
      const end = ends.get(tally.origin ?? '') ?? at;
      return {
        ...tally,
        ...meaningOf(tally.sign),
        agoMs: tally.lastAt === null ? null : Math.max(0, end - tally.lastAt),
      };
    }),
    lines,
    omitted,
  };
}

function endOf({ named, reading }: LogOrigin): number | null {
  return named === true && reading.status === 'ok' ? (reading.value.newestAt ?? null) : null;
}

type LogPatternMeaning = Pick<LogPattern, 'group' | 'meaning' | 'severity' | 'rule'>;

/** What a pattern means; of a sampler that is newer than this program there may be some that are not known here. */
function meaningOf(sign: string): LogPatternMeaning {
  const { group, meaning, severity, rule } = logPatternOf(sign) ?? unknownPattern;
  return { group, meaning: meaning === '' ? sign : meaning, severity, rule };
}

const unknownPattern: LogPatternMeaning = { group: 'node', meaning: '', severity: 'info', rule: '' };

interface LogsAbout {
  readonly containerId?: string | null;
  readonly name?: string | null;
  readonly daemon?: LogUnit;
}

/** The remembered lines about a container (by its id or its name), or of a daemon, or both; the newest last. */
export function linesAbout(logs: LogsModel | null, { containerId, name, daemon }: LogsAbout): readonly LogLine[] {
  const anyContainer = containerId === undefined && name === undefined;
  return (logs?.lines ?? []).filter(
    (line) =>
      (daemon === undefined || line.unit === daemon) &&
      (anyContainer || isAbout(line.container, containerId ?? null, name ?? null)),
  );
}

/** How often a sign was seen of one container, however the lines named it. */
export interface SignTally extends Pick<LogPatternMeaning, 'group' | 'meaning'> {
  readonly sign: string;
  readonly count: number;
  /** Milliseconds since 1970 by the lines' own clock; null when they carry none. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** How many in the minute before the newest line of its log. */
  readonly perMinute: number;
}

/** What the logs say of a container, a sign at a time, the most frequent first. */
export function talliesOf(
  logs: LogsModel | null,
  containerId: string | null,
  name: string | null,
): readonly SignTally[] {
  const about = (logs?.tallies ?? []).filter((tally) => isAbout(tally.container, containerId, name));
  return merged(about);
}

/** What the logs say about the node, by pattern, whatever the subject; the most frequent first. */
export function talliesBySign(logs: LogsModel | null, group?: LogGroup): readonly SignTally[] {
  return merged((logs?.tallies ?? []).filter((tally) => group === undefined || tally.group === group));
}

/** Whether a line that names this container is about that one: by the whole id, its first 12 digits or more, or its name. */
function isAbout(incoming: string | null, containerId: string | null, name: string | null): boolean {
  if (incoming === null) return false;
  if (containerId !== null && /^[0-9a-f]{12,64}$/.test(incoming) && containerId.startsWith(incoming)) return true;
  return name !== null && name !== '' && incoming.replace(/^\//, '') === name.replace(/^\//, '');
}

function merged(tallies: readonly LogTallyModel[]): SignTally[] {
  return [...Map.groupBy(tallies, ({ sign }) => sign)]
    .map(([sign, same]) => {
      const firsts = same.flatMap(({ firstAt }) => firstAt ?? []);
      const lasts = same.flatMap(({ lastAt }) => lastAt ?? []);
      return {
        sign,
        group: meaningOf(sign).group,
        meaning: meaningOf(sign).meaning,
        count: sum(same.map(({ count }) => count)),
        firstAt: firsts.length === 0 ? null : Math.min(...firsts),
        lastAt: lasts.length === 0 ? null : Math.max(...lasts),
        perMinute: sum(same.map(({ lastMinute }) => lastMinute)),
      };
    })
    .sort((a, b) => b.count - a.count);
}

/** A new sampler counts its lines from 0, and reads the same past again. */
const isNewSampler = ({ lines }: LogsHistory, incoming: readonly LogLine[]): boolean =>
  (incoming[0]?.n ?? 0) <= (lines.at(-1)?.n ?? -1);

function withoutKnown({ lines }: LogsHistory, incoming: readonly LogLine[]): readonly LogLine[] {
  const known = new Set(lines.map(identity));
  return incoming.filter((line) => !known.has(identity(line)));
}

const identity = ({ at, origin, sign, text }: LogLine): string => `${at} ${origin} ${sign} ${text}`;

/** The newest of each pattern and container, and of all. */
function bounded(lines: readonly LogLine[]): readonly LogLine[] {
  const kept: LogLine[] = [];
  const counts = new Map<string, number>();
  for (const line of lines.toReversed()) {
    const key = `${line.sign} ${line.container?.slice(0, 12) ?? ''}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= maxLinesOfOne) kept.push(line);
    if (kept.length === maxLines) break;
  }
  return kept.reverse();
}
