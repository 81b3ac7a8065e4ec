import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** ASCII and the characters that rtwatch draws with, one column each: Unicode table lookups for them would be the largest cost. */
const narrow = /^[\x20-\x7e\u00b7\u2013\u2019\u201c\u201d\u2026\u2190-\u2193\u2265\u2500-\u25cf]*$/;
/**
 * Must never reach a terminal: C0 and C1 controls (they start escape sequences), format characters (bidi marks, zero width),
 * line separators, lone surrogates, unassigned and private code points. Nor invisible or combining ones (variation selectors,
 * skin tones): terminals disagree on their width, and a wrong width breaks the rest of the line.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu;
/** No language puts more marks on a letter. Without a bound a name covers the lines around it, or makes a cell of a megabyte. */
const piledMarks = /(\p{M}{4})\p{M}+/gu;

/** Makes a text from outside safe to show on one line: unprintable characters become `·`. */
export function clean(text: string): string {
  return isNarrow(text) ? text : text.replace(unprintable, '·').replace(piledMarks, '$1·');
}

/** Every character takes one column, and none combines with another. */
export function isNarrow(text: string): boolean {
  return narrow.test(text);
}

/** Columns the text takes on a terminal. */
export function widthOf(text: string): number {
  return isNarrow(text) ? text.length : stringWidth(text);
}

export type Align = 'left' | 'right';

/** Exactly `width` columns: cut with `…` at the end, or filled with spaces. */
export function fitText(text: string, width: number, align: Align = 'left'): string {
  if (width <= 0) return '';
  const shown = truncate(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}

/** At most `width` columns. `middle` keeps both ends, for paths. */
export function truncate(text: string, width: number, position: 'end' | 'middle' = 'end'): string {
  return widthOf(text) <= width ? text : cliTruncate(text, width, { position });
}

/** The text on lines of at most `width` columns, for texts that must not be cut. */
export function wrapText(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true }).split('\n');
}
