import { expect, test } from 'vitest';
import { ContainerChurnCounter } from '../../../src/collect/containers/churn.ts';

const after = (...events: readonly (readonly [action: string, at: number])[]): ContainerChurnCounter => {
  const churn = new ContainerChurnCounter();
  for (const [action, at] of events) churn.note({ action, at });
  return churn;
};

test('nothing is reported before the first event', () => {
  expect(after().value).toBeNull();
});

test('what came and went is counted since the oldest event that is known', () => {
  expect(after(['start', 500], ['create', 1000], ['die', 2000], ['destroy', 3000], ['create', 4000]).value).toEqual({
    since: 500,
    created: 2,
    died: 1,
    destroyed: 1,
  });
});

test('events that the engine sends again are counted once', () => {
  expect(after(['create', 1000], ['die', 2000], ['create', 1000], ['die', 2000], ['create', 3000]).value).toMatchObject(
    {
      created: 2,
      died: 1,
    },
  );
});
