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
  parent: '<-',
  levels: '_.-=+*#@',
  dot: '|',
};

/** The characters that the texts themselves use, for a terminal that cannot show them. */
const spelled: Readonly<Record<string, string>> = {
  '…': '~',
  '–': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '·': '.',
  '≥': '>=',
  '→': '->',
};

/** The same text in ASCII; what has no likeness becomes `?`. */
export function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (char) => spelled[char] ?? '?');
}
