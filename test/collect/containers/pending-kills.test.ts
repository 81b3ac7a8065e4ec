import { describe, expect, test } from 'vitest';
import { PendingKills } from '../../../src/collect/containers/pending-kills.ts';

const id = 'fb'.repeat(32);
const other = 'ac'.repeat(32);

type Event = readonly [action: string, at: number, signal?: number];

const after = (...events: readonly Event[]): PendingKills => {
  const kills = new PendingKills();
  for (const [action, at, signal = null] of events) kills.note({ containerId: id, action, at, signal });
  return kills;
};

test('a signal waits until the container dies', () => {
  expect(after(['kill', 1000, 15]).of(id)).toEqual({
    firstAt: 1000,
    lastAt: 1000,
    count: 1,
    attempts: 1,
    signal: 15,
    signals: [{ signal: 15, count: 1, firstAt: 1000, lastAt: 1000 }],
  });
  expect(after(['kill', 1000, 15], ['die', 1400]).of(id)).toBeNull();
});

test('signals that follow one another are one wait, with the newest signal', () => {
  expect(after(['kill', 1000, 15], ['kill', 11_000, 9], ['kill', 41_000, 9]).of(id)).toEqual({
    firstAt: 1000,
    lastAt: 41_000,
    count: 3,
    attempts: 2,
    signal: 9,
    signals: [
      { signal: 15, count: 1, firstAt: 1000, lastAt: 1000 },
      { signal: 9, count: 2, firstAt: 11_000, lastAt: 41_000 },
    ],
  });
});

describe('an attempt', () => {
  const attempts = (...events: readonly Event[]): number | undefined => after(...events).of(id)?.attempts;

  test('is a stop with the SIGKILL that ends its patience', () => {
    expect(attempts(['kill', 0, 15], ['kill', 10_000, 9])).toBe(1);
    expect(attempts(['kill', 0, 15], ['kill', 10_000, 9], ['kill', 120_000, 15], ['kill', 150_000, 9])).toBe(2);
  });

  test('is a SIGKILL that no stop asked for: docker kill, or rm -f', () => {
    expect(attempts(['kill', 0, 9])).toBe(1);
    expect(attempts(['kill', 0, 15], ['kill', 10_000, 9], ['kill', 20_000, 9], ['kill', 25_000, 9])).toBe(3);
    expect(attempts(['kill', 0, 15], ['kill', 60_000, 9])).toBe(2);
  });

  test('is each of the stops that wait at the same time', () => {
    const at = (from: number, signal: number) =>
      Array.from({ length: 60 }, (_, n) => ['kill', from + n, signal] as const);
    expect(attempts(...at(0, 15), ...at(2000, 9))).toBe(60);
  });

  test('may take as long as the container’s own timeout says', () => {
    const kills = new PendingKills();
    kills.note({ containerId: id, action: 'kill', at: 0, signal: 15 }, 120);
    kills.note({ containerId: id, action: 'kill', at: 120_000, signal: 9 }, 120);
    expect(kills.of(id)?.attempts).toBe(1);
  });
});

test.each(['die', 'destroy', 'start'])('%s ends the wait, and the next signal begins another', (action) => {
  expect(after(['kill', 1000, 15], [action, 1200], ['kill', 5000, 9]).of(id)).toMatchObject({
    firstAt: 5000,
    lastAt: 5000,
    count: 1,
    attempts: 1,
    signal: 9,
  });
});

test.each(['stop', 'oom', 'pause', 'rename'])('%s does not end it', (action) => {
  expect(after(['kill', 1000, 15], [action, 1200]).of(id)).not.toBeNull();
});

test.each([1, 10, 12, 17, 28])('signal %i is a message, which need not end the process', (signal) => {
  expect(after(['kill', 1000, signal]).of(id)).toBeNull();
});

test('a signal whose number is not known is no wait', () => {
  expect(after(['kill', 1000]).of(id)).toBeNull();
});

test('containers do not answer for one another', () => {
  const kills = after(['kill', 1000, 15]);
  kills.note({ containerId: other, action: 'die', at: 1100, signal: null });
  expect(kills.of(id)).not.toBeNull();
  expect(kills.of(other)).toBeNull();
});

test('those that are gone are forgotten, and all of them on demand', () => {
  const kills = after(['kill', 1000, 15]);
  kills.note({ containerId: other, action: 'kill', at: 1100, signal: 9 });
  kills.keep(new Set([other]));
  expect(kills.of(id)).toBeNull();
  expect(kills.of(other)).not.toBeNull();
  kills.clear();
  expect(kills.of(other)).toBeNull();
});
