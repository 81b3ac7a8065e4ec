import { countOf, formatCount, formatTimes } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import { formatDayTime, isoMoment } from '../../base/moments.ts';
import type { Zone } from '../../base/zone.ts';
import type { Diagnosis } from '../../rules/engine/diagnosis.ts';
import { logPatternOf } from '../../sample/log-patterns/patterns.ts';
import type { LogRun, LogSummary } from '../../sample/log-summary.ts';
import type { LogTally } from '../../sample/logs.ts';
import { clean } from '../text.ts';
import { findingJson } from './json.ts';
import { findingText } from './text.ts';

/** The object of `logs --json`. Fields only get added. */
export function logsJson(summary: LogSummary, findings: readonly Diagnosis[]): object {
  const { from, to, lines, bytes, matched, yearInferred } = summary;
  return {
    schema: 1,
    from: isoMoment(from),
    to: isoMoment(to),
    lines,
    bytes,
    matched,
    yearInferred,
    patterns: patternsOf(summary).map(({ id, meaning, program, whole, containers }) => ({
      id,
      program,
      count: whole.count,
      first: isoMoment(whole.first),
      last: isoMoment(whole.last),
      containers: containers.map(({ name, count, first, last }) => ({
        id: name,
        count,
        first: isoMoment(first),
        last: isoMoment(last),
      })),
      meaning,
      example: whole.example,
    })),
    timeline: timelineOf(summary, maxTimelineJson).map((run) => ({
      pattern: run.sign,
      container: run.container,
      from: isoMoment(run.from),
      to: isoMoment(run.to),
      count: run.count,
      everySeconds: everySeconds(run),
      gapSeconds: run.gapSeconds,
    })),
    findings: findings.map(findingJson),
  };
}

/** For people: what follows from the log first, then what was seen and when. */
export function logsText(summary: LogSummary, findings: readonly Diagnosis[], zone: Zone): string {
  const { from, to, lines, matched, yearInferred } = summary;
  const moment = (at: number): string => formatDayTime(at, zone);
  const span = from === null || to === null ? 'no line carries a time' : `${moment(from)} to ${moment(to)}`;
  const head =
    lines === 0
      ? 'no lines: the log is empty, which says nothing of the node'
      : `${countOf(lines, 'line')}, ${span}; ${formatCount(matched)} known`;
  const sections = [
    [head, ...(yearInferred ? ['Lines carry no year: it is inferred from when the log was written.'] : [])],
    findings.length === 0 ? ['nothing found'] : findings.flatMap((finding) => findingText(finding, to ?? 0, zone)),
    patternsOf(summary).flatMap((pattern) => patternLines(pattern, moment)),
    timelineLines(summary, moment),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.map(clean).join('\n'))
    .join('\n\n')}\n`;
}

const maxTimelineJson = 500;
const maxTimelineText = 30;
const maxContainersJson = 200;
const maxContainersText = 5;

interface Part {
  /** A container's id or name, or the pattern's own. */
  readonly name: string;
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly example: string;
}

interface PatternSeen {
  readonly id: string;
  readonly meaning: string;
  readonly program: string | null;
  readonly whole: Part;
  readonly containers: readonly Part[];
}

/** The most frequent first. */
function patternsOf({ tallies, units }: LogSummary): PatternSeen[] {
  return [...Map.groupBy(tallies, ({ sign }) => sign)]
    .map(([id, same]) => ({
      id,
      meaning: logPatternOf(id)?.meaning ?? id,
      program: units.get(id) ?? logPatternOf(id)?.units[0] ?? null,
      whole: together(id, same),
      containers: [...Map.groupBy(same, ({ container }) => container)]
        .flatMap(([name, its]) => (name === null ? [] : [together(name, its)]))
        .sort((a, b) => b.count - a.count)
        .slice(0, maxContainersJson),
    }))
    .sort((a, b) => b.whole.count - a.whole.count);
}

function together(name: string, tallies: readonly LogTally[]): Part {
  const firsts = tallies.flatMap(({ firstAt }) => firstAt ?? []);
  const lasts = tallies.flatMap(({ lastAt }) => lastAt ?? []);
  return {
    name,
    count: tallies.reduce((sum, { count }) => sum + count, 0),
    first: firsts.length === 0 ? null : Math.min(...firsts),
    last: lasts.length === 0 ? null : Math.max(...lasts),
    example: tallies.at(-1)?.example ?? '',
  };
}

type Moment = (at: number) => string;

function patternLines({ id, meaning, program, whole, containers }: PatternSeen, moment: Moment): string[] {
  const more = containers.length - maxContainersText;
  return [
    `${formatCount(whole.count)} x ${id} (${program}): ${meaning}`,
    `    ${spanOf(whole, moment)}`,
    ...containers
      .slice(0, maxContainersText)
      .map((part) => `    ${shortId(part.name)}  ${formatCount(part.count)} x, ${spanOf(part, moment)}`),
    ...(more > 0 ? [`    and ${more} more containers`] : []),
    ...(whole.example === '' ? [] : [`    last: ${whole.example}`]),
  ];
}

const spanOf = ({ first, last }: Part, moment: Moment): string => {
  if (first === null || last === null) return 'without a time';
  return first === last ? `at ${moment(first)}` : `${moment(first)} to ${moment(last)}`;
};

type TimelineRun = LogSummary['runs'][number] & {
  /** Since the run before of the same pattern and container; null for the first. */
  readonly gapSeconds: number | null;
};

/** By time; where there are too many, those with most attempts. */
function timelineOf({ runs }: LogSummary, most: number): TimelineRun[] {
  const before = new Map<string, number>();
  const timed = runs
    .toSorted((a, b) => a.from - b.from)
    .map((run): TimelineRun => {
      const key = `${run.sign} ${run.container ?? ''}`;
      const end = before.get(key);
      before.set(key, run.to);
      return { ...run, gapSeconds: end === undefined ? null : Math.round((run.from - end) / 1000) };
    });
  if (timed.length <= most) return timed;
  const kept = new Set(timed.toSorted((a, b) => b.count - a.count).slice(0, most));
  return timed.filter((run) => kept.has(run));
}

function timelineLines(summary: LogSummary, moment: Moment): string[] {
  const runs = timelineOf(summary, maxTimelineText);
  const left = summary.runs.length - runs.length;
  return [
    ...runs.map((run) => {
      const every = everySeconds(run);
      const often = formatTimes(run.count);
      const rate =
        every === null
          ? ''
          : `, ${every < 1 ? `for ${formatSeconds((run.to - run.from) / 1000)}` : `every ${formatSeconds(every)}`}`;
      const gap = run.gapSeconds === null ? '' : `, ${formatSeconds(run.gapSeconds)} after the one before`;
      return `${moment(run.from)}  ${run.sign}${run.container === null ? '' : ` ${shortId(run.container)}`}  ${often}${rate}${gap}`;
    }),
    ...(left > 0 ? [`and ${formatCount(left)} more`] : []),
  ];
}

function everySeconds({ from, to, count }: LogRun): number | null {
  return count < 2 ? null : Math.round((to - from) / (count - 1) / 100) / 10;
}

const shortId = (name: string): string => (/^[0-9a-f]{64}$/.test(name) ? name.slice(0, 12) : name);
