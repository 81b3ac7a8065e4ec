import { plural } from '../../../base/counts.ts';
import { type Line, span } from '../parts/line.ts';
import { type Choice, choiceAt, choicesOf, pointTo } from './choices.ts';
import { highlight, matchesIn, type Search, searchLine } from './search.ts';

/** The content of a page over the panes. */
export interface PageContent {
  readonly title: string;
  /** Lines that stay at the top while the rest scrolls. */
  readonly head?: readonly Line[];
  readonly lines: readonly Line[];
  /** Index of a line that must be visible, whatever the scroll; null for none. */
  readonly inSight?: number | null;
}

/** A page laid out in its frame: what is visible, and how far the keys can move. */
export interface PageLayout {
  /** The lines that are on the screen. */
  readonly visible: readonly Line[];
  /** How many of them stay at the top. */
  readonly head: number;
  /** Index of the first of the others. */
  readonly from: number;
  /** At the right of the title: the search, and how many lines are below. */
  readonly summary: Line;
  /** How many lines scroll at a time. */
  readonly room: number;
  /** The scroll that shows the end. */
  readonly lastScroll: number;
  /** Of each match of the search, the index of its line. */
  readonly matches: readonly number[];
  /** The links and commands of the page. */
  readonly choices: readonly Choice[];
}

interface PageLayoutInput {
  readonly scroll: number;
  /** Shows the end, whatever the scroll. */
  readonly follows: boolean;
  readonly search: Search | null;
  readonly typing: boolean;
  /** The selected choice: see `chosenOf`. */
  readonly chosen?: number | null;
  /** Stands before it. */
  readonly pointer?: string;
  /** Lines inside the frame. */
  readonly room: number;
}

/** Lays a page out in the lines available; it never scrolls past its end. */
export function layOutPage(
  content: PageContent,
  { scroll, follows, search, typing, room, chosen = null, pointer = '>' }: PageLayoutInput,
): PageLayout {
  const { inSight = null } = content;
  const choices = chosen === null ? [] : choicesOf(content.lines);
  const lines = pointTo(content.lines, choiceAt(choices, chosen), pointer);
  // On the lowest screens the head gives way.
  const head = (content.head ?? []).slice(0, Math.max(0, room - leastRoom));
  const left = Math.max(1, room - head.length);
  const lastScroll = Math.max(0, lines.length - left);
  const wanted = follows ? lastScroll : inSight === null ? scroll : inSight - left + 2;
  const from = Math.max(0, Math.min(wanted, lastScroll));
  const below = lines.length - from - left;
  const matches = search === null ? [] : matchesIn(lines, search.text);
  const current = search === null ? 0 : Math.min(search.current, matches.length - 1);
  const seen = lines.slice(from, from + left);
  const inSeen = matches
    .map((match, index) => ({ ...match, index }))
    .filter(({ line }) => line >= from && line < from + left);
  const marked = highlight(
    seen,
    inSeen.map((match) => ({ ...match, line: match.line - from })),
    inSeen.findIndex(({ index }) => index === current),
  );
  const more = below > 0 ? [span(`${below} more ${plural(below, 'line', 'lines')}`, 'dim')] : [];
  const searchSpans =
    search === null ? [] : searchLine({ ...search, current: Math.max(0, current) }, matches.length, typing);
  return {
    visible: [...head, ...marked],
    head: head.length,
    from,
    summary: [...searchSpans, ...(searchSpans.length > 0 && more.length > 0 ? [span(' · ', 'dim')] : []), ...more],
    room: left,
    lastScroll,
    matches: matches.map(({ line }) => line),
    choices,
  };
}

/** Lines that the page keeps below its head. */
const leastRoom = 3;
