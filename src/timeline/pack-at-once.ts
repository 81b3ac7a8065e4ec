import zlib from 'node:zlib';
import { zstdOptions } from '../wire/recording/packing.ts';

/** What was packed in memory. */
export interface Packed {
  readonly bytes: Buffer;
  /** Bytes before it was packed. */
  readonly length: number;
}

/** The least that Node.js takes. */
const smallestChunk = 64;

/**
 * Packs what is in memory, to be kept there. The raw bytes are given up.
 *
 * Node.js makes the answer of chunks that it cuts from blocks of 64 KiB, and returns a part of one: a few kilobytes would keep all of it. And
 * megabytes of such chunks leave holes in the heap of malloc(3), which gives a block of 128 KiB or more back to the kernel by itself.
 */
export function packAtOnce(raw: Buffer): Packed {
  const { length } = raw;
  const packed = zlib.zstdCompressSync(raw, { ...zstdOptions, chunkSize: chunkFor(length) });
  const bytes = Buffer.allocUnsafeSlow(packed.length);
  packed.copy(bytes);
  release(packed);
  release(raw);
  return { bytes, length };
}

/** @param use gets the raw bytes, which are given up afterwards */
export function unpackAtOnce<T>({ bytes, length }: Packed, use: (raw: Buffer) => T): T {
  const raw = zlib.zstdDecompressSync(bytes, { chunkSize: chunkFor(length) });
  const used = use(raw);
  release(raw);
  return used;
}

/** One more than it takes: when a chunk is full Node.js makes another. */
function chunkFor(length: number): number {
  return Math.max(smallestChunk, length + 1);
}

/** Gives memory back at once: on a calm node the garbage collector does it minutes later. A small buffer shares its memory with others. */
function release({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
