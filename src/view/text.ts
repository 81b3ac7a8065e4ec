import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** ASCII and the characters that rtwatch draws with, one column each: Unicode table lookups for them would be the largest cost. */
const narrow = /^[\x20-\x7e\u00b7\u00d7\u2013\u2019\u201c\u201d\u2026\u2190-\u2193\u2265\u2500-\u25cf\u2800-\u28ff]*$/;
/**
 * Must never reach a terminal: C0 and C1 controls (they start escape sequences), format characters (bidi marks, zero width),
 * line separators, lone surrogates, unassigned and private code points. Nor invisible or combining ones (variation selectors,
 * skin tones): terminals disagree on their width, and a wrong width breaks the rest of the line. Nor the letters of Grapheme_Cluster_Break
 * Prepend (for which regular expressions have no property): they join the next character, be it the space after the cell.
 */
const unprintable =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u0d4e\u{111c2}\u{111c3}\u{113d1}\u{1193f}\u{11941}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/gu;
/**
 * Thai and Lao "am" takes a column on a terminal, but none according to string-width. Its two parts are drawn the same and
 * counted correctly.
 */
const amVowel = /[\u0e33\u0eb3]/gu;
/** No language puts more marks on a letter. Without a bound a name covers the lines around it, or makes a cell of a megabyte. */
const piledMarks = /(\p{M}{4})\p{M}+/gu;

/** Makes a text from outside safe to show on one line: unprintable characters become `·`. */
export function clean(text: string): string {
  if (isNarrow(text)) return text;
  return text
    .replace(unprintable, '·')
    .replace(amVowel, (vowel) => vowel.normalize('NFKD'))
    .replace(piledMarks, '$1·');
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
  if (isNarrow(text)) {
    const shown = truncateNarrow(text, width);
    return align === 'left' ? shown.padEnd(width) : shown.padStart(width);
  }
  const shown = truncate(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}

/** At most `width` columns. `middle` keeps both ends, for paths. */
export function truncate(text: string, width: number, position: 'end' | 'middle' = 'end'): string {
  if (isNarrow(text)) return truncateNarrow(text, width, position);
  return widthOf(text) <= width ? text : cliTruncate(text, width, { position });
}

/**
 * The same for a text that is narrow. The library looks up each character of the whole text, be it a command line of 4 KiB of which
 * a cell shows thirty columns.
 */
export function truncateNarrow(text: string, width: number, position: 'end' | 'middle' = 'end'): string {
  if (text.length <= width) return text;
  if (width < 1) return '';
  const head = position === 'end' ? width - 1 : Math.min(Math.floor(width / 2), width - 1);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

/** The text on lines of at most `width` columns, for texts that must not be cut. */
export function wrapText(text: string, width: number): string[] {
  // Most texts fit, and wrapping takes each apart.
  if (text.length <= width && isNarrow(text) && !/^ | $/.test(text)) return [text];
  return wrapAnsi(text, width, { hard: true }).split('\n');
}
