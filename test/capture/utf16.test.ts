import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readGoroutines } from '../../src/capture/goroutines/reader.ts';
import { isUtf16, utf8OfUtf16 } from '../../src/capture/utf16.ts';
import type { Goroutine } from '../../src/sample/goroutines.ts';

const text = 'Größe 😀\n';
const wide = Buffer.from(`\ufeff${text}`, 'utf16le');

async function read(bytes: Buffer, each: number): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / each) }, (_, n) =>
    bytes.subarray(n * each, (n + 1) * each),
  );
  const parts: Buffer[] = [];
  for await (const part of utf8OfUtf16(Readable.from(chunks))) parts.push(part);
  return Buffer.concat(parts).toString();
}

test.each([1, 2, 3, 7, 1000])('UTF-16 that comes %i bytes at a time becomes UTF-8', async (each) => {
  expect(await read(wide, each)).toBe(text);
  expect(await read(Buffer.from(wide).swap16(), each)).toBe(text);
});

test('only a mark says that a text is UTF-16', () => {
  expect(isUtf16(wide)).toBe(true);
  expect(isUtf16(wide.subarray(2))).toBe(false);
  expect(isUtf16(Buffer.alloc(0))).toBe(false);
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
