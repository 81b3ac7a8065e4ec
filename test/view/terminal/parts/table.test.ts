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
const placed = (width: number) => placeColumns(columns, width).map(({ column, width }) => `${column.id}:${width}`);

describe('the columns of a table', () => {
  test('share what the fixed ones leave', () => {
    expect(placed(100)).toEqual(['pid:6', 'name:41', 'extra:10', 'why:40']);
  });

  test('are left out one after another, the least needed first, until the rest has room', () => {
    expect(placed(40)).toEqual(['pid:6', 'name:16', 'why:16']);
    expect(placed(25)).toEqual(['pid:6', 'name:18']);
  });

  test('fill the width to the last column', () => {
    for (let width = 20; width < 200; width++) {
      const fitted = placeColumns(columns, width);
      expect(lineWidth(headLine(fitted))).toBe(width);
      expect(lineWidth(rowLine(fitted, 'row', theme))).toBe(width);
    }
  });
});
