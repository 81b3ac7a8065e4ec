import { describe, expect, test } from 'vitest';
import { pathOf, piecesOf } from '../../../src/view/print/drawn-cells.ts';

const cell = { width: 8, height: 16 };
/** The corners of the rectangles of a path. */
const corners = (path: string): [number, number][] =>
  [...path.matchAll(/M([\d.]+) ([\d.]+)h/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('a chart in a picture', () => {
  test('is apart from the text beside it', () => {
    expect(piecesOf('cpu ▁▂ 4% ⣀⣿')).toEqual([
      { text: 'cpu ', drawn: false },
      { text: '▁▂', drawn: true },
      { text: ' 4% ', drawn: false },
      { text: '⣀⣿', drawn: true },
    ]);
  });

  test('has each character in its own column, whatever the font has for it', () => {
    const path = pathOf('⣿⠀⣿', 80, 32, cell);
    const columns = new Set(corners(path).map(([x]) => Math.floor((x - 80) / cell.width)));
    expect(columns).toEqual(new Set([0, 2]));
    expect(corners(path)).toHaveLength(16);
    for (const [, y] of corners(path)) expect(Math.floor((y - 32) / cell.height)).toBe(0);
  });

  test('has the dots of a braille pattern where it has them, and blocks from the bottom', () => {
    // U+2840 is dot 7: the lowest on the left; U+2808 dot 4: the highest on the right.
    const [[leftX = 9, lowY = 0] = []] = corners(pathOf('⡀', 0, 0, cell));
    expect([leftX < 4, lowY > 12]).toEqual([true, true]);
    const [[rightX = 0, highY = 99] = []] = corners(pathOf('⠈', 0, 0, cell));
    expect([rightX > 4, highY < 4]).toEqual([true, true]);
    expect(pathOf('▂', 0, 0, cell)).toBe('M0 12h8v4h-8z');
    expect(pathOf('█', 8, 0, cell)).toBe('M8 0h8v16h-8z');
  });
});
