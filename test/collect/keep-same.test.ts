import { expect, test } from 'vitest';
import { keepSame } from '../../src/collect/keep-same.ts';

const item = (id: string, state = 'running') => ({ id, state, labels: { app: id } });

test('an equal list is the one before', () => {
  const before = [item('a'), item('b')];
  expect(keepSame(before, [item('a'), item('b')])).toBe(before);
});

test('of another list, the equal items are those before', () => {
  const before = [item('a'), item('b'), item('c')];
  const now = keepSame(before, [item('d'), item('a'), item('b', 'exited')]);
  expect(now).toEqual([item('d'), item('a'), item('b', 'exited')]);
  expect(now[1]).toBe(before[0]);
  expect(keepSame(before, [item('b'), item('a'), item('c')])).toEqual([item('b'), item('a'), item('c')]);
  expect(keepSame(before, before.slice(1))).toEqual(before.slice(1));
});
