/** A size in pixels. */
interface Cell {
  readonly width: number;
  readonly height: number;
}

/** Braille patterns (U+2800) and the lower blocks (U+2581 to U+2588): the characters of charts. */
const drawable = /[\u2581-\u2588\u2800-\u28ff]/;

/** Dots of a braille pattern by bit, as column and row. */
const dots = [
  ...[[0, 0] as const, [0, 1] as const, [0, 2] as const],
  ...[[1, 0] as const, [1, 1] as const, [1, 2] as const],
  ...[[0, 3] as const, [1, 3] as const],
];

/** Part of a text that a picture draws alike: `drawn` is charts, of one column each. */
interface Piece {
  readonly text: string;
  readonly drawn: boolean;
}

/** The text in pieces: fonts lack the characters of charts, or have them in another width. */
export function piecesOf(text: string): Piece[] {
  return text
    .split(/([\u2581-\u2588\u2800-\u28ff]+)/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, drawn: drawable.test(part) }));
}

/** The characters of a chart as an SVG path, from that corner on. */
export function pathOf(text: string, x: number, y: number, cell: Cell): string {
  return [...text]
    .map((character, index) => cellPath(character.codePointAt(0) ?? 0, x + index * cell.width, y, cell))
    .join('');
}

function cellPath(code: number, x: number, y: number, { width, height }: Cell): string {
  if (code < 0x2800) {
    const filled = ((code - 0x2580) * height) / 8;
    return rect(x, y + height - filled, width, filled);
  }
  const [stepX, stepY] = [width / 2, height / 4];
  // A gap between the dots, as in a terminal.
  const [dotX, dotY] = [stepX * 0.7, stepY * 0.7];
  return dots
    .filter((_, bit) => (code & (1 << bit)) !== 0)
    .map(([column, row]) =>
      rect(x + column * stepX + (stepX - dotX) / 2, y + row * stepY + (stepY - dotY) / 2, dotX, dotY),
    )
    .join('');
}

function rect(x: number, y: number, width: number, height: number): string {
  return `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}z`;
}

/** Hundredths are enough: the file is read by people too. */
export function px(length: number): number {
  return Math.round(length * 100) / 100;
}
