import { widthOf } from '../text.ts';

/** The characters that draw; `--ascii` and terminals without UTF-8 get the second set. */
export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly pointer: string;
  readonly live: string;
  readonly parent: string;
  /** Before what follows from the line above. */
  readonly branch: string;
  /** From low to high. */
  readonly levels: string;
  /** Separates the parts of a line. */
  readonly dot: string;
  /** On a line of time: something was found, or was over. */
  readonly opened: string;
  readonly resolved: string;
  /** On a line of time: nobody has looked here yet. */
  readonly unread: string;
}

export const unicodeGlyphs: Glyphs = {
  horizontal: '─',
  vertical: '│',
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  pointer: '▸',
  live: '●',
  parent: '←',
  branch: '└',
  levels: '▁▂▃▄▅▆▇█',
  dot: '·',
  opened: '▲',
  resolved: '▽',
  unread: '┄',
};

export const asciiGlyphs: Glyphs = {
  horizontal: '-',
  vertical: '|',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  pointer: '>',
  live: '*',
  parent: '<',
  branch: '`',
  levels: '_.-=+*#@',
  dot: '|',
  opened: '^',
  resolved: 'v',
  unread: '.',
};

/** The characters that the texts themselves use, and what stands for them where they cannot be shown. */
const spelled: Readonly<Record<string, string>> = {
  '…': '~',
  '–': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '·': '.',
  '≥': '>',
  '→': '>',
  '↑': '^',
  '↓': 'v',
  '×': 'x',
};

const graphemes = new Intl.Segmenter();

/** The same text in ASCII, as wide as it was: what has no likeness becomes `?`. */
export function toAscii(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return Array.from(graphemes.segment(text), ({ segment }) =>
    /^[\x20-\x7e]$/.test(segment) ? segment : (spelled[segment] ?? '?'.repeat(widthOf(segment))),
  ).join('');
}
