import { expect, test } from 'vitest';
import { type ChartSeries, chartWith, noChart } from '../../src/model/chart-series.ts';

const after = (values: readonly (number | null)[], everyMs = 1000, before: ChartSeries = noChart): ChartSeries =>
  values.reduce<ChartSeries>((series, value, index) => chartWith(series, value, 5_000_000 + index * everyMs), before);
const valuesOf = ({ points }: ChartSeries): (number | null)[] => points.map(({ value }) => value);

test('a chart keeps each second, the greatest value of it, and a reading that failed', () => {
  expect(valuesOf(after([1, 3, null, 2]))).toEqual([1, 3, null, 2]);
  expect(valuesOf(after([1, 9, 4, null], 400))).toEqual([9, null]);
});

test('a chart keeps everything in bounded memory, at a coarser step, and at last the newest hour', () => {
  const minutes = after(Array.from({ length: 600 }, (_, second) => second));
  expect(minutes.stepMs).toBe(4000);
  expect(minutes.points[0]?.monoMs).toBe(5_000_000);
  expect(minutes.points.length).toBeLessThanOrEqual(240);
  const hours = after(Array.from({ length: 9000 }, (_, second) => second));
  expect(hours.stepMs).toBe(16_000);
  expect(hours.points).toHaveLength(240);
  expect(hours.points.at(-1)?.value).toBe(8999);
});

test('a peak survives every merge', () => {
  const series = after([...Array.from({ length: 100 }, () => 1), 70, ...Array.from({ length: 900 }, () => 1)]);
  expect(Math.max(...valuesOf(series).map((value) => value ?? 0))).toBe(70);
});
