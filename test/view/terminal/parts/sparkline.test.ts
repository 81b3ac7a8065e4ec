import { expect, test } from 'vitest';
import { sparkline } from '../../../../src/view/terminal/parts/sparkline.ts';

const levels = '▁▂▃▄▅▆▇█';
const from0 = { least: 10 };

test('values lie between zero and the greatest of them', () => {
  expect(sparkline([0, 50, 100], 3, levels, from0)).toBe('▁▅█');
});

test('a figure that hardly moves is a straight line, one that multiplies is a slope', () => {
  expect(sparkline([60, 62, 64, 66], 4, levels, { least: 50 })).toBe('▇███');
  expect(sparkline([54, 250, 450, 660], 4, levels, { least: 50 })).toBe('▂▄▆█');
});

test('a missing value is a gap', () => {
  expect(sparkline([0, null, 100], 3, levels, from0)).toBe('▁ █');
});

test('only the newest values are shown, and few of them stand on the right', () => {
  expect(sparkline([9, 9, 0, 100], 2, levels, from0)).toBe('▁█');
  expect(sparkline([0, 100], 4, levels, from0)).toBe('  ▁█');
});

test('small values do not fill the height', () => {
  expect(sparkline([0, 1, 2], 3, levels, from0)).toBe('▁▂▂');
  expect(sparkline([0, 0, 0], 3, levels, from0)).toBe('▁▁▁');
});

test('a share has its own scale, and what is beyond it stands at its end', () => {
  expect(sparkline([0, 1, 50, 100, 120], 5, levels, { to: 100 })).toBe('▁▁▅██');
});

test('nothing known draws nothing', () => {
  expect(sparkline([], 3, levels, from0)).toBe('   ');
  expect(sparkline([null], 3, levels, from0)).toBe('   ');
});
