import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatByteChange, formatByteRate, formatBytes } from '../../src/base/bytes.ts';
import { countOf, formatCount, formatDecimal, formatPerMinute, formatTimes, plural } from '../../src/base/counts.ts';
import { formatAgo, formatMs, formatSeconds } from '../../src/base/durations.ts';
import { formatPercent } from '../../src/base/percent.ts';
import { listOf } from '../../src/base/words.ts';

const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1e21, 1e300, -1e300, 5e-324, 2 ** 53));

describe('one way to say each number', () => {
  test('counts have a comma for each three digits', () => {
    expect([0, 999, 1530, 1_048_576, -1234, -0].map(formatCount)).toEqual([
      '0',
      '999',
      '1,530',
      '1,048,576',
      '-1,234',
      '0',
    ]);
    expect([1, 2, 1530].map((count) => countOf(count, 'process', 'processes'))).toEqual([
      '1 process',
      '2 processes',
      '1,530 processes',
    ]);
    expect([1, 0].map((count) => plural(count, 'waits', 'wait'))).toEqual(['waits', 'wait']);
    expect([1, 40, 1200].map(formatTimes)).toEqual(['once', '40 times', '1,200 times']);
    expect([12, -3, 0.42, 0.96, 1530].map(formatPerMinute)).toEqual([
      '+12/min',
      '-3/min',
      '+0.4/min',
      '+1/min',
      '+1,530/min',
    ]);
    expect([0, 3.44, 9.96, 12.3].map(formatDecimal)).toEqual(['0', '3.4', '10', '12']);
  });

  test('bytes and rates have one decimal where it says something', () => {
    const sizes = [0, 900, 1536, 64 * 1024, 812 * 2 ** 20, 8.2 * 2 ** 30, 96.34 * 2 ** 30, 1000 * 1024];
    expect(sizes.map(formatBytes)).toEqual([
      ...['0 B', '900 B', '1.5 KiB', '64 KiB', '812 MiB', '8.2 GiB', '96.3 GiB', '1 MiB'],
    ]);
    expect([0, 1.2 * 2 ** 20].map(formatByteRate)).toEqual(['0 B/s', '1.2 MiB/s']);
    expect([2048, -2048].map(formatByteChange)).toEqual(['+2 KiB', '-2 KiB']);
  });

  test('durations have two units at most, a decimal below ten seconds, milliseconds below one', () => {
    expect([0, 0.35, 1, 9.44, 9.99, 10, 48.9, 60, 250, 723, 3600, 93_600, 41 * 86_400].map(formatSeconds)).toEqual([
      ...['0s', '350ms', '1s', '9.4s', '9.9s', '10s', '48s', '1m', '4m 10s', '12m 3s', '1h', '1d 2h', '41d'],
    ]);
    expect([0.42, 3, 41.4, 999.9, 2100].map(formatMs)).toEqual(['0.4ms', '3ms', '41ms', '999ms', '2.1s']);
    expect([48, -48].map(formatAgo)).toEqual(['48s ago', 'in 48s']);
    // An hour and 3 s: what is between them counts, too.
    expect(formatSeconds(3603)).toBe('1h');
  });

  test('percent are whole, with a decimal below one', () => {
    expect([0, 0.01, 0.42, 0.96, 9.6, 41.4, 99.7, 100, 250, -0.3].map(formatPercent)).toEqual([
      ...['0%', '<0.1%', '0.4%', '1%', '10%', '41%', '100%', '100%', '250%', '-0.3%'],
    ]);
  });

  test('lists are cut where they get long', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c'], [...'abcdef']].map((words) => listOf(words))).toEqual([
      ...['', 'a', 'a and b', 'a, b and c', 'a, b, c and 3 more'],
    ]);
    expect(listOf(['a', 'b', 'c'], 2)).toBe('a and 2 more');
  });

  test('what is not known is a dash, not a zero', () => {
    for (const format of [formatBytes, formatByteRate, formatCount, formatMs, formatPercent, formatSeconds])
      expect(format(null)).toBe('–');
  });

  test('no number makes a text that is none', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        for (const format of [formatBytes, formatCount, formatMs, formatPercent, formatSeconds, formatDecimal]) {
          const text = format(value);
          expect(text).not.toMatch(/NaN|Infinity|undefined|e[+-]?\d|^-0\D*$/);
          expect(text).not.toBe('');
          if (!Number.isFinite(value)) expect(text).toBe('–');
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('what is larger never reads as less', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (a, b) => {
          const [less, more] = a < b ? [a, b] : [b, a];
          expect(msIn(formatMs(less))).toBeLessThanOrEqual(msIn(formatMs(more)));
          expect(bytesIn(formatBytes(less))).toBeLessThanOrEqual(bytesIn(formatBytes(more)));
          expect(percentIn(formatPercent(less / 1e10))).toBeLessThanOrEqual(percentIn(formatPercent(more / 1e10)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('what is written is near what it was', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), (value) => {
        // Two units of a duration are at least a 1/24 of it apart; bytes have two digits.
        expect(Math.abs(msIn(formatMs(value)) - value) / value).toBeLessThan(0.11);
        expect(Math.abs(bytesIn(formatBytes(value)) - value) / value).toBeLessThan(0.51);
      }),
      { numRuns: 2000 },
    );
  });

  test('columns can hold them', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (value) => {
        expect(formatMs(value).length).toBeLessThanOrEqual(8);
        expect(formatBytes(value).length).toBeLessThanOrEqual(9);
        expect(formatByteRate(value).length).toBeLessThanOrEqual(11);
      }),
    );
  });
});

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function msIn(text: string): number {
  return text.split(' ').reduce((sum, part) => {
    const [, amount = '', unit = ''] = /^([\d.,]+)([a-z]+)$/.exec(part) ?? [];
    return sum + Number(amount.replaceAll(',', '')) * (unitMs[unit] ?? Number.NaN);
  }, 0);
}

function bytesIn(text: string): number {
  const [amount = '', unit = ''] = text.split(' ');
  return Number(amount.replaceAll(',', '')) * 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].indexOf(unit);
}

function percentIn(text: string): number {
  return text === '<0.1%' ? 0.01 : Number(text.slice(0, -1).replaceAll(',', ''));
}
