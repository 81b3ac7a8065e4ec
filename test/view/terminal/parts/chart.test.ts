import { describe, expect, test } from 'vitest';
import type { ChartSeries } from '../../../../src/model/chart-series.ts';
import { type Chart, chartRows } from '../../../../src/view/terminal/parts/chart.ts';
import { asciiTheme, plainTheme } from '../../../support/render.tsx';

const series = (values: readonly (number | null)[]): ChartSeries => ({
  stepMs: 1000,
  points: values.map((value, index) => ({ monoMs: index * 1000, value })),
});
const chart = (values: ChartSeries): Chart => ({
  title: 'goroutines',
  series: values,
  text: String,
  scaleFor: () => 80,
});
const drawn = (values: ChartSeries, theme = plainTheme): string[] =>
  chartRows(chart(values), { from: 0, to: 8000 }, 14, 3, theme).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

describe('a chart', () => {
  test('rises from zero to the top of its scale, with the newest value above', () => {
    expect(drawn(series([10, 20, 30, 40, 50, 60, 70, 80]))).toEqual([
      'goroutines 80',
      '      80 │  ⣠⣾',
      '       0 │⣠⣾⣿⣿',
    ]);
  });

  test('has a gap where a reading failed, and a dot where the value is zero', () => {
    expect(drawn(series([80, 80, null, null, 0, 0, 0, 0]))[2]).toBe('       0 │⣿ ⣀⣀');
  });

  test('has a gap where nothing was read for long, and none where polls are rare', () => {
    const rare = { stepMs: 1000, points: [0, 4000].map((monoMs) => ({ monoMs, value: 80 })) };
    expect(drawn(rare)[2]).toBe('       0 │⣿⣿⡇');
    const long = { stepMs: 1000, points: [0, 60_000].map((monoMs) => ({ monoMs, value: 80 })) };
    expect(drawn(long)[2]).toBe('       0 │⡇');
  });

  test('is drawn in ASCII where the terminal has nothing else', () => {
    const rows = drawn(series([10, 20, 30, 40, 50, 60, 70, 80]), asciiTheme);
    expect(rows.join('')).toMatch(/^[\x20-\x7e│]*$/);
    expect(rows[2]).toContain('.:::');
  });
});
