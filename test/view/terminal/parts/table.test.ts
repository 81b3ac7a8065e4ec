import { describe, expect, test } from 'vitest';
import { lineWidth } from '../../../../src/view/terminal/parts/line.ts';
import {
  type Column,
  headLine,
  placeColumns,
  rowLine,
  usedColumns,
} from '../../../../src/view/terminal/parts/table.ts';
import { themeOf } from '../../../../src/view/terminal/theme/theme.ts';

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
    const spare = columns.map((one) => (one.id === 'extra' ? { ...one, spare: 1 } : one));
    expect(placed(60, 30, 30, spare)).toEqual(['pid:6', 'name:30', 'why:22']);
    expect(placed(60, 20, 30, spare)).toEqual(['pid:6', 'name:20', 'extra:10', 'why:21']);
  });

  test('leave out spare ones until the other flexible ones have enough, the highest number first', () => {
    const given: Column<string>[] = [
      ...columns.slice(0, 2),
      { ...column('extra', 10), spare: 2 },
      { ...column('more', 10), spare: 1 },
      { ...column('why', 'flex'), enough: 30 },
    ];
    expect(placed(90, 20, 60, given)).toEqual(['pid:6', 'name:20', 'extra:10', 'more:10', 'why:40']);
    expect(placed(79, 20, 60, given)).toEqual(['pid:6', 'name:20', 'more:10', 'why:40']);
    expect(placed(60, 20, 60, given)).toEqual(['pid:6', 'name:20', 'why:32']);
  });

  test('are no wider than their texts where they say so, nor narrower than their titles', () => {
    const given = [{ ...column('comm', 12), shrinks: true as const }, column('name', 'flex')];
    const widths = (need: number) => placeColumns(given, 30, () => need).map(({ width }) => width);
    expect([widths(7), widths(2), widths(12)]).toEqual([
      [7, 22],
      [4, 25],
      [12, 17],
    ]);
  });

  test('give the first flexible one what is enough for it, and the rest to the others', () => {
    const given: Column<string>[] = [{ ...column('name', 'flex'), enough: 18 }, column('why', 'flex')];
    expect(placed(33, 32, 26, given)).toEqual(['name:18', 'why:14']);
    expect(placed(60, 32, 26, given)).toEqual(['name:32', 'why:27']);
  });

  test('leave out one that has no text where it says so', () => {
    const empty: Column<string> = { ...column('empty', 6), ifAny: true, text: () => '' };
    expect(usedColumns([...columns, empty], ['row'], theme)).toEqual(columns);
    expect(usedColumns([...columns, { ...column('wide', 6), ifAny: true }], ['row'], theme)).toHaveLength(5);
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
