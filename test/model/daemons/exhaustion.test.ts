import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthPerMinute, secondsToLimit } from '../../../src/model/daemons/exhaustion.ts';
import { appendLow, type SlowSeries } from '../../../src/model/series.ts';

/** A figure as it was at each second. */
const over = (seconds: number, at: (second: number) => number | null): SlowSeries =>
  Array.from({ length: seconds + 1 }, (_, second) => second).reduce<SlowSeries>(
    (series, second) => appendLow(series, at(second), second * 1000),
    [],
  );
const growth = (seconds: number, at: (second: number) => number | null): number | null =>
  growthPerMinute(over(seconds, at), seconds * 1000);

describe('a slow series', () => {
  test('keeps the least of each ten seconds', () => {
    expect(over(25, (second) => 100 - (second % 10))).toEqual([
      { monoMs: 0, value: 91 },
      { monoMs: 10_000, value: 91 },
      { monoMs: 20_000, value: 95 },
    ]);
  });

  test('keeps an hour and no more', () => {
    const series = over(5000, (second) => second);
    expect(series).toHaveLength(360);
    expect(series.at(-1)).toEqual({ monoMs: 5_000_000, value: 5000 });
  });

  test('skips what was not reported', () => {
    expect(over(25, (second) => (second > 5 && second < 15 ? null : 7)).map(({ monoMs }) => monoMs)).toEqual([
      0, 15_000, 25_000,
    ]);
  });
});

describe('the growth of a figure', () => {
  test('that rises evenly is reported after thirty seconds', () => {
    expect(growth(29, (second) => 50 + second * 0.2)).toBeNull();
    expect(growth(30, (second) => 50 + second * 0.2)).toBeCloseTo(12);
  });

  test('that falls evenly is below zero', () => {
    expect(growth(129, (second) => 500 - second)).toBeCloseTo(-60);
  });

  test('that stands still is zero', () => {
    expect(growth(60, () => 54)).toBe(0);
  });

  test('that leaks under a coming and going is what leaks', () => {
    expect(growth(120, (second) => 60 + ((second * 7) % 6) + second / 5)).toBeCloseTo(12, 0);
  });

  test('that comes and goes is not reported', () => {
    expect(growth(300, (second) => 60 + ((second * 7919) % 13) + ((second >> 4) % 3))).toBeNull();
  });

  test('that rose once is not reported: a burst is no leak', () => {
    expect(growth(300, (second) => (second < 150 ? 54 : 170))).toBeNull();
  });

  test('that came to a stop is not reported half a minute later, however long it grew', () => {
    for (const grownFor of [40, 100, 300, 540]) {
      const stops = (second: number): number => 50 + Math.min(second, grownFor);
      expect(growth(grownFor + 40, stops), `grew for ${grownFor} s`).toBeNull();
      expect(growth(grownFor, stops)).toBeCloseTo(60, 0);
    }
  });

  test('that takes a step every two minutes is reported between its steps', () => {
    const steps = (second: number): number => 50 + 2 * Math.floor(second / 120);
    for (let seconds = 480; seconds < 600; seconds += 10) {
      expect(growth(seconds, steps), `after ${seconds} s`).toBeGreaterThan(0.5);
    }
    expect(growth(900, (second) => steps(Math.min(second, 599)))).toBeNull();
  });

  test('of a sawtooth whose floor rises is that of the floor', () => {
    expect(growth(600, (second) => 100 + ((second % 60) / 60) * 30 + second / 4)).toBeCloseTo(15, 0);
  });

  test('that was cleared by every collection is not reported', () => {
    expect(growth(600, (second) => 10e6 + (second % 120) * 1e5)).toBeNull();
  });

  test('is judged by the last ten minutes, not the hour', () => {
    expect(growth(3600, (second) => Math.min(second, 2900))).toBe(0);
  });

  test('can be asked of a longer stretch', () => {
    const series = over(120, (second) => second);
    expect(growthPerMinute(series, 120_000)).toBeCloseTo(60);
    expect(growthPerMinute(series, 120_000, 300_000)).toBeNull();
  });

  test('of any straight line is its slope', () => {
    const line = fc.record({ start: fc.nat(1e6), perSecond: fc.integer({ min: -500, max: 500 }) });
    fc.assert(
      fc.property(line, fc.integer({ min: 30, max: 900 }), ({ start, perSecond }, seconds) => {
        // The least of ten seconds lies at the end of them where the line falls: all by the same, but for the last.
        const model = growth(Math.floor(seconds / 10) * 10 + 9, (second) => start + perSecond * second);
        expect(model).toBeCloseTo(perSecond * 60, 3);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the time to a limit', () => {
  test('is what is left at this rate', () => {
    expect(secondsToLimit(17_000, 20_000, 60)).toBe(3000);
  });

  test('is over when the limit is reached', () => {
    expect(secondsToLimit(20_000, 20_000, null)).toBe(0);
  });

  test.each([
    [null, 100, 5],
    [50, null, 5],
    [50, 0, 5],
    [50, 100, null],
    [50, 100, 0],
    [50, 100, -3],
  ])('of %j to %j at %j a minute cannot be told', (value, limit, perMinute) => {
    expect(secondsToLimit(value, limit, perMinute)).toBeNull();
  });
});
