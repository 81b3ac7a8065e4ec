import { expect, test } from 'vitest';
import { type Ask, fitStack } from '../../../../src/view/terminal/layout/fit-stack.ts';

const ask = (key: string, change: Partial<Ask<string>> = {}): Ask<string> => ({
  key,
  folded: 1,
  least: 3,
  wanted: 6,
  ideal: 8,
  rank: 1,
  ...change,
});
const heights = (rows: number, ...asks: Ask<string>[]): number[] =>
  fitStack(rows, asks).heights.map(({ height }) => height);

test('folds all before it opens one, and opens the urgent ones first', () => {
  expect(heights(2, ask('a'), ask('b'))).toEqual([1, 1]);
  expect(heights(5, ask('a'), ask('b', { rank: 0 }))).toEqual([1, 4]);
  expect(heights(1, ask('a'), ask('b', { rank: 0 }))).toEqual([0, 1]);
});

test('gives a row in turn up to what each wants, then up to what each could use, and keeps the rest', () => {
  expect(heights(9, ask('a'), ask('b', { wanted: 3, ideal: 3 }))).toEqual([6, 3]);
  expect(fitStack(30, [ask('a'), ask('b')])).toMatchObject({ left: 14 });
  expect(heights(14, ask('a'), ask('b'))).toEqual([7, 7]);
});
