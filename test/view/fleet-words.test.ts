import { expect, test } from 'vitest';
import { troubleTexts } from '../../src/view/fleet-words.ts';
import { noon } from '../support/fleets.ts';

const question = { name: 'findings', answeredAt: noon, trouble: null, warning: null } as const;
const textsOf = (...questions: Parameters<typeof troubleTexts>[0]['questions']): string[] =>
  troubleTexts({
    system: 'Prometheus',
    fleet: null,
    at: noon,
    questions,
    intervalMs: 15_000,
    paused: false,
  });

test('one line says which answers have the same warning, without control characters', () => {
  const warning = 'it warns: store-2\u001b[2J does not answer';
  expect(textsOf({ ...question, warning }, { ...question, name: 'counts', warning })).toEqual([
    expect.stringMatching(/^Prometheus: findings, counts: it warns: store-2.* does not answer$/),
  ]);
  expect(textsOf({ ...question, warning })[0]).not.toContain('\u001b');
});

test('of a question that failed the failure is said, not the warning of the answer before it', () => {
  const failed = { ...question, answeredAt: noon - 60_000, trouble: 'no answer within 10s', warning: 'it warns: old' };
  expect(textsOf(failed)).toEqual(['Prometheus: findings: no answer within 10s (shown: 1m old)']);
  expect(textsOf(question)).toEqual([]);
});
