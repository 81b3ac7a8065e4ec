import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { contentOf, howToRead } from './content.ts';
import { Utf16Text } from './utf16.ts';

const chunkBytes = 1024 ** 2;

/** Unpacks a stream. Of zstd with windows of up to 128 MiB, which `zstd --long` writes. */
export function unpackerFor(packing: 'gzip' | 'zstd'): zlib.Gunzip | zlib.ZstdDecompress {
  return packing === 'gzip'
    ? zlib.createGunzip({ chunkSize: chunkBytes })
    : zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: 27 }, chunkSize: chunkBytes });
}

/** @throws when what was packed is no text */
async function* textOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let wide: Utf16Text | null = null;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) {
      const content = contentOf(chunk);
      const refusal = howToRead(content);
      if (refusal !== null) throw new Error(`it holds ${refusal}`);
      if (content === 'utf16le' || content === 'utf16be') wide = new Utf16Text(content);
    }
    isFirst = false;
    yield wide === null ? chunk : wide.take(chunk);
  }
}

/**
 * The end of a packed log, unpacked, in memory for that end alone.
 *
 * @param keepBytes how much of its end
 * @returns how many bytes came before it
 */
export async function unpackEnd(
  path: string,
  packing: 'gzip' | 'zstd',
  keepBytes: number,
): Promise<{ readonly bytes: Buffer; readonly skippedBytes: number }> {
  const kept: Buffer[] = [];
  let length = 0;
  let skippedBytes = 0;
  const keep = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const part of textOf(chunks)) {
      kept.push(part);
      length += part.length;
      for (let [first] = kept; first !== undefined && length - first.length >= keepBytes; [first] = kept) {
        kept.shift();
        length -= first.length;
        skippedBytes += first.length;
      }
    }
  };
  // Every error of every stream ends here: with compose() a late one of the unpacker ended the process.
  await pipeline(fs.createReadStream(path, { highWaterMark: chunkBytes }), unpackerFor(packing), keep);
  return { bytes: Buffer.concat(kept), skippedBytes };
}
