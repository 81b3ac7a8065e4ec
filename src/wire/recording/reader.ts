import type { Sample } from '../../sample/sample.ts';
import type { Misfit } from '../../sample/schema/shape.ts';
import { type Complaint, Complaints } from '../complaints.ts';
import { type CheckedLine, decodeLine, NoSample } from '../door.ts';
import { ListMemory } from '../list-memory.ts';
import { NewerWire } from '../ndjson.ts';
import { type Block, indexOf } from './block-index.ts';
import { linesOfBlock } from './block-lines.ts';
import { type Line, placeOf, reasonOf } from './line-place.ts';
import { headOf, type LineHead } from './lines.ts';
import { type Packing, packingOfBytes } from './packing.ts';
import { openForReading, type ReadableFile, RecordingError, readableBytes } from './readable-file.ts';
import { sealOf } from './seal.ts';

/** A recording that is open for reading. Only what is requested is read; nothing is kept. */
export interface RecordingFile {
  readonly path: string;
  /** The first and the last moment, in milliseconds since 1970 by the node's clock. */
  readonly from: number;
  readonly to: number;
  /** How many places there are from which reading can start. */
  readonly blocks: number;
  /**
   * The Samples in the order they were taken, from a moment on: first the newest reading of every source from before the
   * block that contains the moment, then that block from its start (five minutes before the moment at most), then the rest.
   * A caller that needs the history of a moment starts `replayHistoryMs` earlier.
   *
   * @throws RecordingError if a newer rtwatch wrote it, or the file cannot be read any more
   */
  readonly samplesFrom: (at: number) => AsyncGenerator<Sample>;
  /** When the newest Sample at or before a moment was taken; null when there is none. */
  readonly lastBefore: (at: number) => Promise<number | null>;
  /** What could not be read so far. A truncated tail is not damage: the recorder was killed, or still records. */
  readonly damage: () => Damage;
  /** Lines and readings of the wrong shape so far, which were skipped. */
  readonly complaints: () => readonly Complaint[];
  readonly close: () => Promise<void>;
}

interface Damage {
  /** Blocks of which something was passed over. */
  readonly blocks: number;
  /** Where and what the first is; null when there are none. */
  readonly first: string | null;
}

/** How much of the past is replayed to show a moment: all that any view shows, except the growth over an hour. */
export const replayHistoryMs = 600_000;

/** A block that we wrote is not longer; a stream that someone else packed is one block as a whole. */
const longestBlockMs = 300_000;
const maxDamages = 1000;
const readBytes = 256 * 1024;

/**
 * Opens a recording: what `rtwatch record` writes, or the plain stream of `rtwatch sample`, packed with gzip or zstd or
 * not; the name does not matter. Finds the blocks by their markers, which takes a pass over the bytes without unpacking
 * them (a day of a busy node: a tenth of a second).
 *
 * @param inMemory the recording, if it is no file; the path is then only its name
 * @throws RecordingError
 */
export async function openRecording(path: string, inMemory?: Buffer): Promise<RecordingFile> {
  const file = inMemory === undefined ? await openForReading(path) : readableBytes(inMemory);
  try {
    const reader = new Reader(path, file);
    await reader.find();
    return reader;
  } catch (error) {
    await file.close();
    throw error;
  }
}

class Reader implements RecordingFile {
  readonly path: string;
  readonly #file: ReadableFile;
  #packing: Packing = 'plain';
  #blocks: readonly Block[] = [];
  /** A line had its checksum: then every line of the file has one. */
  #isSealed = false;
  readonly #damages = new Map<number, string>();
  readonly #complaints = new Complaints();
  from = 0;
  to = 0;

  constructor(path: string, file: ReadableFile) {
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

  readonly complaints = (): readonly Complaint[] => this.#complaints.list;

  readonly close = (): Promise<void> => this.#file.close();

  async find(): Promise<void> {
    const { size } = await this.#file.stat();
    this.#packing = packingOfBytes(await this.#readAt(0, 4));
    this.#blocks = await indexOf((offset, length) => this.#readAt(offset, length), size, this.#packing);
    const from = await this.#firstAt();
    const to = await this.lastBefore(Number.POSITIVE_INFINITY);
    if (from === null || to === null) throw new RecordingError(`${this.path}: ${this.#whyNothing(size)}`, true);
    this.from = from;
    this.to = to;
  }

  readonly samplesFrom = (at: number): AsyncGenerator<Sample> => this.#samplesFrom(at);

  readonly lastBefore = async (at: number): Promise<number | null> => {
    for (let i = this.#blockOf(at); i >= 0; i--) {
      const last = await this.#lastOf(this.#blocks[i], at);
      if (last !== null) return last;
    }
    return null;
  };

  async *#samplesFrom(at: number): AsyncGenerator<Sample> {
    const from = at - longestBlockMs;
    // What a block repeats is for who starts there. Where a marker is damaged, two blocks are one.
    let isBegun = false;
    const lists = new ListMemory();
    for (const block of this.#blocks.slice(this.#blockOf(at))) {
      const isFirst = !isBegun;
      for await (const line of this.#linesOf(block)) {
        const head = this.#headOf(line, block);
        // What is passed over is not read whole, unless later lines may go by its lists: those are sealed.
        if (head?.carried && isBegun) continue;
        isBegun ||= head?.carried === false;
        if (isFirst && head?.carried === false && head.at < from && !this.#isSealed) continue;
        const decoded = this.#decode(line, block, lists);
        if (decoded === null) continue;
        const { sample, carried } = decoded;
        if (carried ? !isBegun : !isFirst || sample.at >= from) yield sample;
        isBegun ||= !carried;
      }
    }
  }

  #blockOf(at: number): number {
    return Math.max(
      0,
      this.#blocks.findLastIndex((block) => block.at <= at),
    );
  }

  /** When the newest Sample of a block at or before a moment was taken. */
  async #lastOf(block: Block | undefined, at: number): Promise<number | null> {
    if (block === undefined) return null;
    // The newest few: the last line may be cut off.
    const newest: Line[] = [];
    for await (const line of this.#linesOf(block)) {
      const head = this.#headOf(line, block) ?? this.#decodedHead(line, block);
      if (head === null || head.carried) continue;
      if (head.at > at) break;
      newest.push(line);
      if (newest.length > 3) newest.shift();
    }
    for (const line of newest.reverse()) {
      const decoded = this.#decode(line, block, null);
      if (decoded !== null) return decoded.sample.at;
    }
    return null;
  }

  /** Those that are as they were written. */
  async *#linesOf(block: Block): AsyncGenerator<Line> {
    const endsFile = block === this.#blocks.at(-1);
    try {
      for await (const line of linesOfBlock(this.#packing, this.#bytesOf(block), {
        beginsFile: block.offset === 0,
        endsFile,
      })) {
        const seal = sealOf(line.text);
        this.#isSealed ||= seal === 'right';
        if (seal === 'right' || (seal === 'none' && !this.#isSealed)) yield line;
        // The last line of a recorder that was killed is cut off.
        else if (!line.isTail || !endsFile) this.#judge(new Error('its checksum does not match'), block, line);
      }
    } catch (error) {
      this.#judge(error, block, null);
    }
  }

  #headOf(line: Line, block: Block): LineHead | null {
    try {
      return headOf(line.text);
    } catch (error) {
      this.#judge(error, block, line);
      return null;
    }
  }

  #decodedHead(line: Line, block: Block): LineHead | null {
    const decoded = this.#decode(line, block, null);
    return decoded === null ? null : { carried: decoded.carried, at: decoded.sample.at };
  }

  /** Null for a line that cannot be read. @param lists null if only its head is of interest */
  #decode(line: Line, block: Block, lists: ListMemory | null): CheckedLine | null {
    const complain = (misfits: readonly Misfit[], what: 'line' | 'reading'): void => {
      this.#complaints.take(`${block.offset}:${line.place}`, placeOf(line, block), misfits, what);
    };
    try {
      const decoded = decodeLine(line.text, lists ?? new ListMemory());
      complain(decoded.misfits, 'reading');
      // The line that has the list was damaged.
      if (lists !== null && decoded.missing.length > 0) this.#judge(new Error('a list is missing'), block, line);
      return decoded;
    } catch (error) {
      if (error instanceof NoSample) {
        complain([error.misfit], 'line');
        return null;
      }
      // A line without its end was cut off: at the end of the file that is no damage.
      const isCutOff = line.isTail && block === this.#blocks.at(-1) && error instanceof SyntaxError;
      if (!isCutOff) this.#judge(error, block, line);
      return null;
    }
  }

  #judge(error: unknown, block: Block, line: Line | null): void {
    if (error instanceof RecordingError) throw error;
    if (error instanceof NewerWire) throw new RecordingError(`${this.path}: ${error.message}`, true);
    if (this.#damages.has(block.offset) || this.#damages.size >= maxDamages) return;
    this.#damages.set(block.offset, `${placeOf(line, block)}: ${reasonOf(error)}`);
  }

  async #firstAt(): Promise<number | null> {
    for (const block of this.#blocks) {
      for await (const line of this.#linesOf(block)) {
        const decoded = this.#decode(line, block, null);
        if (decoded !== null && !decoded.carried) return decoded.sample.at;
      }
    }
    return null;
  }

  #whyNothing(size: number): string {
    const first = this.damage().first ?? this.complaints()[0]?.words;
    if (size === 0) return 'the file is empty';
    return `no samples in it${first === undefined ? '' : ` (${first})`}`;
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
