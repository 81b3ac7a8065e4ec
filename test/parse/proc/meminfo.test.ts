import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMeminfo } from '../../../src/parse/proc/meminfo.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const text = `MemTotal:       24684084 kB
MemFree:        23375620 kB
MemAvailable:   24181916 kB
Active(anon):     120340 kB
Inactive(file):   600120 kB
Dirty:              4596 kB
Writeback:             0 kB
WritebackTmp:          0 kB
HugePages_Total:       7
Hugepagesize:       2048 kB
DirectMap4k:      139264 kB
`;

test('sizes come in bytes, counts as they are', () => {
  const memory = parseMeminfo(text);
  expect(memory.get('MemTotal')).toBe(24684084 * 1024);
  expect(memory.get('HugePages_Total')).toBe(7);
});

test('a name with parentheses is a name', () => {
  expect(parseMeminfo(text).get('Active(anon)')).toBe(120340 * 1024);
});

test('Writeback is not mistaken for WritebackTmp, and nothing is zero although it is there', () => {
  const memory = parseMeminfo(text.replace('WritebackTmp:          0', 'WritebackTmp:          9'));
  expect(memory.get('Writeback')).toBe(0);
});

test('an old kernel without MemAvailable has none', () => {
  expect(parseMeminfo('MemTotal: 100 kB\nMemFree: 50 kB\n').get('MemAvailable')).toBeUndefined();
});

test('a line without a number does not take that of the next', () => {
  expect(parseMeminfo('Dirty:\nWriteback:  3 kB\n').get('Dirty')).toBeUndefined();
});

test('what is printed as the kernel prints it is read back the same', () => {
  const name = fc.stringMatching(/^[A-Z][A-Za-z_]{0,18}(\([a-z]{1,6}\))?$/);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, fc.nat(), fc.boolean()), { selector: ([key]) => key }), (entries) => {
      const printed = entries
        .map(([key, value, sized]) => `${`${key}:`.padEnd(16)}${String(value).padStart(8)}${sized ? ' kB' : ''}\n`)
        // A name of 16 characters or more touches its figure only in this test: the kernel always leaves a space.
        .map((line) => line.replace(/:(?=\d)/, ': '))
        .join('');
      const expected = entries.map(([key, value, sized]) => [key, sized ? value * 1024 : value] as const);
      const memory = parseMeminfo(printed);
      expect(expected.map(([key]) => [key, memory.get(key)])).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('any text gives figures', () => expectToBear((any) => parseMeminfo(any).get('Dirty'), [text]));

test('no text takes long', () =>
  expectNoHang((any) => parseMeminfo(any).get('Dirty'), [text, 'Dirty:\n', 'Dirty: ', ':', '()', 'Dirty:']));
