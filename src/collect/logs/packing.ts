import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';

const chunkBytes = 1024 ** 2;

/** Bytes from which the packing of a file is known. */
export const magicBytes = 8;

/** What packs a log, by its first bytes, whatever its name; null when it is a text. Only gzip and zstd can be unpacked here. */
export function packingOf(bytes: Uint8Array): 'gzip' | 'zstd' | 'xz' | 'bzip2' | null {
  const starts = (...magic: readonly number[]): boolean => magic.every((byte, index) => bytes[index] === byte);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz';
  return starts(0x42, 0x5a, 0x68) ? 'bzip2' : null;
}

/** Unpacks a stream. Of zstd with windows of up to 128 MiB, which `zstd --long` writes. */
export function unpackerFor(packing: 'gzip' | 'zstd'): zlib.Gunzip | zlib.ZstdDecompress {
  return packing === 'gzip'
    ? zlib.createGunzip({ chunkSize: chunkBytes })
    : zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: 27 }, chunkSize: chunkBytes });
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
    for await (const chunk of chunks) {
      kept.push(chunk);
      length += chunk.length;
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
