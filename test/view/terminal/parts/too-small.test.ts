import { expect, test } from 'vitest';
import { tooSmallLines } from '../../../../src/view/terminal/parts/too-small.ts';
import { screenText } from '../../../support/render.tsx';
import { healthy, modelOf } from '../../../support/scenes.ts';

const texts = (columns: number, rows: number): string[] | undefined =>
  tooSmallLines({ columns, rows })?.map((line) => line.map(({ text }) => text).join(''));

test('a terminal without room for the screen says how much it needs, as far as that has room', () => {
  expect(texts(19, 4)).toEqual(['rtwatch needs 20x5 ']);
  expect(texts(10, 2)).toEqual(['rtwatch   ', 'needs 20x5']);
  expect(texts(5, 1)).toEqual(['rtwat']);
  expect(texts(20, 5)).toBeUndefined();
  expect(screenText(modelOf(healthy), '19x4')).toContain('rtwatch needs 20x5');
});
