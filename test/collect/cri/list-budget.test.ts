import { expect, test } from 'vitest';
import { ListBudget } from '../../../src/collect/cri/list-budget.ts';

test('a few lists at once, then one in ten seconds, and all of them again after two calm minutes', () => {
  const budget = new ListBudget(10_000);
  const taken = (from: number, to: number): number => {
    let count = 0;
    for (let now = from; now < to; now += 500) if (budget.take(now)) count++;
    return count;
  };
  expect(taken(0, 10_000)).toBe(12);
  // A storm of events that goes on: as often as without events.
  expect(taken(10_000, 130_000)).toBe(12);
  expect(taken(260_000, 269_000)).toBe(12);
});
