import { expect, test } from 'vitest';
import { sparkline } from '../../../../src/view/terminal/parts/sparkline.ts';

const levels = '▁▂▃▄▅▆▇█';

test('values lie between their own least and greatest', () => {
  expect(sparkline([0, 50, 100], 3, levels)).toBe('▁▅█');
});

test('a missing value is a gap', () => {
  expect(sparkline([0, null, 100], 3, levels)).toBe('▁ █');
});

test('the newest values are at the right, and those before them are cut off', () => {
  expect(sparkline([9, 9, 0, 100], 2, levels)).toBe('▁█');
  expect(sparkline([0, 100], 4, levels)).toBe('  ▁█');
});

test('a figure that hardly moves stays low', () => {
  expect(sparkline([1000, 1001, 1002], 3, levels)).toBe('▁▁▁');
  expect(sparkline([0, 0, 0], 3, levels)).toBe('▁▁▁');
});

test('a share has a scale of its own', () => {
  expect(sparkline([0, 1, 50, 100, 120], 5, levels, 100)).toBe('▁▁▅██');
});

test('no values are an empty line', () => {
  expect(sparkline([], 3, levels)).toBe('   ');
  expect(sparkline([null], 3, levels)).toBe('   ');
});
