import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernelAtLeast } from '../../src/base/kernel-release.ts';
import { expectNoHang, expectToBear } from '../parse/any-text.ts';

test.each([
  ['3.10.0-1127.el7.x86_64', 3, 10, true],
  ['3.10.0-1127.el7.x86_64', 3, 18, false],
  ['4.19.25', 4, 2, true],
  ['5.4.0-150-generic', 4, 18, true],
  ['6.8.0', 6, 8, true],
  ['6.7.12', 6, 8, false],
  ['6.10.3', 6, 8, true],
  ['10.0', 6, 8, true],
  ['6.18.44-fc', 6, 18, true],
])('%s at least %i.%i: %s', (release, major, minor, expected) => {
  expect(kernelAtLeast(release, major, minor)).toBe(expected);
});

test.each(['', 'x', '6', 'v6.8', '-6.8'])('a release that cannot be read, as %j, is old', (release) => {
  expect(kernelAtLeast(release, 0, 0)).toBe(false);
});

test('releases are in the order of their numbers', () => {
  const number = fc.nat(99);
  fc.assert(
    fc.property(number, number, number, number, (a, b, c, d) => {
      expect(kernelAtLeast(`${a}.${b}.7-x`, c, d)).toBe(a * 100 + b >= c * 100 + d);
    }),
    { numRuns: 500 },
  );
});

test('any text gives an answer', () => expectToBear((text) => kernelAtLeast(text, 6, 8), ['6.18.44-fc', '3.10.0']));

test('no text takes long', () => expectNoHang((text) => kernelAtLeast(text, 6, 8), ['6', '6.', '.']));
