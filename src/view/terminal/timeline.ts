import { formatClock, formatDay } from '../../base/moments.ts';
import type { Zone } from '../../base/zone.ts';
import type { Marker } from '../../timeline/markers.ts';
import type { TimelineView } from '../../timeline/timeline-view.ts';
import { clean, wrapText } from '../text.ts';
import { fitLine, type Line, lineWidth, type Span, span, spread } from './parts/line.ts';
import type { Theme } from './theme/theme.ts';
import { toneOf } from './theme/tones.ts';

/** With fewer columns the ends of the line are not shown. */
const roomyColumns = 50;
const maxCaptionLines = 3;

/** The lines above the footer: the caption of the moment, and the time line. */
export function timelineLines(timeline: TimelineView, theme: Theme, columns: number): Line[] {
  const { caption, from, to } = timeline;
  const ends = columns >= roomyColumns;
  const left: Line = [span(ends ? ` ${endText(from, timeline, theme.zone)} ` : ' ', 'dim')];
  const right: Line = [span(ends ? ` ${endText(to, timeline, theme.zone)} ` : ' ', 'dim'), ...statusOf(timeline)];
  const bar = barOf(timeline, theme, columns - lineWidth(left) - lineWidth(right));
  return [...captionLines(caption, columns), spread([...left, ...bar], right, columns)];
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

/** One cell per stretch of time: the worst finding that opened in it, otherwise one that resolved. */
function barOf(timeline: TimelineView, { glyphs }: Theme, width: number): Line {
  if (width < 2) return [];
  const { from, to, cursor, markedTo } = timeline;
  const cellOf = (at: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(((at - from) / Math.max(1, to - from)) * (width - 1))));
  const cells = Array.from(
    { length: width },
    (_, cell): Span => span(cell <= cellOf(markedTo) ? glyphs.horizontal : glyphs.unread, 'dim'),
  );
  for (const marker of [...timeline.markers].sort((a, b) => weightOf(a) - weightOf(b))) {
    if (marker.at < from) continue;
    cells[cellOf(marker.at)] =
      marker.kind === 'opened' ? span(glyphs.opened, toneOf(marker)) : span(glyphs.resolved, 'good');
  }
  cells[cellOf(cursor)] = span(glyphs.live, 'strong');
  return joined(cells);
}

function weightOf({ kind, severity }: Marker): number {
  if (kind === 'resolved') return 0;
  return severity === 'critical' ? 2 : 1;
}

/** Neighbours of one tone as one span: spans are expensive, columns are not. */
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

/** With the day if the ends are on different days. */
function endText(at: number, { from, to }: TimelineView, zone: Zone): string {
  const clock = formatClock(at, zone);
  return formatDay(from, zone) === formatDay(to, zone) ? clock : `${formatDay(at, zone).slice(5)} ${clock}`;
}
