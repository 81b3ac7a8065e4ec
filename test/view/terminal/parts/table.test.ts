import { describe, expect, test } from 'vitest';
import { lineWidth } from '../../../../src/view/terminal/parts/line.ts';
import { type Column, headLine, placeColumns, rowLine } from '../../../../src/view/terminal/parts/table.ts';
import { themeOf } from '../../../../src/view/terminal/theme.ts';

const theme = themeOf({ color: false, ascii: false });
const column = (id: string, width: number | 'flex', drop?: number): Column<string> => ({
  id,
  title: id,
  width,
  text: (row) => `${row}-${id}`,
  ...(drop === undefined ? {} : { drop }),
});
const columns = [column('pid', 6), column('name', 'flex'), column('extra', 10, 2), column('why', 'flex', 1)];
const placed = (width: number, name = 20, why = 20, given = columns) =>
  placeColumns(given, width, ({ id }) => (id === 'name' ? name : why)).map(
    ({ column, width }) => `${column.id}:${width}`,
  );

describe('the columns of a table', () => {
  test('share what the fixed ones leave', () => {
    expect(placed(100, 70, 50)).toEqual(['pid:6', 'name:54', 'extra:10', 'why:27']);
  });

  test('are as wide as their texts while there is room, and the last takes the rest', () => {
    expect(placed(100, 30, 10)).toEqual(['pid:6', 'name:30', 'extra:10', 'why:51']);
    expect(placed(100, 70, 20)).toEqual(['pid:6', 'name:61', 'extra:10', 'why:20']);
  });

  test('leave out a spare one before the first flexible one is cut', () => {
    const spare = columns.map((one) => (one.id === 'extra' ? { ...one, spare: true } : one));
    expect(placed(60, 30, 30, spare)).toEqual(['pid:6', 'name:30', 'why:22']);
    expect(placed(60, 20, 30, spare)).toEqual(['pid:6', 'name:20', 'extra:10', 'why:21']);
  });

  test('are left out one after another, the least needed first, until the rest has room', () => {
    expect(placed(40)).toEqual(['pid:6', 'name:20', 'why:12']);
    expect(placed(25)).toEqual(['pid:6', 'name:18']);
  });

  test('fill the width to the last column', () => {
    for (let width = 20; width < 200; width++) {
      const fitted = placeColumns(columns, width, () => 30);
      expect(lineWidth(headLine(fitted))).toBe(width);
      expect(lineWidth(rowLine(fitted, 'row', theme))).toBe(width);
    }
  });
});
