import { blockStart } from './lines.ts';
import { type Packing, zstdSkippable } from './packing.ts';

/** JSON has no control characters, so no line can look like this. */
const markerText = Buffer.from('rtwatch\x01', 'latin1');
const markerDataLength = markerText.length + 12;
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, markerDataLength + 4, 0, 0x52, 0x57]);
/** An empty block of deflate, the checksum of nothing and the length of nothing. */
const gzipEnd = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/**
 * What stands before each block, so that it is found without unpacking what is before it: an empty gzip member with an extra
 * field, or a skippable zstd frame, which every program that unpacks passes over. Empty for plain files: there the first line
 * of the block is found.
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

/** No marker is longer, nor what the first line of a block says of it. */
export const longestMarker = 200;

/** The blocks that begin in a piece of a file, except within its last `longestMarker` bytes if more follows. */
export function findBlocks(packing: Packing, piece: Buffer, offset: number, moreFollows: boolean): BlockPlace[] {
  const end = moreFollows ? piece.length - longestMarker : piece.length;
  const places: BlockPlace[] = [];
  const wanted = packing === 'plain' ? Buffer.from(blockStart) : markerText;
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
  const time = /^\{"block":\{"at":(\d{1,16})[,}.]/.exec(piece.toString('latin1', at, at + longestMarker))?.[1];
  return isLineStart && time !== undefined ? { offset: at, dataOffset: at, at: Number(time) } : null;
}
