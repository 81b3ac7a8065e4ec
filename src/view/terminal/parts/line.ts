import { clean, isNarrow, truncate, truncateNarrow, widthOf } from '../../text.ts';
import { toAscii } from '../theme/glyphs.ts';
import type { Theme } from '../theme/theme.ts';
import { edgesOf, type Tone } from '../theme/tones.ts';

/** A piece of a line in one tone. Its text is printable. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  /** What the text names, where the reader can choose it. Pieces of one text have the same object. */
  readonly target?: Target;
  /** It names a key: in a file it says nothing. */
  readonly isHint?: true;
}

/** What can be chosen on a page or in a panel: a link to a row of a pane or to a finding, or a command to copy. */
export type Target =
  | { readonly to: 'row'; readonly pane: string; readonly key: string }
  | { readonly to: 'finding'; readonly key: string }
  | { readonly to: 'command'; readonly text: string };

export type Line = readonly Span[];

/** The text may be raw: it is cleaned here. Code that measures a text earlier must clean it earlier. */
export const span = (text: string, tone: Tone = 'plain'): Span => ({ text: clean(text), tone });

/** What a key does there. */
export const keyHint = (text: string): Span => ({ ...span(text, 'dim'), isHint: true });

/** The text as a link; plain without a target. */
export const linkSpan = (text: string, target: Target | null): Span =>
  target === null ? span(text) : { text: clean(text), tone: 'link', target };

/** The columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Exactly `width` columns: cut where it is too long, filled with spaces where it is too short. */
export function fitLine(line: Line, width: number): Line {
  if (!line.every(({ text }) => isNarrow(text))) return fitWide(line, width);
  const fitted: Span[] = [];
  let left = width;
  for (const piece of line) {
    if (left <= 0) break;
    const { text } = piece;
    fitted.push(text.length <= left ? piece : { ...piece, text: truncateNarrow(text, left) });
    left -= text.length;
  }
  return left > 0 ? [...fitted, blank(left)] : fitted;
}

/** The same where a character may take two columns, or none. */
function fitWide(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const piece of joined(line)) {
    if (left <= 0) break;
    const text = truncate(piece.text, left);
    fitted.push({ ...piece, text });
    left -= widthOf(text);
    if (text !== piece.text) break;
  }
  return left > 0 ? [...fitted, blank(left)] : fitted;
}

const blank = (columns: number): Span => ({ text: ' '.repeat(columns), tone: 'plain' });

/** One span if the whole is not as wide as its pieces: a search match may end inside a grapheme. */
function joined(line: Line): Line {
  const text = line.map((piece) => piece.text).join('');
  return widthOf(text) === lineWidth(line) ? line : [span(text, line[0]?.tone)];
}

/** The target at that column of a line, from 0; null for none. */
export function targetAt(line: Line, column: number): Target | null {
  let left = 0;
  for (const { text, target = null } of line) {
    left += widthOf(text);
    if (column < left) return target;
  }
  return null;
}

/** Two lines at the two ends of `width` columns; the left one is cut if needed. */
export function spread(left: Line, right: Line, width: number): Line {
  const rightWidth = lineWidth(right);
  return rightWidth >= width ? fitLine(left, width) : [...fitLine(left, width - rightWidth), ...right];
}

/** A line as the terminal gets it, with control sequences; neighbours of one tone share theirs. */
export function paintLine(line: Line, { ascii, palette }: Theme): string {
  let painted = '';
  let tone: Tone = 'plain';
  for (const { text, tone: next = 'plain' } of line) {
    if (text === '') continue;
    if (next !== tone) {
      painted += edgesOf(tone, palette).after + edgesOf(next, palette).before;
      tone = next;
    }
    painted += ascii ? toAscii(text) : text;
  }
  return painted + edgesOf(tone, palette).after;
}
