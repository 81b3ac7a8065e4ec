import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Sample } from '../../sample/sample.ts';
import { Lines, NewerWire } from '../ndjson.ts';
import { NewerRecording, RecordingDecoder } from './lines.ts';
import { type BlockPlace, findBlocks, longestMarker, type Packing, packingOfBytes, unpack } from './packing.ts';

/** A recording that is open for reading. Only what is asked for is read; nothing is kept. */
export interface RecordingFile {
  readonly path: string;
  /** The first and the last moment, in milliseconds since 1970 by the node's clock. */
  readonly from: number;
  readonly to: number;
  /** How many places there are from which reading can start. */
  readonly blocks: number;
  /**
   * The Samples in the order they were taken, from a moment on: first the newest reading of every source from before the
   * block that holds the moment, then that block from its start (five minutes before the moment at most), then the rest.
   * Whoever wants the history that a moment stands on asks for `replayHistoryMs` earlier.
   *
   * @throws RecordingError when a newer rtwatch wrote it, or the file cannot be read any more
   */
  readonly samplesFrom: (at: number) => AsyncGenerator<Sample>;
  /** When the newest Sample at or before a moment was taken; null when there is none. */
  readonly lastBefore: (at: number) => Promise<number | null>;
  /** What could not be read so far. A tail that is cut off is no damage: whoever recorded was killed, or still records. */
  readonly damage: () => Damage;
  readonly close: () => Promise<void>;
}

export interface Damage {
  /** Blocks of which something was passed over. */
  readonly blocks: number;
  /** Where and what the first is; null when there are none. */
  readonly first: string | null;
}

/** How much of the past is replayed to look at a moment: all that any view shows, but for the growth over an hour. */
export const replayHistoryMs = 600_000;

/** A file that cannot be taken for a recording, or not by this program; the message names the file. */
export class RecordingError extends Error {}

/** A block that we wrote is not longer; a stream that someone else packed is one block as a whole. */
const longestBlockMs = 300_000;
const maxDamages = 1000;
const scanBytes = 4 * 1024 * 1024;
const readBytes = 256 * 1024;

/**
 * Opens a recording: what `rtwatch record` writes, or the plain stream of `rtwatch sample`, packed with gzip or zstd or
 * not; the name does not matter. Finds the blocks by their markers, which takes a pass over the bytes without unpacking
 * them (a day of a busy node: a tenth of a second).
 *
 * @throws RecordingError
 */
export async function openRecording(path: string): Promise<RecordingFile> {
  const file = await openForReading(path);
  try {
    const reader = new Reader(path, file);
    await reader.find();
    return reader;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK a FIFO would keep us until somebody writes to it.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error('it is no regular file');
  } catch (error) {
    throw new RecordingError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

interface Block extends BlockPlace {
  readonly end: number;
}

class Reader implements RecordingFile {
  readonly path: string;
  readonly #file: FileHandle;
  #packing: Packing = 'plain';
  #blocks: readonly Block[] = [];
  readonly #damages = new Map<number, string>();
  from = 0;
  to = 0;

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  get blocks(): number {
    return this.#blocks.length;
  }

  readonly damage = (): Damage => {
    const first = [...this.#damages].sort(([a], [b]) => a - b)[0];
    return { blocks: this.#damages.size, first: first?.[1] ?? null };
  };

  readonly close = (): Promise<void> => this.#file.close();

  async find(): Promise<void> {
    const { size } = await this.#file.stat();
    this.#packing = packingOfBytes(await this.#readAt(0, 4));
    const places = await this.#scan(size);
    this.#blocks = places.map((place, i) => ({ ...place, end: places[i + 1]?.offset ?? size }));
    const from = await this.#firstAt();
    const to = await this.lastBefore(Number.POSITIVE_INFINITY);
    if (from === null || to === null) throw new RecordingError(`${this.path}: ${this.#whyNothing(size)}`);
    this.from = from;
    this.to = to;
  }

  readonly samplesFrom = (at: number): AsyncGenerator<Sample> => this.#samplesFrom(at);

  readonly lastBefore = async (at: number): Promise<number | null> => {
    for (let i = this.#blockOf(at); i >= 0; i--) {
      let last: number | null = null;
      for await (const { sample, carried } of this.#samplesOf(this.#blocks[i])) {
        if (sample.at > at) break;
        if (!carried) last = sample.at;
      }
      if (last !== null) return last;
    }
    return null;
  };

  async *#samplesFrom(at: number): AsyncGenerator<Sample> {
    for (const [i, block] of this.#blocks.slice(this.#blockOf(at)).entries()) {
      for await (const { sample, carried } of this.#samplesOf(block)) {
        if (carried ? i === 0 : i > 0 || sample.at >= at - longestBlockMs) yield sample;
      }
    }
  }

  #blockOf(at: number): number {
    return Math.max(
      0,
      this.#blocks.findLastIndex((block) => block.at <= at),
    );
  }

  async *#samplesOf(block: Block | undefined): AsyncGenerator<{ readonly sample: Sample; readonly carried: boolean }> {
    if (block === undefined) return;
    const decoder = new RecordingDecoder();
    const text = new StringDecoder('utf8');
    const lines = new Lines();
    let number = 0;
    try {
      for await (const bytes of unpack(this.#packing, this.#bytesOf(block))) {
        for (const line of lines.feed(text.write(bytes))) {
          number++;
          try {
            const decoded = decoder.decode(line);
            if (decoded.header === null) yield decoded;
          } catch (error) {
            this.#judge(error, block, number);
          }
        }
      }
    } catch (error) {
      this.#judge(error, block, number + 1);
      return;
    }
    const last = this.#decodeTail(decoder, lines.rest() + text.end(), block, number + 1);
    if (last !== null) yield last;
  }

  /** A line without its end is whole, or was cut off: at the end of the file that is no damage. */
  #decodeTail(
    decoder: RecordingDecoder,
    line: string,
    block: Block,
    number: number,
  ): { sample: Sample; carried: boolean } | null {
    if (line === '') return null;
    try {
      const decoded = decoder.decode(line);
      return decoded.header === null ? decoded : null;
    } catch (error) {
      const isEnd = block === this.#blocks.at(-1) && error instanceof SyntaxError;
      if (!isEnd) this.#judge(error, block, number);
      return null;
    }
  }

  #judge(error: unknown, block: Block, line: number): void {
    if (error instanceof RecordingError) throw error;
    if (error instanceof NewerRecording || error instanceof NewerWire) {
      throw new RecordingError(`${this.path}: ${error.message}`);
    }
    if (this.#damages.has(block.offset) || this.#damages.size >= maxDamages) return;
    this.#damages.set(block.offset, `block at byte ${block.offset}, line ${line}: ${reasonOf(error)}`);
  }

  /** Blocks by their markers; of a stream without any, lines to start from, or the whole. */
  async #scan(size: number): Promise<readonly BlockPlace[]> {
    const places: BlockPlace[] = [];
    const starts: BlockPlace[] = [];
    let offset = 0;
    while (offset < size) {
      const piece = await this.#readAt(offset, Math.min(scanBytes, size - offset));
      if (piece.length === 0) break;
      const moreFollows = offset + piece.length < size && piece.length > longestMarker;
      places.push(...findBlocks(this.#packing, piece, offset, moreFollows));
      const start = this.#packing === 'plain' ? lineStart(piece, offset) : null;
      if (start !== null) starts.push(start);
      offset += moreFollows ? piece.length - longestMarker : piece.length;
    }
    const known = places.length > 0 ? places : starts;
    // What stands before the first that is found may be readable too.
    return known[0]?.offset === 0 ? known : [{ offset: 0, dataOffset: 0, at: known[0]?.at ?? 0 }, ...known];
  }

  async #firstAt(): Promise<number | null> {
    for (const block of this.#blocks) {
      for await (const { sample, carried } of this.#samplesOf(block)) if (!carried) return sample.at;
    }
    return null;
  }

  #whyNothing(size: number): string {
    const { first } = this.damage();
    if (size === 0) return 'the file is empty';
    return `there is no sample in it${first === null ? '' : ` (${first})`}`;
  }

  async *#bytesOf(block: Block): AsyncGenerator<Buffer> {
    let offset = block.dataOffset;
    while (offset < block.end) {
      const bytes = await this.#readAt(offset, Math.min(readBytes, block.end - offset));
      if (bytes.length === 0) return;
      yield bytes;
      offset += bytes.length;
    }
  }

  async #readAt(offset: number, length: number): Promise<Buffer> {
    try {
      const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      throw new RecordingError(`${this.path} cannot be read at byte ${offset}: ${reasonOf(error)}`);
    }
  }
}

/** A place to start from in a plain stream, where every line is whole: the first line that begins in a piece. */
function lineStart(piece: Buffer, offset: number): BlockPlace | null {
  const newline = offset === 0 ? -1 : piece.indexOf(0x0a);
  if (offset > 0 && newline === -1) return null;
  const start = newline + 1;
  const at = /^\{"v":\d+,"seq":\d+,"at":(\d{1,16})[,.]/.exec(piece.toString('latin1', start, start + 100))?.[1];
  return at === undefined ? null : { offset: offset + start, dataOffset: offset + start, at: Number(at) };
}

/** What the file holds must not reach the screen through an error. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'this is not JSON';
  return error instanceof Error ? error.message.replace(/, \w+(?: '.*')?$/, '') : String(error);
}
