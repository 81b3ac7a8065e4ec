import zlib from 'node:zlib';
import { headerStart } from './lines.ts';

/** How the lines are packed: not at all, as gzip members (RFC 1952), as zstd frames (RFC 8878). */
export type Packing = 'plain' | 'gzip' | 'zstd';

/** The packing that a file's name asks for. */
export function packingOfName(file: string): Packing {
  return file.endsWith('.gz') ? 'gzip' : file.endsWith('.zst') ? 'zstd' : 'plain';
}

/** The packing of a file by its first bytes; names lie. */
export function packingOfBytes(head: Buffer): Packing {
  if (head.length >= 2 && head.readUInt16BE() === 0x1f8b) return 'gzip';
  if (head.length < 4) return 'plain';
  const magic = head.readUInt32LE();
  return magic === zstdMagic || (magic & 0xfffffff0) >>> 0 === zstdSkippable ? 'zstd' : 'plain';
}

const zstdMagic = 0xfd2fb528;
const zstdSkippable = 0x184d2a50;
/** JSON has no control characters, so no line can look like this. */
const markerText = Buffer.from('rtwatch\x01', 'latin1');
const markerDataLength = markerText.length + 12;
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, markerDataLength + 4, 0, 0x52, 0x57]);
/** An empty block of deflate, the checksum of nothing and the length of nothing. */
const gzipEnd = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/**
 * What stands before each block, so that it is found without unpacking what is before it: an empty gzip member with an extra
 * field, or a skippable zstd frame, which every program that unpacks passes over. Empty for plain files: there the header
 * line is found.
 *
 * @param at milliseconds since 1970
 */
export function blockMarker(packing: Packing, block: number, at: number): Buffer {
  if (packing === 'plain') return Buffer.alloc(0);
  const data = Buffer.alloc(markerDataLength);
  markerText.copy(data);
  data.writeDoubleLE(at, markerText.length);
  data.writeUInt32LE(block % 2 ** 32, markerText.length + 8);
  const length = Buffer.alloc(packing === 'gzip' ? 2 : 8);
  if (packing === 'gzip') {
    length.writeUInt16LE(markerDataLength);
    return Buffer.concat([gzipHead, length, data, gzipEnd]);
  }
  length.writeUInt32LE(zstdSkippable);
  length.writeUInt32LE(markerDataLength, 4);
  return Buffer.concat([length, data]);
}

/** Where a block begins in a file. */
export interface BlockPlace {
  readonly offset: number;
  /** Where its packed lines begin: beyond the marker. */
  readonly dataOffset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** No marker and no header's beginning is longer. */
export const longestMarker = 200;

/** The blocks that begin in a piece of a file, except within its last `longestMarker` bytes if more follows. */
export function findBlocks(packing: Packing, piece: Buffer, offset: number, moreFollows: boolean): BlockPlace[] {
  const end = moreFollows ? piece.length - longestMarker : piece.length;
  const places: BlockPlace[] = [];
  const wanted = packing === 'plain' ? Buffer.from(headerStart) : markerText;
  for (let at = piece.indexOf(wanted); at !== -1; at = piece.indexOf(wanted, at + 1)) {
    const found = packing === 'plain' ? plainBlock(piece, at, offset) : markedBlock(packing, piece, at);
    if (found === null || found.offset >= end) continue;
    places.push({ ...found, offset: found.offset + offset, dataOffset: found.dataOffset + offset });
  }
  return places;
}

function markedBlock(packing: Packing, piece: Buffer, at: number): BlockPlace | null {
  const before = packing === 'gzip' ? gzipHead.length + 2 : 8;
  const start = at - before;
  const dataOffset = at + markerDataLength + (packing === 'gzip' ? gzipEnd.length : 0);
  if (start < 0 || at + markerDataLength > piece.length) return null;
  const time = piece.readDoubleLE(at + markerText.length);
  const marker = blockMarker(packing, piece.readUInt32LE(at + markerText.length + 8), time);
  if (!Number.isFinite(time) || !piece.subarray(start, dataOffset).equals(marker)) return null;
  return { offset: start, dataOffset, at: time };
}

function plainBlock(piece: Buffer, at: number, offset: number): BlockPlace | null {
  const isLineStart = at === 0 ? offset === 0 : piece[at - 1] === 0x0a;
  const time = /^[^\n]{0,100}?"at":(\d{1,16})[,}.]/.exec(piece.toString('latin1', at, at + longestMarker))?.[1];
  return isLineStart && time !== undefined ? { offset: at, dataOffset: at, at: Number(time) } : null;
}

/** Packs the lines of one block. */
export class Packer {
  readonly #stream: zlib.Gzip | zlib.ZstdCompress | null;
  #packed: Buffer[] = [];

  constructor(packing: Packing) {
    this.#stream = packing === 'plain' ? null : packing === 'gzip' ? zlib.createGzip() : zlib.createZstdCompress();
    this.#stream?.on('data', (chunk: Buffer) => this.#packed.push(chunk));
  }

  /** The bytes to write now: with them, all lines so far can be read back. */
  async pack(text: string): Promise<Buffer> {
    const stream = this.#stream;
    if (stream === null) return Buffer.from(text);
    if (text === '') return Buffer.alloc(0);
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      stream.write(text);
      stream.flush(() => {
        stream.off('error', reject);
        resolve();
      });
    });
    return this.#take();
  }

  /** The bytes that end the block. */
  async end(): Promise<Buffer> {
    const stream = this.#stream;
    if (stream === null) return Buffer.alloc(0);
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject);
      stream.once('end', resolve);
      stream.end();
    });
    return this.#take();
  }

  #take(): Buffer {
    return Buffer.concat(this.#packed.splice(0));
  }
}

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
      this.#stream.destroy(new Error('it unpacks to more than any recording does'));
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
