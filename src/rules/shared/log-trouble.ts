import { formatCount, plural, sum } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import type { LogsModel, LogTallyModel } from '../../model/logs/logs.ts';
import type { LogPatternId } from '../../sample/log-patterns/patterns.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, type Severity } from '../engine/rule.ts';

/** The lines of some patterns, summarised. */
export interface LogTrouble {
  /** Their tallies, the most frequent first: those that are recent, or all of the last day where none is. */
  readonly tallies: readonly LogTallyModel[];
  /** The newest line is recent: it describes the present, or the end of a log that was named. */
  readonly recent: boolean;
  readonly count: number;
  /** How many in the hour before the newest line of their log. */
  readonly lastHour: number;
  /** Milliseconds since 1970; null when no line carries a time. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Milliseconds from the newest to the end of its log; null when no line carries a time. */
  readonly agoMs: number | null;
  /** As the lines name them, those named most often first. */
  readonly containers: readonly string[];
  /** Devices, servers, units, paths, calls; those named most often first. */
  readonly about: readonly string[];
}

const minuteMs = 60_000;
export const recentMs = 10 * minuteMs;
export const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * The lines of these patterns, as far as they say something of now. Lines without a time may be of now.
 *
 * @param withinMs how long before the end of its log the newest line may be
 */
export function troubleIn(
  logs: LogsModel,
  ids: readonly LogPatternId[],
  withinMs = recentMs,
  accept: (tally: LogTallyModel) => boolean = () => true,
): LogTrouble | null {
  const wanted = new Set<string>(ids);
  const all = logs.tallies.filter((tally) => wanted.has(tally.sign) && accept(tally));
  const fresh = all.filter(({ agoMs }) => agoMs === null || agoMs <= withinMs);
  const tallies = fresh.length > 0 ? fresh : all.filter(({ agoMs }) => agoMs !== null && agoMs <= dayMs);
  if (tallies.length === 0) return null;
  const times = (of: 'firstAt' | 'lastAt'): number[] => tallies.flatMap((tally) => tally[of] ?? []);
  const agos = tallies.flatMap(({ agoMs }) => agoMs ?? []);
  return {
    tallies: tallies.toSorted((a, b) => b.count - a.count),
    recent: fresh.length > 0,
    count: sum(withoutRepeats(tallies).map(({ count }) => count)),
    lastHour: sum(withoutRepeats(tallies).map(inLastHour)),
    firstAt: times('firstAt').length === 0 ? null : Math.min(...times('firstAt')),
    lastAt: times('lastAt').length === 0 ? null : Math.max(...times('lastAt')),
    agoMs: agos.length === 0 ? null : Math.min(...agos),
    containers: byCount(tallies, ({ container }) => container),
    about: byCount(tallies, ({ about }) => about ?? null),
  };
}

/**
 * The same as `troubleIn` for what a reboot ends: a log goes back to earlier boots of the node. One that ended before this boot is of
 * another node, or of another time: it says what was so at its end, whatever this node has done since.
 *
 * @param upMs how long the node has been up; null if unknown
 * @param at now, milliseconds since 1970
 */
export function troubleOfBoot(
  logs: LogsModel,
  ids: readonly LogPatternId[],
  withinMs: number,
  { upMs, at }: { readonly upMs: number | null; readonly at: number },
): LogTrouble | null {
  if (upMs === null) return troubleIn(logs, ids, withinMs);
  const isOther = (one: Ending): boolean => isOfOtherBoot(one, upMs, at);
  const trouble = troubleIn(
    logs,
    ids,
    withinMs,
    (tally) => tally.agoMs === null || tally.agoMs <= upMs || isOther(tally),
  );
  const { firstAt, lastAt, agoMs } = trouble ?? { firstAt: null, lastAt: null, agoMs: null };
  if (trouble === null || firstAt === null || lastAt === null || agoMs === null || isOther(trouble)) return trouble;
  return { ...trouble, firstAt: Math.max(firstAt, lastAt + agoMs - upMs) };
}

type Ending = Pick<LogTrouble, 'lastAt' | 'agoMs'>;

/**
 * The log ended before this boot: it is of another node, or of another time.
 *
 * @param upMs how long the node has been up; null if unknown
 * @param at now, milliseconds since 1970
 */
export function isOfOtherBoot({ lastAt, agoMs }: Ending, upMs: number | null, at: number): boolean {
  return upMs !== null && lastAt !== null && agoMs !== null && lastAt + agoMs < at - upMs;
}

/**
 * Failures that came close together, and then no more: for a minute at least (or longer, where a try takes longer), for a third of the time they lasted, and for five
 * times what was between two of them. What is tried again and again has worked since.
 */
export function hasStopped({ firstAt, lastAt, agoMs, count }: LogTrouble, quietMs = minuteMs): boolean {
  if (firstAt === null || lastAt === null || agoMs === null || count < 3) return false;
  const lasted = lastAt - firstAt;
  return agoMs >= Math.max(quietMs, lasted / 3, (lasted / (count - 1)) * 5);
}

/** A sandbox whose network cannot be taken down is neither stopped nor removed. */
export const networkTeardown = /failed to destroy network for sandbox/i;

/**
 * An event that stands for at least ten others, whose texts differ (client-go tools/record/events_cache.go). Their number is lost where the
 * list of events was pasted without its column.
 */
export const isAggregated = ({ tallies }: LogTrouble): boolean =>
  tallies.some(({ example = '' }) => example.includes('(combined from similar events)'));

/** Of these patterns only, among what was found. */
export const has = ({ tallies }: LogTrouble, ...ids: readonly LogPatternId[]): boolean =>
  tallies.some(({ sign }) => ids.some((id) => id === sign));

/** How many lines of these patterns there were in the last hour. */
export const hourly = ({ tallies }: LogTrouble, ...ids: readonly LogPatternId[]): number =>
  sum(tallies.filter(({ sign }) => ids.some((id) => id === sign)).map(inLastHour));

/** Lines without a time may all be of now. */
export function inLastHour({ lastHour, lastMinute, agoMs, count }: LogTallyModel): number {
  return agoMs === null ? count : (lastHour ?? lastMinute);
}

/** A line that several patterns match is in the tally of each. */
function withoutRepeats(tallies: readonly LogTallyModel[]): LogTallyModel[] {
  const keyOf = ({ count, firstAt, lastAt, example }: LogTallyModel): string =>
    `${count} ${firstAt} ${lastAt} ${example}`;
  const seen = new Map(tallies.map((tally) => [tally.example === undefined ? tally : keyOf(tally), tally]));
  return [...seen.values()];
}

export interface LogVerdict {
  readonly id: string;
  /** Of recent lines; older ones only inform. */
  readonly severity: Severity;
  readonly title: string;
  /** The same in the past tense, for lines that are not recent. */
  readonly past: string;
  /** Sentences after the one that counts the lines. */
  readonly summary: string;
  readonly remedies: readonly Remedy[];
  readonly confidence?: Finding['confidence'];
  readonly subjects?: Partial<Finding['subjects']>;
  readonly references?: readonly string[];
}

/** The finding that these lines make. What is critical must be so now, and not only at the end of an old log. */
export function logFinding(trouble: LogTrouble, at: number, verdict: LogVerdict): Finding {
  const { recent, lastAt, agoMs, containers } = trouble;
  const isNow = lastAt === null || at - lastAt <= recentMs;
  const severity = verdict.severity === 'critical' && !isNow ? 'warning' : verdict.severity;
  const ago = agoMs === null || agoMs < minuteMs ? '' : `, the last ${formatSeconds(agoMs / 1000)} before the end`;
  const lines = `${formatCount(trouble.count)} ${plural(trouble.count, 'line of the logs says', 'lines of the logs say')} so${ago}.`;
  return {
    id: verdict.id,
    severity: recent ? severity : 'info',
    confidence: verdict.confidence ?? 'likely',
    title: recent ? verdict.title : `${verdict.past}, ${formatSeconds((agoMs ?? 0) / 1000)} ago`,
    summary: `${verdict.summary} ${lines}`,
    since: trouble.firstAt === null ? null : Math.round(trouble.firstAt / 1000) * 1000,
    ...(recent || lastAt === null ? {} : { until: Math.round(lastAt / 1000) * 1000 }),
    evidence: evidenceOf(trouble),
    subjects: {
      ...noSubjects,
      containers: containers.filter((name) => /^[0-9a-f]{64}$/.test(name)),
      ...verdict.subjects,
    },
    ruledOut: [],
    remedies: verdict.remedies,
    references: verdict.references ?? [],
  };
}

const maxEvidence = 8;

function evidenceOf({ tallies }: LogTrouble): Evidence[] {
  return tallies.slice(0, maxEvidence).map(({ sign, meaning, count, about, container, lastAt, example }) => {
    const who = [about, container?.slice(0, 12)].filter((name) => name !== undefined).join(', ');
    const said = example === undefined || example === '' ? '' : `; last: ${example}`;
    return {
      source: `logs: ${sign}`,
      text: `${meaning}${who === '' ? '' : ` (${who})`}${count === 1 ? '' : `, ${formatCount(count)} times`}${said}`,
      ...(lastAt === null ? {} : { at: lastAt }),
    };
  });
}

/** At most so many names; the rest is counted. */
export function namesIn(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map((name) => (/^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name));
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}

function byCount(tallies: readonly LogTallyModel[], nameOf: (tally: LogTallyModel) => string | null): string[] {
  const counts = new Map<string, number>();
  for (const tally of tallies) {
    const name = nameOf(tally);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + tally.count);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}
