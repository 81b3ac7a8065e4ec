import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileTrouble } from '../../base/file-trouble.ts';
import { type LogBlock, LogBlocks } from '../../collect/logs/blocks.ts';
import { packingOf, unpackerFor } from '../../collect/logs/packing.ts';
import { isUtf16, utf8OfUtf16 } from '../utf16.ts';
import { type JournalRange, readJournal } from './journal.ts';

const chunkBytes = 1024 ** 2;

/** An error that says why this cannot be read as a log. */
export class UnreadableLog extends Error {}

/**
 * A log as blocks of whole lines: a file (plain, or packed by gzip or zstd, whatever its name), `-` for standard input, or
 * `journal`.
 *
 * @param range what of the journal is asked for; a file is read as a whole
 * @throws UnreadableLog
 */
export async function* readLog(name: string, range: JournalRange): AsyncGenerator<LogBlock> {
  const blocks = new LogBlocks();
  const chunks = name === 'journal' ? readJournal(range) : unpacked(name === '-' ? process.stdin : open(name), name);
  try {
    for await (const chunk of chunks) {
      const block = blocks.take(chunk);
      if (block.lines > 0) yield block;
    }
  } catch (error) {
    if (error instanceof UnreadableLog) throw error;
    throw new UnreadableLog(`${name}: ${fileTrouble(error)}`);
  }
  // The last line may lack its end.
  const last = blocks.take(Buffer.from('\n'));
  if (last.lines > 0 && last.bytes.length > 0) yield last;
}

/** About when the log was last written, in milliseconds since 1970: gives the year if its lines have none. */
export function writtenAt(name: string): number {
  if (name === 'journal' || name === '-') return Date.now();
  try {
    return fs.statSync(name).mtimeMs;
  } catch {
    return Date.now();
  }
}

function open(name: string): Readable {
  let file: fs.Stats;
  try {
    file = fs.statSync(name);
  } catch (error) {
    throw new UnreadableLog(`${name}: ${fileTrouble(error)}`);
  }
  // Opening a FIFO waits for a writer, and reading a device may never end.
  if (!file.isFile()) throw new UnreadableLog(`${name}: not a regular file`);
  return fs.createReadStream(name, { highWaterMark: chunkBytes });
}

async function* unpacked(source: Readable, name: string): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  if (first.done === true) return;
  const isWide = isUtf16(first.value);
  const unpack = isWide ? null : unpackerOf(first.value, name);
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (unpack === null) {
    yield* isWide ? utf8OfUtf16(all) : all;
    return;
  }
  // Who reads what is unpacked gets every error of it; with compose() a late one of the unpacker ended the process.
  pipeline(Readable.from(all), unpack).catch(() => {});
  yield* unpack as AsyncIterable<Buffer>;
}

function unpackerOf(bytes: Buffer, name: string): ReturnType<typeof unpackerFor> | null {
  const packing = packingOf(bytes);
  if (packing === 'xz') throw new UnreadableLog(`${name}: packed by xz. Run: xzcat FILE | rtwatch logs -`);
  if (packing === 'bzip2') throw new UnreadableLog(`${name}: packed by bzip2. Run: bzcat FILE | rtwatch logs -`);
  if (packing !== null) return unpackerFor(packing);
  if (bytes.subarray(0, 8192).includes(0))
    throw new UnreadableLog(`${name}: not a text. A journal file is read by: rtwatch logs journal`);
  return null;
}
