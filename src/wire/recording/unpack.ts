import { finished } from 'node:stream';
import zlib from 'node:zlib';
import type { Packing } from './packing.ts';

/** Packed bytes at a time: what comes out of them is given on before the next are taken. */
const stepBytes = 16 * 1024;
/** Real streams shrink to a fiftieth or so; something that grows like this is made to fill the memory. */
const maxGrowth = 3000;
const growthFromBytes = 64 * 1024 * 1024;

/**
 * Unpacks a block as far as it goes. What comes before a damage is given before the error is thrown.
 *
 * @param mayBeCut the last block of a file ends anywhere when its recorder was killed, and that is no error
 * @throws when the bytes are damaged, or grow beyond reason
 */
export async function* unpack(
  packing: Packing,
  bytes: AsyncIterable<Buffer>,
  mayBeCut: boolean,
): AsyncGenerator<Buffer> {
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
    if (!mayBeCut) yield* unpacker.end();
  } finally {
    unpacker.close();
  }
}

class Unpacker {
  readonly #packing: 'gzip' | 'zstd';
  #stream: zlib.Gunzip | zlib.ZstdDecompress;
  #unpacked: Buffer[] = [];
  #error: Error | null = null;
  #tookBytes = 0;
  #gaveBytes = 0;
  #wake: () => void = () => {};

  constructor(packing: 'gzip' | 'zstd') {
    this.#packing = packing;
    this.#stream = this.#open();
  }

  async *feed(piece: Buffer): AsyncGenerator<Buffer> {
    this.#tookBytes += piece.length;
    for (let rest = piece; rest.length > 0; ) {
      rest = rest.subarray(await this.#take(rest));
      yield* this.#given();
      // Node's decompressor of zstd ends after one frame, whatever follows in what it was given.
      if (rest.length > 0) this.#stream = this.#open();
    }
  }

  async *end(): AsyncGenerator<Buffer> {
    await new Promise<void>((resolve) => {
      finished(this.#stream, () => resolve());
      this.#stream.end();
    });
    yield* this.#given();
  }

  close(): void {
    this.#stream.destroy();
  }

  #open(): zlib.Gunzip | zlib.ZstdDecompress {
    const stream = this.#packing === 'gzip' ? zlib.createGunzip() : zlib.createZstdDecompress();
    stream.on('data', (chunk: Buffer) => {
      this.#gaveBytes += chunk.length;
      this.#unpacked.push(chunk);
      if (this.#gaveBytes < growthFromBytes || this.#gaveBytes < this.#tookBytes * maxGrowth) return;
      stream.destroy(new Error('its data is larger than any recording once unpacked'));
    });
    stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
    return stream;
  }

  /** Gives how many of the bytes were taken: all of them, unless a frame ends before. */
  async #take(bytes: Buffer): Promise<number> {
    const before = this.#stream.bytesWritten;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stream.write(bytes, () => resolve());
    });
    return this.#error === null ? this.#stream.bytesWritten - before : bytes.length;
  }

  *#given(): Generator<Buffer> {
    yield* this.#unpacked.splice(0);
    if (this.#error !== null) throw this.#error;
  }
}
