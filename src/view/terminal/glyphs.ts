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
  /** From low to high. */
  readonly levels: string;
  /** Separates the parts of a line. */
  readonly dot: string;
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
  levels: '▁▂▃▄▅▆▇█',
  dot: '·',
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
  levels: '_.-=+*#@',
  dot: '|',
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
};

const graphemes = new Intl.Segmenter();

/** The same text in ASCII, as wide as it was: what has no likeness becomes `?`. */
export function toAscii(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return Array.from(graphemes.segment(text), ({ segment }) =>
    /^[\x20-\x7e]$/.test(segment) ? segment : (spelled[segment] ?? '?'.repeat(widthOf(segment))),
  ).join('');
}
