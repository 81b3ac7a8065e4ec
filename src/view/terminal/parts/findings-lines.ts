import { countOf } from '../../../base/counts.ts';
import { formatAgo, formatSeconds } from '../../../base/durations.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import { lastedSeconds } from '../../../rules/engine/diagnosis.ts';
import type { Severity } from '../../../rules/engine/rule.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import { findingTrees } from '../../finding-trees.ts';
import { clean, fitText, truncate, widthOf, wrapText } from '../../text.ts';
import type { Theme } from '../theme/theme.ts';
import { clearingText } from './cause-panel.ts';
import type { FrameLine } from './frame.ts';
import { type Line, lineWidth, span, spread } from './line.ts';

interface FindingsLinesInput {
  readonly verdicts: Verdicts;
  /** Key of the finding that the reader went to; null for none: then consequences are folded. */
  readonly chosen: string | null;
  /** Key of the finding that is opened beside the list; null for none. */
  readonly shown: string | null;
  readonly focused: boolean;
  /** The shown finding is opened with its sentence, which is not repeated here. */
  readonly opened: boolean;
  /** Now, by the node's clock. */
  readonly at: number;
  readonly width: number;
  /** Lines available. */
  readonly room: number;
  readonly theme: Theme;
}

interface FindingsLines {
  readonly lines: FrameLine[];
  /** Findings that have a line, or are counted on one. */
  readonly named: number;
  /** The opened finding has its whole title here. */
  readonly isTitleWhole: boolean;
}

/** Columns of the severity. */
export const severityWidth = 9;
/** With fewer columns a line has room for one item at its right. */
const roomyColumns = 110;
/** Columns of a path that is cut. */
const shortestPath = 16;
/** Fewer columns of a sentence say nothing. */
const leastSummary = 24;
/** A title of more rows would take those of other findings, and of the panes' digests. */
const mostTitleRows = 2;
/** Columns of a title that is wrapped. */
const leastTitle = 20;
/** Deeper consequences are not indented further. */
const maxIndent = 6;

/**
 * The findings as lines: each cause with its consequences below it, then the resolved ones. Consequences that are many, or have no
 * room, are counted on the line of their cause: all causes come before any consequence. The selected finding is always visible,
 * and then nothing is folded.
 */
export function findingsLines(input: FindingsLinesInput): FindingsLines {
  const { shown, focused, opened, width, theme } = input;
  const { listed, named } = opened ? listedWithTitle(input) : listedOf(input);
  const lines = listed.map((one): FindingLine => {
    const { finding, tail } = one;
    const summary = opened && finding.key === shown ? '' : summaryBeside(finding);
    return {
      ...one,
      summary,
      frameLine: {
        line: lineOf(finding, summary, startOf(finding, theme), tail, width),
        narrower: (columns) => narrowLine(finding, summary, startOf(finding, theme), tail, columns),
        key: finding.key,
        selected: finding.key === shown ? focused || 'unfocused' : false,
      },
    };
  });
  const whole = wholeTitles(lines, input);
  const opensWhole = lines.some(
    (one) => one.finding.key === shown && (whole.has(one) || piecesOf(one, input).length === 1),
  );
  return { lines: lines.flatMap((one) => linesOf(one, whole.get(one) ?? [], input)), named, isTitleWhole: opensWhole };
}

/** A chain that begins with the subject of the title goes on from there: columns are few. */
function summaryBeside({ title, summary }: Diagnosis): string {
  const [, subject = ''] = /^(.+?) ← /.exec(summary) ?? [];
  return clean(subject !== '' && title.startsWith(`${subject} `) ? summary.slice(subject.length + 1) : summary);
}

/** How many lines there would be with room for all, and every title whole. Only counted: it is asked for with each frame. */
export function wholeFindingsLines(input: Omit<FindingsLinesInput, 'room' | 'opened'>): number {
  const { listed } = listedOf({ ...input, room: Number.MAX_SAFE_INTEGER });
  return listed.reduce((sum, one) => sum + piecesOf(one, input).length, 0);
}

/** As many as leave room for the whole title of the one that is opened: what is opened below does not say it again. */
function listedWithTitle(input: FindingsLinesInput): ReturnType<typeof listedOf> {
  const { shown, room } = input;
  const all = listedOf(input);
  const opened = all.listed.find(({ finding }) => finding.key === shown);
  const more = opened === undefined ? 0 : piecesOf(opened, input).length - 1;
  const spare = room - all.listed.length;
  if (more <= spare || more >= Math.min(room, mostTitleRows)) return all;
  const fewer = listedOf({ ...input, room: room - more });
  // What is counted on its line may leave its title fewer columns.
  const fits = (one: Listed): boolean =>
    one.finding.key === shown && piecesOf(one, input).length <= room - fewer.listed.length + 1;
  return fewer.listed.some(fits) ? fewer : all;
}

/** The findings that have a line, with what stands at its right end. */
function listedOf({ verdicts, chosen, room, at, width }: Omit<FindingsLinesInput, 'opened'>): {
  listed: Listed[];
  named: number;
} {
  const all = [...verdicts.findings, ...(verdicts.resolved ?? [])];
  const line = (finding: Diagnosis, hidden = 0): Listed => ({ finding, tail: tailOf(finding, hidden, at, width) });
  if (chosen !== null) {
    const place = all.findIndex(({ key }) => key === chosen);
    const from = Math.max(0, place - room + 1);
    const visible = all.slice(from, from + room);
    return { listed: visible.map((finding) => line(finding)), named: from + visible.length };
  }
  // Informational findings come last, after the consequences of all others.
  const trees = findingTrees(verdicts.findings.filter(({ severity }) => severity !== 'info'));
  let left = room - Math.min(room, trees.length);
  let named = 0;
  const lines = trees.slice(0, room).flatMap(({ root, effects, isFolded }) => {
    const listed = isFolded ? [] : effects.slice(0, left);
    left -= listed.length;
    // Those that are counted on the line of their cause are named too.
    named += 1 + effects.length;
    return [line(root, effects.length - listed.length), ...listed.map((effect) => line(effect))];
  });
  const rest = all
    .filter(({ severity, lifecycle }) => severity === 'info' || lifecycle?.state === 'resolved')
    .slice(0, left);
  return { listed: [...lines, ...rest.map((finding) => line(finding))], named: named + rest.length };
}

/** A finding that has a line. */
interface Listed {
  readonly finding: Diagnosis;
  readonly tail: Line;
}

/** Rows that the title of the opened finding may take, whatever is counted on its line; 1 for one that would take too many. */
export function titleRows(
  finding: Diagnosis,
  { at, width, theme, verdicts }: Pick<FindingsLinesInput, 'at' | 'width' | 'theme' | 'verdicts'>,
): number {
  const effects = findingTrees(verdicts.findings).find(({ root }) => root.key === finding.key)?.effects.length ?? 0;
  const rows = [0, effects].map((hidden) => {
    return piecesOf({ finding, tail: tailOf(finding, hidden, at, width) }, { width, theme }).length;
  });
  const most = Math.max(...rows);
  return most > mostTitleRows ? 1 : most;
}

/** The title in the columns that its line leaves it. */
function piecesOf({ finding, tail }: Listed, { width, theme }: Pick<FindingsLinesInput, 'width' | 'theme'>): string[] {
  const start = lineWidth(startOf(finding, theme));
  return wrapText(titleOf(finding), Math.max(leastTitle, width - start - lineWidth(tail)));
}

/** Lines that are left go to the titles that are cut, the opened finding's first: these findings with the rows of their titles. */
function wholeTitles(
  lines: readonly FindingLine[],
  { room, shown, opened, width, theme }: FindingsLinesInput,
): ReadonlyMap<FindingLine, readonly string[]> {
  const isOpened = ({ finding }: FindingLine): boolean => opened && finding.key === shown;
  const whole = new Map<FindingLine, readonly string[]>();
  let left = room - lines.length;
  for (const one of [...lines.filter(isOpened), ...lines.filter((line) => !isOpened(line))]) {
    const pieces = left <= 0 ? [] : piecesOf(one, { width, theme });
    if (pieces.length < 2 || pieces.length - 1 > left) continue;
    left -= pieces.length - 1;
    whole.set(one, pieces);
  }
  return whole;
}

/** A finding on the rows of its title, or on one with what there is room for. */
function linesOf(
  { frameLine, finding, tail, summary }: FindingLine,
  [first = '', ...more]: readonly string[],
  { width, theme }: FindingsLinesInput,
): FrameLine[] {
  if (more.length === 0) return [frameLine];
  const start = startOf(finding, theme);
  const tone = toneOfTitle(finding);
  return [
    { ...frameLine, line: spread([...start, span(first, tone)], tail, width) },
    ...more.map((piece, index): FrameLine => {
      const text = [span(' '.repeat(lineWidth(start))), span(piece, tone)];
      const inColumns = (columns: number): Line =>
        index === more.length - 1 ? withSummary(text, summary, columns) : text;
      return {
        line: inColumns(width),
        narrower: inColumns,
        ...(frameLine.key === undefined ? {} : { key: frameLine.key }),
      };
    }),
  ];
}

/** A finding on one line, and what that line is made of. */
interface FindingLine extends Listed {
  readonly frameLine: FrameLine;
  /** What follows the title, dimmed; empty for nothing. */
  readonly summary: string;
}

function lineOf(finding: Diagnosis, summary: string, start: Line, tail: Line, width: number): Line {
  const title = shortPaths(titleOf(finding), width - lineWidth(start) - lineWidth(tail));
  const text = [...start, span(title, toneOfTitle(finding))];
  return spread(withSummary(text, summary, width - lineWidth(tail)), tail, width);
}

/** The same beside a count: without room for a title, what stands at its end goes. */
function narrowLine(finding: Diagnosis, summary: string, start: Line, tail: Line, width: number): Line {
  const hasRoom = width - lineWidth(start) - lineWidth(tail) >= leastTitle;
  return lineOf(finding, summary, start, hasRoom ? tail : [], width);
}

function withSummary(text: Line, summary: string, width: number): Line {
  const room = width - lineWidth(text) - 2;
  return summary === '' || room < Math.min(leastSummary, widthOf(summary))
    ? text
    : [...text, span(`  ${summary}`, 'dim')];
}

/** Without room for the title, its long paths are cut: what is wrong comes after them. */
function shortPaths(title: string, room: number): string {
  if (widthOf(title) <= room) return title;
  return title.replaceAll(/\/\S+/g, (path) => truncate(path, Math.max(shortestPath, Math.floor(room / 3)), 'middle'));
}

/** The severity, and the branch of a consequence. */
function startOf({ severity, depth, lifecycle }: Diagnosis, { glyphs }: Theme): Line {
  const isPast = lifecycle !== undefined && lifecycle.state !== 'found';
  const isOver = lifecycle?.state === 'resolved';
  const indent = depth === 0 ? '' : `${'  '.repeat(Math.min(depth, maxIndent) - 1)}${glyphs.branch} `;
  return [
    span(fitText(isOver ? 'resolved' : severity, severityWidth), isPast ? 'dim' : toneOf(severity)),
    span(indent, 'dim'),
  ];
}

/** The rules write in the present tense; what is over says that it was so. */
const titleOf = ({ title, lifecycle }: Diagnosis): string =>
  clean(lifecycle?.state === 'resolved' ? `was: ${title}` : title);

const toneOfTitle = ({ lifecycle }: Diagnosis): 'dim' | 'strong' =>
  lifecycle !== undefined && lifecycle.state !== 'found' ? 'dim' : 'strong';

function tailOf({ lifecycle, since }: Diagnosis, hidden: number, at: number, width: number): Line {
  const follow = hidden === 0 ? '' : ` +${countOf(hidden, 'consequence')}`;
  const when = whenText(lifecycle, since, at);
  const isNarrow = follow !== '' && width < roomyColumns;
  return [
    ...(follow === '' ? [] : [span(follow, 'warning')]),
    ...(isNarrow || when === '' ? [] : [span(` ${when}`, 'dim')]),
  ];
}

function whenText(lifecycle: Diagnosis['lifecycle'], since: number | null, at: number): string {
  const { state = 'found', goneAt = null, openedAt = null } = lifecycle ?? {};
  if (lifecycle !== undefined && state === 'resolved' && goneAt !== null) {
    return `until ${agoText(goneAt, at)}, for ${formatSeconds(lastedSeconds(lifecycle))}`;
  }
  if (state === 'settling' && goneAt !== null) return clearingText(goneAt, at);
  if (state === 'unjudged') return 'unknown now';
  // The earliest start ever found counts, even if its evidence is gone.
  const began = openedAt ?? since;
  if (began === null) return '';
  return since === null ? `found ${agoText(began, at)}` : `for ${formatSeconds(Math.max(0, at - began) / 1000)}`;
}

function agoText(then: number, at: number): string {
  return formatAgo(Math.max(0, at - then) / 1000);
}

function toneOf(severity: Severity): 'critical' | 'warning' | 'plain' {
  return severity === 'info' ? 'plain' : severity;
}
