import { expect, test } from 'vitest';
import { parseFileHandles } from '../../../src/parse/proc/file-nr.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

test('allocated, free and highest number', () => {
  expect(parseFileHandles('661\t0\t2466183\n')).toEqual({ allocated: 661, free: 0, max: 2_466_183 });
});

test('no limit is the largest number of the kernel', () => {
  expect(parseFileHandles('661\t0\t9223372036854775807\n').max).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
});

test.each(['', '1 2', '1\t2\tx', '1\t2\t3\t4'])('%j is refused', (text) => {
  expect(() => parseFileHandles(text)).toThrow('/proc/sys/fs/file-nr');
});

test('any text gives numbers or an error', () => expectToBear(parseFileHandles, ['661\t0\t2466183\n']));

test('no text takes long', () => expectNoHang(parseFileHandles, ['1\t', '\t0']));
