import { expect, test } from 'vitest';
import { chartOf } from './chart.ts';

test('a chart reaches from zero to the greatest column, and has a gap where nothing is known', () => {
  const chart = chartOf('heap, MiB', [5, 10, null, 10], 2, 4);
  expect(chart.split('\n')).toEqual([
    'heap, MiB',
    '     10 │ █ █',
    '        │ █ █',
    '        │▄█ █',
    '        │██ █',
    '      0 │██ █',
    '         0120 min',
  ]);
});

test('several values of a column are shown by their median', () => {
  const [, top, , , , bottom] = chartOf('a', [1, 2, 100, 2, 2, 2], 1, 2).split('\n');
  expect(top).toBe('      2 │██');
  expect(bottom).toBe('      0 │██');
});
