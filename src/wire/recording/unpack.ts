import zlib from 'node:zlib';
import type { Packing } from './packing.ts';

/** Packed bytes at a time: what comes out of them is given on before the next are taken. */
const stepBytes = 16 * 1024;
/** Real streams shrink to a fiftieth or so; something that grows like this is made to fill the memory. */
const maxGrowth = 3000;
const growthFromBytes = 64 * 1024 * 1024;

/**
 * Unpacks a block as far as it goes. What comes before a damage is given before the error is thrown; a block that is cut
 * off, as that of a recorder that was killed, ends without one.
 *
 * @throws when the bytes are damaged, or grow beyond reason
 */
export async function* unpack(packing: Packing, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (packing === 'plain') {
    yield* bytes;
    return;
  }
  const unpacker = new Unpacker(packing);
  try {
    for await (const piece of bytes) {
      for (let start = 0; start < piece.length; start += stepBytes) {
        yield* unpacker.feed(piece.subarray(start, start + stepBytes));
      }
    }
  } finally {
    unpacker.close();
  }
}

class Unpacker {
  readonly #stream: zlib.Gunzip | zlib.ZstdDecompress;
  #unpacked: Buffer[] = [];
  #error: Error | null = null;
  #tookBytes = 0;
  #gaveBytes = 0;
  #wake: () => void = () => {};

  constructor(packing: 'gzip' | 'zstd') {
    this.#stream = packing === 'gzip' ? zlib.createGunzip() : zlib.createZstdDecompress();
    this.#stream.on('data', (chunk: Buffer) => {
      this.#gaveBytes += chunk.length;
      this.#unpacked.push(chunk);
      if (this.#gaveBytes < growthFromBytes || this.#gaveBytes < this.#tookBytes * maxGrowth) return;
      this.#stream.destroy(new Error('its data is larger than any recording once unpacked'));
    });
    this.#stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  async *feed(piece: Buffer): AsyncGenerator<Buffer> {
    this.#tookBytes += piece.length;
    if (this.#error === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#stream.write(piece, () => resolve());
      });
    }
    yield* this.#unpacked.splice(0);
    if (this.#error !== null) throw this.#error;
  }

  close(): void {
    this.#stream.destroy();
  }
}
