import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogRuns } from '../../../src/parse/log/runs.ts';

const minuteMs = 60_000;
const of = (...minutes: readonly number[]): LogRuns => {
  const runs = new LogRuns();
  for (const minute of minutes) runs.add(minute * minuteMs);
  return runs;
};

test('attempts at most ten minutes apart are one run, in whatever order they come', () => {
  expect(of(0, 2, 4, 60, 3, 66).list()).toEqual([
    { from: 0, to: 4 * minuteMs, count: 4 },
    { from: 60 * minuteMs, to: 66 * minuteMs, count: 2 },
  ]);
});

test('there are forty runs at most, and none is lost from the counts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 200 }), (minutes) => {
      const runs = of(...minutes).list();
      expect(runs.length).toBeLessThanOrEqual(40);
      expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(minutes.length);
    }),
  );
});
