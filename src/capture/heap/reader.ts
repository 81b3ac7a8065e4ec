import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseHeapText } from '../../parse/go/heap/debug1.ts';
import { parseHeapProto } from '../../parse/go/heap/proto.ts';
import type { HeapProfile } from '../../sample/heap.ts';

/** A heap profile has a record per allocating stack: megabytes at most. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Reads a heap profile of either form, plain or gzipped.
 *
 * @throws when it is no heap profile, is larger than 256 MiB, or cannot be had
 */
export async function readHeap(chunks: AsyncIterable<Uint8Array>): Promise<HeapProfile> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks) {
    length += part.length;
    if (length > maxBytes) throw new Error('a heap profile of more than 256 MiB');
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  const isGzipped = whole[0] === 0x1f && whole[1] === 0x8b;
  const bytes = isGzipped ? await promisify(gunzip)(whole, { maxOutputLength: maxBytes }) : whole;
  return bytes.toString('latin1', 0, 13) === 'heap profile:'
    ? parseHeapText(bytes.toString('utf8'))
    : parseHeapProto(bytes);
}
