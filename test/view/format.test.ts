import { expect, test } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
  formatSeconds,
  formatSince,
} from '../../src/view/format.ts';
import { noon } from '../support/samples.ts';

test('figures are short and have their unit', () => {
  expect([0, 999, 5214, 1_048_576].map(formatCount)).toEqual(['0', '999', '5,214', '1,048,576']);
  expect([0, 900, 64 * 1024, 812 * 1024 ** 2, 8.2 * 1024 ** 3].map(formatBytes)).toEqual([
    '0 B',
    '900 B',
    '64 KiB',
    '812 MiB',
    '8.2 GiB',
  ]);
  expect([0, 1500, 41e6].map(formatRate)).toEqual(['0 B/s', '1.5 kB/s', '41 MB/s']);
  expect([0, 12.4, 250, 93_600, 41 * 86_400].map(formatSeconds)).toEqual(['0s', '12s', '4m 10s', '1d 2h', '41d']);
  expect([0.42, 3, 41.4, 2100].map(formatMs)).toEqual(['0.4 ms', '3.0 ms', '41 ms', '2.1 s']);
  expect([0, 0.42, 9.96, 41.4, 100].map(formatPercent)).toEqual(['0%', '0.4%', '10.0%', '41%', '100%']);
});

test('what is not known is a dash, not a zero', () => {
  for (const format of [formatBytes, formatCount, formatMs, formatPercent, formatRate, formatSeconds])
    expect(format(null)).toBe('–');
});

test('a moment has its day only when it was not within the last one', () => {
  expect(formatClock(noon)).toBe('12:00:00Z');
  expect(formatSince(noon - 3_600_000, noon)).toBe('11:00:00Z');
  expect(formatSince(noon - 90_000_000, noon)).toBe('2026-11-20 11:00:00Z');
});
