import { clean } from '../../text.ts';
import { type Line, type Span, span } from '../parts/line.ts';

/** The search in the open page. */
export interface Search {
  readonly text: string;
  /** Index of the current match. */
  readonly current: number;
  /** The scroll when the search began: the first match is searched from there. */
  readonly from: number;
}

/** Where a match is: a line of the page, and UTF-16 units in its text. */
interface Match {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** No reader steps through more. */
const maxMatches = 10_000;

/** Every occurrence of the text in the lines, ignoring case. */
export function matchesIn(lines: readonly Line[], text: string): readonly Match[] {
  if (text === '') return [];
  const pattern = new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
  const found: Match[] = [];
  for (const [line, spans] of lines.entries()) {
    const whole = spans.map((piece) => piece.text).join('');
    for (const match of whole.matchAll(pattern)) {
      if (found.length >= maxMatches) return found;
      found.push({ line, start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

/** The lines with the matches marked, the current one inverse. */
export function highlight(lines: readonly Line[], matches: readonly Match[], current: number): readonly Line[] {
  if (matches.length === 0) return lines;
  const byLine = Map.groupBy(
    matches.map((match, index) => ({ ...match, isCurrent: index === current })),
    ({ line }) => line,
  );
  return lines.map((line, index) => markLine(line, byLine.get(index) ?? []));
}

interface Marked extends Match {
  readonly isCurrent: boolean;
}

function markLine(line: Line, matches: readonly Marked[]): Line {
  if (matches.length === 0) return line;
  const pieces: Span[] = [];
  let offset = 0;
  for (const piece of line) {
    const { text } = piece;
    const end = offset + text.length;
    let at = offset;
    for (const match of matches) {
      const from = Math.max(at, match.start);
      const to = Math.min(end, match.end);
      if (from >= to) continue;
      if (from > at) pieces.push({ ...piece, text: text.slice(at - offset, from - offset) });
      pieces.push({
        ...piece,
        text: text.slice(from - offset, to - offset),
        tone: match.isCurrent ? 'selected' : 'key',
      });
      at = to;
    }
    if (at < end) pieces.push({ ...piece, text: text.slice(at - offset) });
    offset = end;
  }
  return pieces;
}

/** `/text 3 of 17` */
export function searchLine({ text, current }: Search, matches: number, typing: boolean): Line {
  const place = text === '' ? '' : matches === 0 ? ' no match' : ` ${current + 1} of ${matches}`;
  return [span(`/${clean(text)}${typing ? '_' : ''}`, 'key'), span(place, matches === 0 ? 'warning' : 'plain')];
}

/** A place in the page's list of matches, and the scroll that shows it. */
export interface Found {
  readonly current: number;
  readonly scroll: number;
}

/** The searched page: see `PageLayout`. */
interface Searched {
  readonly matches: readonly number[];
  readonly room: number;
  readonly lastScroll: number;
}

/** The first match from where the search began, else the first of all; null when there is none. */
export function firstFound({ from }: Search, pageLayout: Searched): Found | null {
  const { matches } = pageLayout;
  if (matches.length === 0) return null;
  return foundAt(
    Math.max(
      0,
      matches.findIndex((line) => line >= from),
    ),
    from,
    pageLayout,
  );
}

/** The match so many steps away, round the ends; null when there is none. */
export function nextFound(search: Search, step: number, scroll: number, pageLayout: Searched): Found | null {
  const { length } = pageLayout.matches;
  return length === 0
    ? null
    : foundAt((Math.min(search.current, length - 1) + step + length) % length, scroll, pageLayout);
}

function foundAt(current: number, scroll: number, searched: Searched): Found {
  return { current, scroll: scrollTo(searched.matches[current] ?? 0, scroll, searched) };
}

/** The scroll that shows a line: a visible one does not move, any other comes to the middle. */
export function scrollTo(line: number, scroll: number, { room, lastScroll }: Omit<Searched, 'matches'>): number {
  const isSeen = line >= scroll && line < scroll + room;
  return isSeen ? scroll : Math.max(0, Math.min(line - Math.floor(room / 2), lastScroll));
}
