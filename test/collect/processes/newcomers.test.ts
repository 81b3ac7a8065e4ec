import { expect, test } from 'vitest';
import { newcomersSince } from '../../../src/collect/processes/newcomers.ts';
import { Tree } from '../../support/world.ts';

const since = (before: number, newest: number, known = 10): number[] | null => {
  const tree = new Tree()
    .process(41, {}, { status: 'Tgid:\t41\n' })
    .process(42, {}, { status: 'Tgid:\t42\n' })
    .process(43, {}, { status: 'Tgid:\t41\n' });
  return newcomersSince(tree.world(), { count: 5, newest: before }, { count: 5, newest }, known);
};

test('those that came are the processes whose numbers were given out since: no thread, and none that is gone', () => {
  expect(since(41, 50)).toEqual([42]);
  expect(since(40, 43)).toEqual([41, 42]);
  expect(since(42, 42)).toEqual([]);
});

test('they are not tried one by one where there are many for the processes that are known, or where numbers began anew', () => {
  expect(since(40, 57)).toBeNull();
  expect(since(40, 57, 1000)).toEqual([41, 42]);
  expect(since(40, 291, 1000)).toBeNull();
  expect(since(43, 41)).toBeNull();
});
