import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rules/rules.ts';
import { cases, corpus } from './cases.ts';
import { judge, score } from './score.ts';

describe.each(Object.entries(corpus))('of %s', (_, some) => {
  test.each(some.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(judge(one, rules).faults).toEqual([]);
  });
});

describe('over all states', () => {
  const judged = cases.map((one) => judge(one, rules).outcomes);
  const scores = rules.map(({ id }) =>
    score(
      id,
      judged.flatMap((outcomes) => outcomes.get(id) ?? []),
    ),
  );

  test.each(scores.map((one) => [one.id, one] as const))('%s finds all that is so, and nothing else', (_, one) => {
    expect(one).toMatchObject({ precision: 1, recall: 1 });
  });

  test('each rule has a state in which it speaks and many in which it does not', () => {
    const untried = scores.filter(({ truePositives, trueNegatives }) => truePositives < 1 || trueNegatives < 20);
    expect(untried.map(({ id }) => id)).toEqual([]);
  });

  test('no two states have the same name', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});
