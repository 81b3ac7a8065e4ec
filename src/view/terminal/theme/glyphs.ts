import { graphemes } from '../../../base/graphemes.ts';
import { widthOf } from '../../text.ts';

/** The drawing characters; `--ascii` and terminals without UTF-8 use the second set. */
export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  /** Where the axes of a chart meet. */
  readonly bottomCorner: string;
  readonly pointer: string;
  readonly live: string;
  readonly parent: string;
  /** Before a count of repeats. */
  readonly times: string;
  /** Between the earlier and the later value of a figure. */
  readonly change: string;
  /** Before a consequence of the line above. */
  readonly branch: string;
  /** Before the count of rows that are not shown. */
  readonly below: string;
  /** From low to high. */
  readonly levels: string;
  /** Separates the parts of a line. */
  readonly dot: string;
  /** On the time line: a finding opened, or resolved. */
  readonly opened: string;
  readonly resolved: string;
  /** On the time line: not read yet. */
  readonly unread: string;
  /** The keys of the arrows. In ASCII, `<>` would be keys of their own. */
  readonly leftRight: string;
  readonly upDown: string;
}

export const unicodeGlyphs: Glyphs = {
  horizontal: '─',
  vertical: '│',
  topLeft: '╭',
  topRight: '╮',
  bottomLeft: '╰',
  bottomRight: '╯',
  bottomCorner: '└',
  pointer: '▸',
  live: '●',
  parent: '←',
  times: '×',
  change: '→',
  branch: '└',
  below: '▼',
  levels: '▁▂▃▄▅▆▇█',
  dot: '·',
  opened: '▲',
  resolved: '▽',
  unread: '┄',
  leftRight: '←→',
  upDown: '↑↓',
};

export const asciiGlyphs: Glyphs = {
  horizontal: '-',
  vertical: '|',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  bottomCorner: '+',
  pointer: '>',
  live: '*',
  parent: '<',
  times: 'x',
  change: '->',
  branch: '`',
  below: 'v',
  levels: '_.-=+*#@',
  dot: '|',
  opened: '^',
  resolved: 'v',
  unread: '.',
  leftRight: 'Left/Right',
  upDown: 'Up/Down',
};

/** Non-ASCII characters of the texts, and their substitutes. */
const spelled: Readonly<Record<string, string>> = {
  '…': '~',
  '–': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '·': '.',
  '≥': '>',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '×': 'x',
};

/** The text in ASCII, equally wide: characters without a substitute become `?`. */
export function toAscii(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return Array.from(graphemes.segment(text), ({ segment }) =>
    /^[\x20-\x7e]$/.test(segment) ? segment : (spelled[segment] ?? '?'.repeat(widthOf(segment))),
  ).join('');
}
