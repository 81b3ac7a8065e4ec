import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOf, seedOf } from './seed.ts';

test('every property of a run has the seed of the run', () => {
  const { seed } = fc.check(fc.property(fc.nat(), () => true));
  expect(seed).toBe(seedOf(process.env['FUZZ_SEED']));
  expect(fc.sample(fc.nat(), 5)).toEqual(fc.sample(fc.nat(), { seed, numRuns: 5 }));
});

test('a seed that fast-check would cut is refused', () => {
  expect(seedOf('-12')).toBe(-12);
  for (const text of ['x', '1.5', '4294967296']) expect(() => seedOf(text)).toThrow('FUZZ_SEED');
});

test('a plain run takes a quarter of the runs, but not few; one of a named seed takes all', () => {
  expect([10, 80, 1000].map((wanted) => runsOf(wanted))).toEqual([10, 50, 250]);
  expect([10, 80, 1000].map((wanted) => runsOf(wanted, '7'))).toEqual([10, 80, 1000]);
});
