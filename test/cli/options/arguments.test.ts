import { expect, test } from 'vitest';
import { parseDuration } from '../../../src/cli/options/arguments.ts';

test('a duration has a unit, or is in seconds', () => {
  expect(['250ms', '2s', '1.5m', '1h', '3'].map(parseDuration)).toEqual([250, 2000, 90_000, 3_600_000, 3000]);
  for (const text of ['', '-1s', '1d', 's', '1 s', '1e3'])
    expect(() => parseDuration(text), text).toThrow('not a duration');
});
