import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePressure } from '../../../src/parse/proc/pressure.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const io = `some avg10=71.72 avg60=22.04 avg300=6.51 total=68282390
full avg10=70.13 avg60=20.99 avg300=6.02 total=54787520
`;
const cpuBefore513 = 'some avg10=0.00 avg60=0.15 avg300=0.12 total=1234567\n';
const samples = [io, cpuBefore513];

describe('a pressure file', () => {
  test('has shares of time in percent and a total in microseconds', () => {
    expect(parsePressure(io)).toEqual({
      some: { avg10: 71.72, avg60: 22.04, totalMicros: 68282390 },
      full: { avg10: 70.13, avg60: 20.99, totalMicros: 54787520 },
    });
  });

  test('without a full line, as of the CPU before Linux 5.13, has null for it', () => {
    expect(parsePressure(cpuBefore513)).toEqual({
      some: { avg10: 0, avg60: 0.15, totalMicros: 1234567 },
      full: null,
    });
  });

  test('that only has a full line, as of interrupts, is refused', () => {
    expect(() => parsePressure('full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n')).toThrow('no "some" line');
  });

  test.each(['', 'some\n', 'some avg10=0.00 avg60=0.00\n'])('that is %j is refused', (text) => {
    expect(() => parsePressure(text)).toThrow('no "some" line');
  });
});

test('what is printed as the kernel prints it is read back the same', () => {
  const percent = fc.nat(10_000).map((hundredths) => hundredths / 100);
  const line = fc.record({ avg10: percent, avg60: percent, totalMicros: fc.nat({ max: 2 ** 52 }) });
  fc.assert(
    fc.property(line, fc.option(line), (some, full) => {
      const print = (word: string, { avg10, avg60, totalMicros }: typeof some): string =>
        `${word} avg10=${avg10.toFixed(2)} avg60=${avg60.toFixed(2)} avg300=0.00 total=${totalMicros}\n`;
      expect(parsePressure(print('some', some) + (full === null ? '' : print('full', full)))).toEqual({ some, full });
    }),
    { numRuns: 300 },
  );
});

test('any text gives figures or an error', () => {
  expectToBear((text) => {
    const { some, full } = parsePressure(text);
    for (const value of [...Object.values(some), ...Object.values(full ?? {})])
      expect(value).toSatisfy(Number.isFinite);
  }, samples);
});

test('a share that is no number does not pass for one', () => {
  expect(() => parsePressure('some avg10=1.2.3 avg60=0.00 avg300=0.00 total=0\n')).toThrow('no "some" line');
});

test('no text takes long', () => expectNoHang(parsePressure, [...samples, 'some avg10=', '1.']));
