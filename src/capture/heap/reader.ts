import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseHeapText } from '../../parse/go/heap/debug1.ts';
import { parseHeapListing } from '../../parse/go/heap/listing.ts';
import { parseHeapProto } from '../../parse/go/heap/proto.ts';
import { isPprofListing } from '../../parse/go/listing.ts';
import type { HeapProfile } from '../../sample/heap.ts';

/** A heap profile has a record per allocating stack: megabytes at most. */
const maxBytes = 256 * 1024 * 1024;
/** A text may have what was pasted with it before its first line. */
const headBytes = 16 * 1024;

/**
 * Reads a heap profile of either form, plain or gzipped, or what `go tool pprof` printed of one.
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
  const head = bytes.toString('latin1', 0, headBytes);
  if (/^\W{0,12}?heap profile: \d/m.test(head)) return parseHeapText(bytes.toString('utf8'));
  return isPprofListing(head) ? parseHeapListing(bytes.toString('utf8')) : parseHeapProto(bytes);
}
