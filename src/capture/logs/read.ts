import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileTrouble } from '../../base/file-trouble.ts';
import { type LogBlock, LogBlocks } from '../../collect/logs/blocks.ts';
import { contentBytes, contentOf, howToRead } from '../../collect/logs/content.ts';
import { EntriesText } from '../../collect/logs/entries-text.ts';
import { unpackerFor } from '../../collect/logs/packing.ts';
import { utf8OfUtf16 } from '../utf16.ts';
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

async function* unpacked(source: AsyncIterable<Buffer>, name: string, isInner = false): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  const head = await headOf(chunks);
  const content = contentOf(head);
  const refusal = howToRead(content);
  if (refusal !== null) throw new UnreadableLog(`${name}: ${isInner ? 'it holds ' : ''}${refusal}`);
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (content === 'gzip' || content === 'zstd') {
    const unpack = unpackerFor(content);
    // Who reads what is unpacked gets every error of it; with compose() a late one of the unpacker ended the process.
    pipeline(Readable.from(all), unpack).catch(() => {});
    yield* unpacked(unpack as AsyncIterable<Buffer>, name, true);
    return;
  }
  if (content === 'utf16le' || content === 'utf16be') {
    yield* utf8OfUtf16(all, content);
    return;
  }
  const entries = EntriesText.of(head);
  yield* entries === null ? all : linesOf(all, entries);
}

async function* linesOf(chunks: AsyncIterable<Buffer>, entries: EntriesText): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield entries.take(chunk);
  yield entries.end();
}

/** A pipe may give a few bytes at a time. */
async function headOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < contentBytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(parts);
}
