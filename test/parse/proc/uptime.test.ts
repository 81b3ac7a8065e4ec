import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUptime } from '../../../src/parse/proc/uptime.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

test('the seconds since boot come first', () => {
  expect(parseUptime('1470.88 2499.48\n')).toBe(1470.88);
});

test('years of it are reported to the hundredth', () => {
  expect(parseUptime('126230400.07 1009843200.55\n')).toBe(126230400.07);
});

test.each(['', '\n', 'x', ' 1 2', '-3.5 1\n', '.5 1\n'])('%j is refused', (text) => {
  expect(() => parseUptime(text)).toThrow('not an uptime file');
});

test('what is printed as the kernel prints it is read back the same', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(99), fc.nat(), (seconds, hundredths, idle) => {
      const printed = `${seconds}.${String(hundredths).padStart(2, '0')}`;
      expect(parseUptime(`${printed} ${idle}.00\n`)).toBe(Number(printed));
    }),
  );
});

test('any text gives a number or an error', () => expectToBear(parseUptime, ['1470.88 2499.48\n']));

test('no text takes long', () => expectNoHang(parseUptime, ['1', '1.', '1.1 ']));
