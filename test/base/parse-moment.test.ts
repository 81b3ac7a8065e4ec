import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDayTime } from '../../src/base/moments.ts';
import { momentOfWallClock, parseMoment } from '../../src/base/parse-moment.ts';
import { utc, type Zone, zoneOf } from '../../src/base/zone.ts';

const range = { from: Date.parse('2026-11-21T11:50:00Z'), to: Date.parse('2026-11-21T12:20:00Z') };
const china = zoneOf(
  () => 480,
  () => 'CST',
);
/** As in most of Europe: an hour back at 2026-10-25T01:00Z, an hour on at 2027-03-28T01:00Z. */
const [back, on] = [Date.parse('2026-10-25T01:00:00Z'), Date.parse('2027-03-28T01:00:00Z')];
const isWinter = (at: number): boolean => at >= back && at < on;
const europe = zoneOf(
  (at) => (isWinter(at) ? 60 : 120),
  (at) => (isWinter(at) ? 'CET' : 'CEST'),
);
const parsed = (text: string, zone: Zone = utc, of = range): string | null => {
  const at = parseMoment(text, of, zone);
  return at === null ? null : new Date(at).toISOString().slice(0, 23);
};

describe('a moment that a person writes', () => {
  test.each([
    ['12:00:05', '2026-11-21T12:00:05.000'],
    ['12:00', '2026-11-21T12:00:00.000'],
    ['12:00:05.5Z', '2026-11-21T12:00:05.500'],
    ['-5m', '2026-11-21T12:15:00.000'],
    ['-90', '2026-11-21T12:18:30.000'],
    ['-1d', '2026-11-20T12:20:00.000'],
    ['+30s', '2026-11-21T11:50:30.000'],
    ['50%', '2026-11-21T12:05:00.000'],
    ['2026-11-21', '2026-11-21T00:00:00.000'],
    ['2026-11-21T12:00:05Z', '2026-11-21T12:00:05.000'],
    ['2026-11-21 12:00:05', '2026-11-21T12:00:05.000'],
    ['2026-11-21T13:00:05+01:00', '2026-11-21T12:00:05.000'],
    ['12:00:05 UTC', '2026-11-21T12:00:05.000'],
  ])('may be %s', (text, iso) => expect(parsed(text)).toBe(iso));

  test.each([
    ['2026-11-21 20:00:05', '2026-11-21T12:00:05.000'],
    ['2026-11-21T20:00:05', '2026-11-21T12:00:05.000'],
    ['2026-11-21', '2026-11-20T16:00:00.000'],
    ['20:00:05', '2026-11-21T12:00:05.000'],
    ['20:00:05 CST', '2026-11-21T12:00:05.000'],
    ['2026-11-21 20:00:05 CST', '2026-11-21T12:00:05.000'],
    ['12:00:05Z', '2026-11-21T12:00:05.000'],
    ['2026-11-21 12:00:05Z', '2026-11-21T12:00:05.000'],
    ['14:00:05+0200', '2026-11-21T12:00:05.000'],
    ['17:30:05 +05:30', '2026-11-21T12:00:05.000'],
  ])('is local unless it says another zone: %s', (text, iso) => expect(parsed(text, china)).toBe(iso));

  test('is of the last day on which it was that late, by the wall clock of the zone', () => {
    const days = { from: Date.parse('2026-11-19T00:00:00Z'), to: Date.parse('2026-11-21T12:20:00Z') };
    expect(parsed('12:00', utc, days)).toBe('2026-11-21T12:00:00.000');
    expect(parsed('12:30', utc, days)).toBe('2026-11-20T12:30:00.000');
    // 20:20 in China.
    expect(parsed('20:30', china, days)).toBe('2026-11-20T12:30:00.000');
    expect(parsed('00:30', china, days)).toBe('2026-11-20T16:30:00.000');
  });

  test('knows on which side of a change of the clocks it lies', () => {
    expect(parsed('2026-10-24 12:00', europe)).toBe('2026-10-24T10:00:00.000');
    expect(parsed('2026-10-25 12:00', europe)).toBe('2026-10-25T11:00:00.000');
    // It is 02:30 twice: the first one.
    expect(parsed('2026-10-25 02:30', europe)).toBe('2026-10-25T00:30:00.000');
    // It is never 02:30: as much after the change.
    expect(parsed('2027-03-28 02:30', europe)).toBe('2027-03-28T01:30:00.000');
  });

  test.each([
    ...[
      '',
      'noon',
      '24:00',
      '25:00',
      '12:60',
      '12:00:60',
      '12:00:65',
      '5m',
      '%',
      '101%',
      '-5 days',
      '2026-11-21T',
      'Z',
    ],
    ...['2026-13-40', '2026-02-30', '2026-11-21 12', '2026-11-21 12:00:65', '12:00 EST', '12:00+99', '2026-11-21Z'],
    ...['12:00:05 CET', '0026-11-21', '٠١:٠٠'],
  ])('is not %j', (text) => expect(parsed(text, china)).toBeNull());

  test('of any text is a moment or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9:.%smh TZ]{0,24}$/)), (text) => {
        const at = parseMoment(text, range, europe);
        if (at !== null) expect(Number.isFinite(at)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('is read as it was written, in any zone', () => {
    const second = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(second, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, minutes) => {
        for (const zone of [utc, china, zoneOf(() => minutes)]) {
          expect(parseMoment(formatDayTime(at, zone), range, zone)).toBe(at);
        }
      }),
    );
  });

  test('of a wall clock is the moment at which the clock shows it', () => {
    fc.assert(
      fc.property(fc.integer({ min: back - 1e8, max: on + 1e8 }), (at) => {
        const wall = at + europe.offsetAt(at) * 60_000;
        const found = momentOfWallClock(wall, europe);
        expect(found + europe.offsetAt(found) * 60_000).toBe(wall);
        expect(found).toBeLessThanOrEqual(at);
      }),
    );
  });
});
