import { countOf, formatCount } from '../../../base/counts.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { DumpReport, ReportedGroup } from '../../../model/goroutines/analysis.ts';
import { eventStreamsOf } from '../../../model/goroutines/event-streams.ts';
import { kindOf, shortName } from '../../../model/goroutines/frames.ts';
import { lockSentences } from '../../../model/goroutines/locks/sentences.ts';
import {
  type GoroutinesReport,
  groupName,
  groupState,
  patternText,
  perMinute,
  place,
  signed,
  troubleOf,
  waitText,
} from '../../report/goroutines.ts';
import { clean, fitText, wrapText } from '../../text.ts';
import { type Kept, keepMatching, readFilter } from '../filter.ts';
import { filterLine } from '../parts/filter-line.ts';
import { type Line, type Span, span } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';

/** The state of a requested dump. */
export type GoroutinesAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ok'; readonly given: GoroutinesReport }
  | { readonly status: 'failed'; readonly detail: string };

/** The reader's choices on the goroutines page. */
export interface GoroutinesPage {
  readonly daemon: string;
  readonly answer: GoroutinesAnswer;
  /** Index of the chosen group among the visible ones. */
  readonly chosen: number;
  /** The chosen group's frames are shown. */
  readonly opened: boolean;
  readonly byGrowth: boolean;
  readonly filter: string;
}

/** The groups with a function that matches the filter, in the chosen order. */
export function visibleGroups({ answer, filter, byGrowth }: GoroutinesPage): readonly ReportedGroup[] {
  if (answer.status !== 'ok') return [];
  const { rows } = keptGroups(answer.given.report.groups, filter);
  return byGrowth ? rows.toSorted((a, b) => (b.delta ?? 0) - (a.delta ?? 0)) : rows;
}

function keptGroups(groups: readonly ReportedGroup[], filter: string): Kept<ReportedGroup> {
  return keepMatching(readFilter(filter), groups, {
    cellsOf: ({ frames, createdBy, pattern }) => [...frames.map(({ func }) => func), createdBy ?? '', pattern ?? ''],
    statesOf: ({ states }) => states.map(({ state }) => state ?? 'unknown'),
  });
}

/** The lines of the page, and the index of the line that must be visible. */
export function goroutinesLines(
  page: GoroutinesPage,
  theme: Theme,
  width: number,
): { lines: readonly Line[]; inSight: number | null } {
  const { answer, daemon } = page;
  if (answer.status === 'pending') return { lines: [[span(`reading from ${daemon} …`, 'dim')]], inSight: null };
  if (answer.status === 'failed') {
    const lines = [
      ...wrapText(clean(answer.detail), width).map((text): Line => [span(text, 'warning')]),
      [],
      [span('D dumps with SIGUSR1: no debug endpoint needed', 'dim')],
    ];
    return { lines, inSight: null };
  }
  const groups = visibleGroups(page);
  const chosen = Math.min(page.chosen, groups.length - 1);
  const group = groups[chosen];
  if (page.opened && group !== undefined) return { lines: groupLines(group, answer.given, width), inSight: null };
  const head = headLines(answer.given, page, width);
  const rows = groups.map((one, index): Line => {
    const isChosen = index === chosen;
    return [span(isChosen ? `${theme.glyphs.pointer} ` : '  ', 'title'), ...rowSpans(one, answer.given, isChosen)];
  });
  const none: Line[] = rows.length === 0 ? [[span('no group matches the filter', 'dim')]] : [];
  return { lines: [...head, ...rows, ...none], inSight: head.length + Math.max(0, chosen) };
}

/** More patterns than this would leave no room for the groups. */
const maxPatterns = 6;
const maxLocks = 2;

function headLines(
  { report, growth, note }: GoroutinesReport,
  { byGrowth, filter }: GoroutinesPage,
  width: number,
): Line[] {
  const change =
    growth === null
      ? ''
      : `, ${signed(growth.delta)}${perMinute(growth.perMinute)} since the previous dump (x dumps again)`;
  const streams = eventStreamsOf(report);
  const known = report.patterns.filter(({ harmless }) => !harmless).slice(0, maxPatterns);
  return [
    [
      span(`${formatCount(report.total)} goroutines`, 'strong'),
      span(` in ${formatCount(report.groups.length)} groups${change}`),
      ...(byGrowth ? [span(' · by growth', 'key')] : []),
      ...(filter === '' ? [] : [span(' · '), ...filterLine(filter, keptGroups(report.groups, filter).trouble)]),
    ],
    ...lockLines(report, width),
    ...troubleOf(report, growth).map((text): Line => [span(clean(text), 'warning')]),
    ...(note === null ? [] : [[span(clean(note), 'dim')]]),
    ...(streams.status === 'missing'
      ? [[span('dockerd does not read containerd events: container exits are lost', 'critical')]]
      : []),
    ...known.map((pattern): Line => {
      const grown = growth?.patterns.find(({ id }) => id === pattern.id)?.delta ?? 0;
      return [
        span(fitText(formatCount(pattern.count), 7, 'right'), 'warning'),
        span(grown === 0 ? ' ' : ` ${signed(grown)} `, grown > 0 ? 'critical' : 'good'),
        span(clean(patternText(pattern)), 'strong'),
      ];
    }),
    [],
    [
      span(
        `  ${['count'.padStart(7), 'growth'.padStart(7), 'share'.padStart(6), fitText('state', 16), 'stack'].join(' ')}`,
        'dim',
      ),
    ],
  ];
}

/** Who waits for whom explains most of the groups below. */
function lockLines(report: DumpReport, width: number): Line[] {
  const more = report.locks.length - maxLocks;
  return [
    ...report.locks
      .slice(0, maxLocks)
      .flatMap((lock) =>
        lockSentences(lock, report).flatMap((sentence, index) =>
          wrapText(clean(sentence), width).map((text): Line => [span(text, index === 0 ? 'critical' : 'warning')]),
        ),
      ),
    ...(more > 0 ? [[span(`${countOf(more, 'more lock')} with waiters: rtwatch goroutines lists them`, 'dim')]] : []),
  ];
}

function rowSpans(group: ReportedGroup, { report }: GoroutinesReport, isChosen: boolean): Span[] {
  const delta = group.delta ?? 0;
  return [
    span(fitText(formatCount(group.count), 7, 'right'), isChosen ? 'strong' : 'plain'),
    span(
      ` ${fitText(group.delta === null ? '' : signed(delta), 7, 'right')}`,
      delta > 0 ? 'critical' : delta < 0 ? 'good' : 'dim',
    ),
    span(` ${fitText(formatPercent(report.total === 0 ? 0 : (group.count / report.total) * 100), 6, 'right')} `, 'dim'),
    span(fitText(clean(groupState(group)), 16)),
    span(` ${clean(groupName(group))}`, isChosen ? 'strong' : 'plain'),
    ...(group.waitMinutes === null ? [] : [span(`  ${waitText(group.waitMinutes)}`, 'dim')]),
    ...(group.pattern === null ? [] : [span(`  [${group.pattern}]`, 'key')]),
  ];
}

function groupLines(group: ReportedGroup, { report }: GoroutinesReport, width: number): Line[] {
  const pattern = report.patterns.find(({ id }) => id === group.pattern);
  return [
    [
      span(`${formatCount(group.count)} goroutines`, 'strong'),
      span(
        `  ${clean(group.states.map(({ state, count }) => `${state ?? 'unknown'} ${formatCount(count)}`).join(', '))}`,
      ),
    ],
    ...(group.waitMinutes === null
      ? []
      : [[span('waiting ', 'dim'), span(`${waitText(group.waitMinutes)}, at least`)]]),
    ...(pattern === undefined
      ? []
      : [
          [],
          [span(clean(patternText(pattern)), 'warning')],
          ...wrapText(clean(pattern.meaning), width).map((text): Line => [span(text)]),
          ...pattern.references.map((reference): Line => [span(clean(reference), 'dim')]),
        ]),
    [],
    ...group.frames.map(
      ({ func, file, line }): Line => [
        span(clean(shortName(func)), toneOf(func)),
        span(clean(place(file, line)), 'dim'),
      ],
    ),
    ...(group.elided ? [[span('… frames elided by Go', 'dim')]] : []),
    ...(group.createdBy === null ? [] : [[span('created by ', 'dim'), span(clean(shortName(group.createdBy)))]]),
  ];
}

function toneOf(func: string): Tone {
  return kindOf(func) === 'program' ? 'strong' : 'dim';
}
