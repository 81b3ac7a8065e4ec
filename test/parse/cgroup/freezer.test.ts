import { expect, test } from 'vitest';
import { parseFreezerV1, parseFreezerV2 } from '../../../src/parse/cgroup/freezer.ts';

test('a group of version 1 is frozen, on its way, or thawed', () => {
  expect(parseFreezerV1('FROZEN\n', '1\n')).toEqual({ frozen: true, self: true });
  expect(parseFreezerV1('FREEZING\n', '0\n')).toEqual({ frozen: false, self: false });
  expect(parseFreezerV1('FROZEN\n')).toEqual({ frozen: true, self: null });
  expect(parseFreezerV1('THAWED\n', '0\n')).toBeNull();
});

test('a group of version 2 is frozen, set to freeze, or neither', () => {
  expect(parseFreezerV2('populated 1\nfrozen 1\n', '1\n')).toEqual({ frozen: true, self: true });
  expect(parseFreezerV2('populated 1\nfrozen 1\n', '0\n')).toEqual({ frozen: true, self: false });
  expect(parseFreezerV2('populated 1\nfrozen 0\n', '1\n')).toEqual({ frozen: false, self: true });
  expect(parseFreezerV2('populated 1\nfrozen 0\n', '0\n')).toBeNull();
  // Before Linux 5.2 there is no such line.
  expect(parseFreezerV2('populated 1\n')).toBeNull();
});
