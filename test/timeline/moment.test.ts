import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../src/timeline/moment.ts';

const range = { from: Date.parse('2026-11-21T11:50:00Z'), to: Date.parse('2026-11-21T12:20:00Z') };
const parsed = (text: string, of = range): string | null => {
  const at = parseMoment(text, of);
  return at === null ? null : new Date(at).toISOString().slice(0, 23);
};

describe('a moment that is typed', () => {
  test.each([
    ['12:00:05', '2026-11-21T12:00:05.000'],
    ['12:00', '2026-11-21T12:00:00.000'],
    ['12:00:05.5Z', '2026-11-21T12:00:05.500'],
    ['-5m', '2026-11-21T12:15:00.000'],
    ['-90', '2026-11-21T12:18:30.000'],
    ['+30s', '2026-11-21T11:50:30.000'],
    ['50%', '2026-11-21T12:05:00.000'],
    ['2026-11-21T12:00:05Z', '2026-11-21T12:00:05.000'],
    ['2026-11-21 12:00:05', '2026-11-21T12:00:05.000'],
    ['2026-11-21T13:00:05+01:00', '2026-11-21T12:00:05.000'],
  ])('may be %s', (text, iso) => expect(parsed(text)).toBe(iso));

  test.each(['-2h', '0%', '11:00'])('before the beginning is the beginning: %s', (text) => {
    expect(parsed(text)).toBe('2026-11-21T11:50:00.000');
  });

  test.each(['+2h', '100%', '2027-01-01'])('after the end is the end: %s', (text) => {
    expect(parsed(text)).toBe('2026-11-21T12:20:00.000');
  });

  test('is of the last day on which it was that late', () => {
    const days = { from: Date.parse('2026-11-19T00:00:00Z'), to: Date.parse('2026-11-21T12:20:00Z') };
    expect(parsed('12:00', days)).toBe('2026-11-21T12:00:00.000');
    expect(parsed('12:30', days)).toBe('2026-11-20T12:30:00.000');
  });

  test.each(['', 'noon', '25:00', '12:60', '12:00:61', '5m', '%', '2026-13-40', '-5 days'])('is not %j', (text) => {
    expect(parsed(text)).toBeNull();
  });

  test('is within what there is, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9:.%smh TZ]{0,24}$/)), (text) => {
        const at = parseMoment(text, range);
        if (at !== null) expect(at >= range.from && at <= range.to).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
