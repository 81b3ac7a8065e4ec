import zlib from 'node:zlib';
import type { Sample } from '../sample/sample.ts';
import { ListMemory } from '../wire/list-memory.ts';
import { decodeOwnLine, RecordingEncoder } from '../wire/recording/lines.ts';
import { zstdOptions } from '../wire/recording/packing.ts';
import type { NodeFollower } from './node-follower.ts';
import type { SampleStore } from './sample-store.ts';

interface PastOptions {
  /** Milliseconds of the node's monotonic clock. Default: an hour. */
  readonly maxAgeMs?: number;
  /** Of all that is held: packed blocks, lines, and places that moments are rebuilt from. Default: 32 MiB. */
  readonly maxBytes?: number;
}

interface Block {
  readonly number: number;
  /** Of the Sample that it was begun for. */
  readonly at: number;
  readonly startedMonoMs: number;
  /** In their order; one once the block is over. */
  pieces: Piece[];
  /** Characters of all its lines. */
  length: number;
  /** The node just before the block; null when it is given up to save memory. */
  follower: NodeFollower | null;
  /** Characters of the lines that hold what came before: about as much as the follower keeps. */
  readonly carriedLength: number;
}

/** Lines of a block. */
interface Piece {
  /** Empty once it is packed. */
  lines: string[];
  /** Bytes that it takes. */
  size: number;
  packed: Buffer | null;
}

const hourMs = 3_600_000;
const defaultMaxBytes = 32 * 1024 * 1024;
/** A moment is rebuilt from the beginning of a block: the shorter, the faster, but each one begins with everything. */
const longestBlockMs = 120_000;
const largestBlockLength = 8 * 1024 * 1024;
/** Lines are packed when there are so many: two minutes of a crowded node would take as much as an hour packed. */
const largestPieceLength = 512 * 1024;
/** What a follower keeps takes this many times the JSON of it. */
const parsedSize = 3;
const maxFollowersBytes = 9 * 1024 * 1024;

/**
 * The last hour of the live screen, in memory: Samples in the lines that a recording has (`wire/recording/lines.ts`), packed in
 * blocks. An hour of a node with fifty containers takes two megabytes, and some ten more for the places that moments are
 * rebuilt from.
 */
export class PastRing implements SampleStore {
  readonly #maxAgeMs: number;
  readonly #maxBytes: number;
  readonly #encoder = new RecordingEncoder();
  #blocks: Block[] = [];
  #count = 0;
  #to = 0;
  #newestMonoMs = 0;

  constructor({ maxAgeMs = hourMs, maxBytes = defaultMaxBytes }: PastOptions = {}) {
    this.#maxAgeMs = maxAgeMs;
    this.#maxBytes = maxBytes;
  }

  get from(): number {
    return this.#blocks[0]?.at ?? 0;
  }

  get to(): number {
    return this.#to;
  }

  /** Of all that is held, as good as it is known. */
  get bytes(): number {
    const pieces = this.#blocks.flatMap((block) => block.pieces);
    return pieces.reduce((sum, { size }) => sum + size, this.#followersBytes);
  }

  /** Where moments can be rebuilt from, in the order of time. */
  get followers(): readonly NodeFollower[] {
    return this.#blocks.flatMap(({ follower }) => (follower === null ? [] : [follower]));
  }

  /** @param follower the node before this Sample */
  take(sample: Sample, follower: NodeFollower): void {
    const block = this.#blockFor(sample, follower);
    const lines = this.#encoder.add(sample);
    if (lines !== '') addTo(block, lines);
    if (Object.keys(sample.readings).length > 0) this.#to = sample.at;
    this.#newestMonoMs = sample.monoMs;
  }

  /** What was taken in the last while, up to now: what is taken while it is read is not in it. */
  last(ms: number): AsyncGenerator<Sample> {
    return this.#between(this.#to - ms, this.#newestMonoMs);
  }

  async *samplesFrom(at: number): AsyncGenerator<Sample> {
    const first = this.#blocks.findLast((block) => block.at <= at) ?? this.#blocks[0];
    if (first === undefined) return;
    const lists = new ListMemory();
    for (let number = first.number; number <= this.#count; number++) {
      const block = this.#blocks.find((one) => one.number === number);
      // It was given up while it was wanted.
      if (block === undefined) return;
      for (const line of linesOf(block)) {
        const { sample, carried } = decodeOwnLine(line, lists);
        if (!carried || block === first) yield sample;
      }
    }
  }

  async *#between(at: number, lastMonoMs: number): AsyncGenerator<Sample> {
    for await (const sample of this.samplesFrom(at)) {
      if (sample.monoMs > lastMonoMs) return;
      yield sample;
    }
  }

  #blockFor(sample: Sample, follower: NodeFollower): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && !isOver(last, sample)) return last;
    if (last !== undefined) packWhole(last);
    const head = this.#encoder.begin(sample);
    const block: Block = {
      number: ++this.#count,
      at: sample.at,
      startedMonoMs: sample.monoMs,
      pieces: [],
      length: 0,
      follower: follower.newest === null ? null : follower.fork(),
      carriedLength: head.length,
    };
    if (head !== '') addTo(block, head);
    this.#blocks.push(block);
    this.#giveUp(sample.monoMs);
    return block;
  }

  #giveUp(monoMs: number): void {
    const isOld = (block: Block | undefined): boolean =>
      block !== undefined && Math.abs(monoMs - block.startedMonoMs) > this.#maxAgeMs;
    // What follows the oldest block must itself be old enough for the block to be so to its end.
    while (this.#blocks.length > 1 && isOld(this.#blocks[1])) this.#blocks.shift();
    const held = (): Block[] => this.#blocks.filter(({ follower }) => follower !== null);
    while (held().length > 2 && this.#followersBytes > maxFollowersBytes) {
      for (const [index, block] of held().entries()) if (index % 2 === 0) block.follower = null;
    }
    while (this.#blocks.length > 1 && this.bytes > this.#maxBytes) this.#blocks.shift();
  }

  get #followersBytes(): number {
    const held = this.#blocks.filter(({ follower }) => follower !== null);
    return held.reduce((sum, { carriedLength }) => sum + carriedLength * parsedSize, 0);
  }
}

function isOver({ startedMonoMs, length }: Block, { monoMs }: Sample): boolean {
  return monoMs < startedMonoMs || monoMs - startedMonoMs >= longestBlockMs || length >= largestBlockLength;
}

function addTo(block: Block, lines: string): void {
  const last = block.pieces.at(-1);
  const piece = last === undefined || last.packed !== null ? { lines: [], size: 0, packed: null } : last;
  if (piece !== last) block.pieces.push(piece);
  piece.lines.push(lines);
  piece.size += lines.length;
  block.length += lines.length;
  if (piece.size >= largestPieceLength) pack(piece);
}

/** A reader of the piece has its lines. */
function pack(piece: Piece): void {
  piece.packed = zlib.zstdCompressSync(Buffer.from(piece.lines.join('')), zstdOptions);
  piece.size = piece.packed.length;
  piece.lines = [];
}

/** As one piece it takes a part of the room: what its pieces repeat is packed once. */
function packWhole(block: Block): void {
  const texts = block.pieces.flatMap(({ packed, lines }) =>
    packed === null ? lines.map((text) => Buffer.from(text)) : [zlib.zstdDecompressSync(packed)],
  );
  const packed = zlib.zstdCompressSync(Buffer.concat(texts), zstdOptions);
  block.pieces = [{ lines: [], size: packed.length, packed }];
}

function* linesOf({ pieces }: Block): Generator<string> {
  // By index: of the newest block more may come while it is read.
  for (let i = 0; i < pieces.length; i++) {
    const { packed = null, lines = [] } = pieces[i] ?? {};
    const texts = packed === null ? lines : [zlib.zstdDecompressSync(packed).toString()];
    for (let j = 0; j < texts.length; j++) {
      for (const line of (texts[j] ?? '').split('\n')) if (line !== '') yield line;
    }
  }
}
