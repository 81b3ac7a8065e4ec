import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatClock, formatDay, formatDayTime, formatMoment, formatTime, isoMoment } from '../../src/base/moments.ts';
import { utc, zoneOf } from '../../src/base/zone.ts';
import { noon } from '../support/samples.ts';

const china = zoneOf(
  () => 480,
  () => 'CST',
);

test('a time stands in its zone', () => {
  expect(formatClock(noon, utc)).toBe('12:00:00Z');
  expect(formatClock(noon, china)).toBe('20:00:00 CST');
  expect(
    formatClock(
      noon,
      zoneOf(() => 330),
    ),
  ).toBe('17:30:00 +05:30');
  expect(
    formatClock(
      noon,
      zoneOf(() => -210),
    ),
  ).toBe('08:30:00 -03:30');
  expect(
    formatClock(
      noon,
      zoneOf(() => 0),
    ),
  ).toBe('12:00:00Z');
  expect(formatDayTime(noon, china)).toBe('2026-11-21 20:00:00 CST');
});

test('it has its day when that is not today, by the clock of the zone', () => {
  expect(formatTime(noon - 3_600_000, noon, utc)).toBe('11:00:00Z');
  expect(formatTime(noon - 13 * 3_600_000, noon, utc)).toBe('2026-11-20 23:00:00Z');
  expect(formatTime(noon - 13 * 3_600_000, noon, china)).toBe('07:00:00 CST');
});

test('the age comes first', () => {
  expect(formatMoment(noon - 48_000, noon, china)).toBe('48s ago, 19:59:12 CST');
  expect(formatMoment(noon + 48_000, noon, utc)).toBe('in 48s, 12:00:48Z');
  expect(formatMoment(noon - 93_600_000, noon, utc)).toBe('1d 2h ago, 2026-11-20 10:00:00Z');
});

test('programs get ISO 8601 in UTC', () => {
  expect(isoMoment(noon)).toBe('2026-11-21T12:00:00.000Z');
  expect(isoMoment(null)).toBeNull();
  expect(isoMoment(9e15)).toBeNull();
});

test('any number gives a text', () => {
  fc.assert(
    fc.property(fc.double(), fc.integer({ min: -840, max: 840 }), (at, minutes) => {
      const zone = zoneOf(() => minutes);
      for (const text of [
        formatClock(at, zone),
        formatDayTime(at, zone),
        formatDay(at, zone),
        formatTime(at, noon, zone),
      ])
        expect(text).toMatch(/^–$|\d\d$|Z$/);
    }),
  );
});
