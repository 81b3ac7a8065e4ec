import zlib from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unpack } from '../../../src/wire/recording/unpack.ts';

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function textOf(packing: 'gzip' | 'zstd', bytes: Buffer, length: number, mayBeCut = false): Promise<string> {
  const got: Buffer[] = [];
  for await (const piece of unpack(packing, pieces(bytes, length), mayBeCut)) got.push(piece);
  return Buffer.concat(got).toString();
}

const packers = { gzip: zlib.gzipSync, zstd: zlib.zstdCompressSync };

test.each(['gzip', 'zstd'] as const)(
  'all members and frames of %s are unpacked, however they arrive',
  async (packing) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 200 }),
        async (texts, length) => {
          const bytes = Buffer.concat(texts.map((text) => packers[packing](Buffer.from(text))));
          expect(await textOf(packing, bytes, length)).toBe(texts.join(''));
        },
      ),
    );
  },
);

test.each(['gzip', 'zstd'] as const)('%s that is cut off is an error unless it may be', async (packing) => {
  const bytes = packers[packing](Buffer.from('0123456789'.repeat(100))).subarray(0, -3);
  await expect(textOf(packing, bytes, 8)).rejects.toThrow();
  await expect(textOf(packing, bytes, 8, true)).resolves.toMatch(/^(?:0123|$)/);
});

test.each(['gzip', 'zstd'] as const)(
  'bytes behind the end of %s that are no such thing are an error',
  async (packing) => {
    const bytes = Buffer.concat([packers[packing](Buffer.from('text')), Buffer.from('something else')]);
    await expect(textOf(packing, bytes, 1000)).rejects.toThrow();
    await expect(textOf(packing, bytes, 1)).rejects.toThrow();
  },
);
