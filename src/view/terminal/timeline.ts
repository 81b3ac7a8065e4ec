import type { Severity } from '../../rules/engine/rule.ts';
import { formatClock } from '../format.ts';
import { clean, wrapText } from '../text.ts';
import { fitLine, type Line, lineWidth, type Span, span, spread } from './parts/line.tsx';
import type { Look } from './theme.ts';
import type { Tone } from './tones.ts';

/** Where in the past the person looks: of a screen that is held still, or of a recording. */
export interface TimelineView {
  /** `past`: of the live screen. */
  readonly kind: 'past' | 'replay';
  /** What there is, in milliseconds since 1970 by the node's clock. */
  readonly from: number;
  readonly to: number;
  /** The moment that is shown. */
  readonly cursor: number;
  /** In the order of time. */
  readonly marks: readonly TimelineMark[];
  /** The marks are known up to here. */
  readonly markedTo: number;
  readonly status: 'playing' | 'paused';
  /** What came before the moment is still being read: since when things are so may yet change. */
  readonly reading: boolean;
  /** How many seconds of the node are played in one. */
  readonly speed: number;
  /** What a person says of this moment; null when nobody does. */
  readonly caption: string | null;
}

/** A moment at which a finding was found, or was over. */
export interface TimelineMark {
  /** Milliseconds since 1970, by the node's clock. */
  readonly at: number;
  readonly kind: 'opened' | 'resolved';
  readonly severity: Severity;
}

/** In fewer columns the ends of the line are not told. */
const roomyColumns = 50;
const maxCaptionLines = 3;

/** The lines above the footer: what a person says of the moment, and where in time it is. */
export function timelineLines(timeline: TimelineView, look: Look, columns: number): Line[] {
  const { caption, from, to } = timeline;
  const ends = columns >= roomyColumns;
  const left: Line = [span(ends ? ` ${endText(from, timeline)} ` : ' ', 'dim')];
  const right: Line = [span(ends ? ` ${endText(to, timeline)} ` : ' ', 'dim'), ...statusOf(timeline)];
  const bar = barOf(timeline, look, columns - lineWidth(left) - lineWidth(right));
  return [...captionLines(caption, columns), spread([...left, ...bar], right, columns)];
}

/** The mark after this moment, or the one before it; null when there is none. */
export function nextMark(
  marks: readonly TimelineMark[],
  cursor: number,
  direction: 'next' | 'previous',
): TimelineMark | null {
  // One that stands where the cursor is has been seen.
  const found = direction === 'next' ? marks.find(({ at }) => at > cursor) : marks.findLast(({ at }) => at < cursor);
  return found ?? null;
}

function captionLines(caption: string | null, columns: number): Line[] {
  if (caption === null) return [];
  return wrapText(clean(caption), columns - 2)
    .slice(0, maxCaptionLines)
    .map((text) => fitLine([span(' '), span(text, 'title')], columns));
}

function statusOf({ kind, speed, reading }: TimelineView): Line {
  return [
    ...(reading ? [span('reading … ', 'warning')] : []),
    ...(kind === 'replay' ? [span(`${formatSpeed(speed)} `, 'strong')] : []),
  ];
}

/** `4×` */
export function formatSpeed(speed: number): string {
  return `${speed}×`;
}

/** A cell for each stretch of time: the worst that was found in it, else what was over in it. */
function barOf(timeline: TimelineView, { glyphs }: Look, width: number): Line {
  if (width < 2) return [];
  const { from, to, cursor, markedTo } = timeline;
  const cellOf = (at: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(((at - from) / Math.max(1, to - from)) * (width - 1))));
  const cells = Array.from(
    { length: width },
    (_, cell): Span => span(cell <= cellOf(markedTo) ? glyphs.horizontal : glyphs.unread, 'dim'),
  );
  for (const mark of [...timeline.marks].sort((a, b) => weightOf(a) - weightOf(b))) {
    if (mark.at < from) continue;
    cells[cellOf(mark.at)] = mark.kind === 'opened' ? span(glyphs.opened, toneOf(mark)) : span(glyphs.resolved, 'good');
  }
  cells[cellOf(cursor)] = span(glyphs.live, 'strong');
  return joined(cells);
}

function weightOf({ kind, severity }: TimelineMark): number {
  if (kind === 'resolved') return 0;
  return severity === 'critical' ? 2 : 1;
}

function toneOf({ severity }: TimelineMark): Tone {
  return severity === 'info' ? 'plain' : severity;
}

/** Neighbours of a tone in one piece: a piece costs, a column does not. */
function joined(cells: readonly Span[]): Line {
  const line: Span[] = [];
  for (const cell of cells) {
    const last = line.at(-1);
    if (last?.tone === cell.tone && last !== undefined)
      line[line.length - 1] = { ...last, text: last.text + cell.text };
    else line.push(cell);
  }
  return line;
}

/** With the day where the ends are not of the same one. */
function endText(at: number, { from, to }: TimelineView): string {
  const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return dayOf(from) === dayOf(to) ? formatClock(at) : `${dayOf(at).slice(5)} ${formatClock(at)}`;
}
