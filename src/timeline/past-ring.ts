import type { Sample } from '../sample/sample.ts';
import { ListMemory } from '../wire/list-memory.ts';
import { decodeOwnLine, RecordingEncoder } from '../wire/recording/lines.ts';
import type { KnownNode, NodeFollower } from './node-follower.ts';
import { type Packed, packAtOnce, unpackAtOnce } from './pack-at-once.ts';
import { PackedNode } from './packed-node.ts';
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
  /** The node just before the block; null when nothing was known, or it is given up to save memory. */
  node: PackedNode | null;
}

/** Lines of a block. */
interface Piece {
  /** Empty once it is packed. */
  lines: string[];
  /** Bytes that it takes. */
  size: number;
  packed: Packed | null;
}

const hourMs = 3_600_000;
const defaultMaxBytes = 32 * 1024 * 1024;
/** A moment is rebuilt from the beginning of a block: the shorter, the faster, but each one begins with everything. */
const longestBlockMs = 120_000;
const largestBlockLength = 8 * 1024 * 1024;
/** Lines are packed when there are so many: two minutes of a crowded node would take as much as an hour packed. */
const largestPieceLength = 512 * 1024;
const maxNodesBytes = 4 * 1024 * 1024;

/**
 * The last hour of the live screen, in memory: Samples in the lines that a recording has (`wire/recording/lines.ts`), packed in
 * blocks, and the node as it was before each block, packed too, from which moments are rebuilt. An hour of a node with fifty containers
 * takes three megabytes.
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

  /** Of all that is held. */
  get bytes(): number {
    const pieces = this.#blocks.flatMap((block) => block.pieces);
    return pieces.reduce((sum, { size }) => sum + size, this.#nodesBytes);
  }

  /** Where moments can be rebuilt from, in the order of time. */
  get known(): readonly KnownNode[] {
    return this.#blocks.flatMap(({ node }) => (node === null ? [] : [node]));
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
      node: follower.newest === null ? null : new PackedNode(follower),
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
    const held = (): Block[] => this.#blocks.filter(({ node }) => node !== null);
    while (held().length > 2 && this.#nodesBytes > maxNodesBytes) {
      for (const [index, block] of held().entries()) if (index % 2 === 0) block.node = null;
    }
    while (this.#blocks.length > 1 && this.bytes > this.#maxBytes) this.#blocks.shift();
  }

  get #nodesBytes(): number {
    return this.#blocks.reduce((sum, { node }) => sum + (node?.size ?? 0), 0);
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
  piece.packed = packAtOnce(Buffer.from(piece.lines.join('')));
  piece.size = piece.packed.bytes.length;
  piece.lines = [];
}

/** As one piece it takes a part of the room: what its pieces repeat is packed once. */
function packWhole(block: Block): void {
  const unpacked = block.pieces.at(-1);
  if (unpacked?.packed === null) pack(unpacked);
  const all = block.pieces.flatMap(({ packed }) => packed ?? []);
  if (all.length < 2) return;
  const raw = Buffer.allocUnsafeSlow(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const packed of all) {
    unpackAtOnce(packed, (text) => {
      at += text.copy(raw, at);
    });
  }
  const packed = packAtOnce(raw);
  block.pieces = [{ lines: [], size: packed.bytes.length, packed }];
}

function* linesOf({ pieces }: Block): Generator<string> {
  // By index: of the newest block more may come while it is read.
  for (let i = 0; i < pieces.length; i++) {
    const { packed = null, lines = [] } = pieces[i] ?? {};
    const texts = packed === null ? lines : [unpackAtOnce(packed, (raw) => raw.toString())];
    for (let j = 0; j < texts.length; j++) {
      for (const line of (texts[j] ?? '').split('\n')) if (line !== '') yield line;
    }
  }
}
