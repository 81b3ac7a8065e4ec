import zlib from 'node:zlib';

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
/** The first of the sixteen numbers that begin a frame without data. */
export const zstdSkippable = 0x184d2a50;

const { ZSTD_c_compressionLevel, ZSTD_c_windowLog } = zlib.constants;

/**
 * A window of 8 MiB reaches back over the seconds in which most readings come again: with it plain Samples take two fifths of the
 * space, and less CPU. It is the largest that every reader of zstd must know (RFC 8878, 3.1.1.1.2). Higher levels and
 * long-distance matching cost more CPU and save little (measured: `docs/recordings.md`).
 */
export const zstdOptions = { params: { [ZSTD_c_compressionLevel]: 3, [ZSTD_c_windowLog]: 23 } };

/** Packs the lines of one block. */
export class Packer {
  readonly #stream: zlib.Gzip | zlib.ZstdCompress | null;
  #packed: Buffer[] = [];

  constructor(packing: Packing) {
    this.#stream =
      packing === 'plain' ? null : packing === 'gzip' ? zlib.createGzip() : zlib.createZstdCompress(zstdOptions);
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
