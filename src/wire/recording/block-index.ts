import { type BlockPlace, findBlocks, longestMarker } from './markers.ts';
import type { Packing } from './packing.ts';

export interface Block extends BlockPlace {
  readonly end: number;
}

const scanBytes = 4 * 1024 * 1024;

/**
 * The blocks of a file by their markers, which takes a pass over its bytes without unpacking them; in a plain stream without
 * markers, lines to start from; otherwise the file as one block.
 *
 * @param readAt returns fewer bytes than requested only at the end
 */
export async function indexOf(
  readAt: (offset: number, length: number) => Promise<Buffer>,
  size: number,
  packing: Packing,
): Promise<readonly Block[]> {
  const places: BlockPlace[] = [];
  const starts: BlockPlace[] = [];
  let offset = 0;
  while (offset < size) {
    const piece = await readAt(offset, Math.min(scanBytes, size - offset));
    if (piece.length === 0) break;
    const moreFollows = offset + piece.length < size && piece.length > longestMarker + 1;
    const found = findBlocks(packing, piece, offset, moreFollows);
    places.push(...found.filter((place) => place.offset > (places.at(-1)?.offset ?? -1)));
    const start = packing === 'plain' ? lineStart(piece, offset) : null;
    if (start !== null) starts.push(start);
    // One byte more than that: what begins a line is known by the byte before it.
    offset += moreFollows ? piece.length - longestMarker - 1 : piece.length;
  }
  const known = places.length > 0 ? places : starts;
  // What stands before the first that is found may be readable too.
  const all = known[0]?.offset === 0 ? known : [{ offset: 0, dataOffset: 0, at: known[0]?.at ?? 0 }, ...known];
  return all.map((place, i) => ({ ...place, end: all[i + 1]?.offset ?? size }));
}

/** A place to start from in a plain stream, where every line is whole: the first line that begins in a piece. */
function lineStart(piece: Buffer, offset: number): BlockPlace | null {
  const newline = offset === 0 ? -1 : piece.indexOf(0x0a);
  if (offset > 0 && newline === -1) return null;
  const start = newline + 1;
  const at = /^\{"v":\d+,"seq":\d+,"at":(\d{1,16})[,.]/.exec(piece.toString('latin1', start, start + 100))?.[1];
  return at === undefined ? null : { offset: offset + start, dataOffset: offset + start, at: Number(at) };
}
