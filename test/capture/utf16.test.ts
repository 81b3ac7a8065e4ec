import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readGoroutines } from '../../src/capture/goroutines/reader.ts';
import { utf8OfUtf16 } from '../../src/capture/utf16.ts';
import { type Utf16, utf16Of } from '../../src/collect/logs/utf16.ts';
import type { Goroutine } from '../../src/sample/goroutines.ts';

const text = 'Größe 😀\n';
const wide = Buffer.from(`\ufeff${text}`, 'utf16le');

async function read(bytes: Buffer, form: Utf16, each: number): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / each) }, (_, n) =>
    bytes.subarray(n * each, (n + 1) * each),
  );
  const parts: Buffer[] = [];
  for await (const part of utf8OfUtf16(Readable.from(chunks), form)) parts.push(part);
  return Buffer.concat(parts).toString();
}

test.each([1, 2, 3, 7, 1000])('UTF-16 that comes %i bytes at a time becomes UTF-8', async (each) => {
  expect(await read(wide, 'utf16le', each)).toBe(text);
  expect(await read(Buffer.from(wide).swap16(), 'utf16be', each)).toBe(text);
});

test('a mark says that a text is UTF-16, or the zero bytes beside Latin letters', () => {
  const line = Buffer.from('Nov 21 12:00:00 node kernel: Größe\n', 'utf16le');
  expect(utf16Of(wide)).toBe('utf16le');
  expect(utf16Of(Buffer.from(wide).swap16())).toBe('utf16be');
  expect(utf16Of(line)).toBe('utf16le');
  expect(utf16Of(Buffer.from(line).swap16())).toBe('utf16be');
  expect(utf16Of(wide.subarray(2))).toBeNull();
  expect(utf16Of(Buffer.alloc(0))).toBeNull();
  expect(utf16Of(Buffer.alloc(100))).toBeNull();
  expect(utf16Of(Buffer.from('Nov 21 12:00:00 node kernel: '.repeat(9)))).toBeNull();
});

test('a goroutine dump in UTF-16 is read', async () => {
  const dump = '\ufeffgoroutine 1 [select, 3 minutes]:\r\nmain.main()\r\n\t/a.go:1\r\n\r\n';
  const goroutines: Goroutine[] = [];
  await readGoroutines(Readable.from([Buffer.from(dump, 'utf16le')]), {
    add: (goroutine) => goroutines.push(goroutine),
    addRepeat: () => {},
  });
  expect(goroutines).toMatchObject([{ state: 'select', waitMinutes: 3 }]);
});
