import { StringDecoder } from 'node:string_decoder';
import { Lines } from '../../child/lines.ts';
import type { Line } from './line-place.ts';
import { numberOf } from './lines.ts';
import type { Packing } from './packing.ts';
import { unpack } from './unpack.ts';

interface BlockEnds {
  /** The first line is the first of its file. */
  readonly beginsFile: boolean;
  /** Nothing follows: it may be cut off. */
  readonly endsFile: boolean;
}

/**
 * The lines of one block, as far as it can be unpacked.
 *
 * @param bytes of the block, as they are in the file
 * @throws when the bytes are damaged, after what stands before the damage
 */
export async function* linesOfBlock(
  packing: Packing,
  bytes: AsyncIterable<Buffer>,
  { beginsFile, endsFile }: BlockEnds,
): AsyncGenerator<Line> {
  const text = new StringDecoder('utf8');
  const lines = new Lines();
  let number = beginsFile ? 1 : null;
  let place = 0;
  const placed = (line: string): Line => {
    number = numberOf(line) ?? number;
    place++;
    return { text: line, number: number === null ? null : number++, place, isTail: false };
  };
  for await (const piece of unpack(packing, bytes, endsFile)) {
    for (const line of lines.feed(text.write(piece))) yield placed(line);
  }
  const rest = lines.rest() + text.end();
  if (place === 0 && rest === '' && !endsFile) throw new Error('there is no line in it');
  if (rest !== '') yield { ...placed(rest), isTail: true };
}
