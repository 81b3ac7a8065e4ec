import { expect, test } from 'vitest';
import { parsePidIo } from '../../../../src/parse/proc/pid/io.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

/** Of a dockerd. */
const text = `rchar: 5070316
wchar: 4962522
syscr: 2058
syscw: 965
read_bytes: 86369280
write_bytes: 3559424
cancelled_write_bytes: 61440
`;

test('the bytes at the storage layer are reported, not those of the system calls', () => {
  expect(parsePidIo(text)).toEqual({ readBytes: 86369280, writeBytes: 3559424 });
});

test('write_bytes is not mistaken for cancelled_write_bytes', () => {
  expect(() => parsePidIo(text.replace('\nwrite_bytes: 3559424', ''))).toThrow('no write_bytes');
});

test('the empty file of a process that has ended is refused', () => {
  expect(() => parsePidIo('')).toThrow('no read_bytes');
});

test('any text gives figures or an error', () => expectToBear(parsePidIo, [text]));

test('no text takes long', () => expectNoHang(parsePidIo, [text, 'read_bytes: ', 'read_bytes: 1']));
