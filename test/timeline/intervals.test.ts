import { expect, test } from 'vitest';
import { faster, slower } from '../../src/timeline/intervals.ts';

test('the steps lead from the shortest interval to the longest and back', () => {
  const up = [250];
  while (slower(up.at(-1) ?? 0) !== up.at(-1)) up.push(slower(up.at(-1) ?? 0));
  expect(up.at(-1)).toBe(3_600_000);
  expect(up.toReversed().every((ms, index, all) => index === 0 || faster(all[index - 1] ?? 0) === ms)).toBe(true);
  expect(faster(250)).toBe(250);
  expect(slower(1500)).toBe(2000);
});
