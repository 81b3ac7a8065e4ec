import { expect, test } from 'vitest';
import { newestOf, trendRange, trendsOf } from '../../src/fleet/trends.ts';
import { noon, trendAnswer } from '../support/fleets.ts';

test('the range is the last hour on whole steps, the same from answer to answer', () => {
  const range = trendRange(noon + 1);
  expect(range).toEqual({ start: noon / 1000 - 3600 + 120, end: noon / 1000, step: 120 });
  expect(trendRange(noon + 119_000)).toEqual(range);
});

test('a moment without a value is a gap', () => {
  const range = trendRange(noon);
  const trends = trendsOf(trendAnswer([{ instance: 'a:1' }]), range).get('["a:1"]');
  expect(trends?.goroutines).toHaveLength(30);
  expect(trends?.goroutines.slice(8, 17)).toEqual([260, 280, null, null, null, null, null, 400, 420]);
  expect(trends?.ioPressure[0]).toBe(0);
});

test('values outside of the range and series of another kind are skipped', () => {
  const range = trendRange(noon);
  const series = { labels: { instance: 'a', rtwatch_trend: 'io' }, points: [[range.end + 600, 1] as const] };
  expect(
    trendsOf([series], range)
      .get('["a"]')
      ?.ioPressure.every((value) => value === null),
  ).toBe(true);
  expect(trendsOf([{ ...series, labels: { instance: 'a' } }], range).size).toBe(0);
});

test('a value is current for two steps: of a node that is gone there is none', () => {
  expect(newestOf([1, 2, null, 4])).toBe(4);
  expect(newestOf([1, 2, 3, null])).toBe(3);
  expect(newestOf([1, 2, null, null])).toBeNull();
  expect(newestOf()).toBeNull();
});
