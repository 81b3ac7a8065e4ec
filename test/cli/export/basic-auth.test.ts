import { hashSync } from 'bcryptjs';
import { expect, test, vi } from 'vitest';
import { BasicAuth } from '../../../src/cli/export/basic-auth.ts';

const header = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const users = new Map([
  ['ann', hashSync('se:cret', 4)],
  ['bob', hashSync('€', 4)],
]);

test('the right password of the right user is right, and nothing else is', async () => {
  const auth = new BasicAuth();
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
  expect(await auth.check(header('bob', '€'), users)).toBe('right');
  for (const wrong of [
    header('ann', 'secret'),
    header('bob', 'se:cret'),
    header('eve', 'se:cret'),
    header('', ''),
    'Basic !',
    `Bearer ${header('ann', 'se:cret').slice(6)}`,
    `Basic ${Buffer.from('ann').toString('base64')}`,
    undefined,
  ]) {
    expect(await auth.check(wrong, users), wrong).toBe('wrong');
  }
});

test('what is remembered of a password does not outlive its hash', async () => {
  const auth = new BasicAuth();
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
  expect(await auth.check(header('ann', 'se:cret'), new Map([['ann', hashSync('other', 4)]]))).toBe('wrong');
  expect(await auth.check(header('ann', 'se:cret'), new Map())).toBe('wrong');
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
});

test('a crowd of guesses is turned away, and one who was known before is not', async () => {
  const auth = new BasicAuth();
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
  const guesses = Array.from({ length: 40 }, (_, index) => auth.check(header('ann', `guess ${index}`), users));
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
  const verdicts = await Promise.all(guesses);
  expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(24);
  expect(verdicts).not.toContain('right');
});

test('those who know it stay remembered however many guess', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const auth = new BasicAuth();
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
  for (let guess = 0; guess < 150; guess++) await auth.check(header('ann', `${guess}`), users);
  // Remembered, it is right at once; otherwise it would have to wait for its turn.
  const turns = Array.from({ length: 16 }, (_, index) => auth.check(header('ann', `more ${index}`), users));
  expect(await auth.check(header('ann', 'se:cret'), users)).toBe('right');
  await Promise.all(turns);
  vi.useRealTimers();
});
