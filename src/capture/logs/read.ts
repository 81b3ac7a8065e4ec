import { spawn } from 'node:child_process';
import fs from 'node:fs';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { type LogBlock, LogBlocks } from '../../collect/logs/blocks.ts';

const chunkBytes = 1024 ** 2;

/** An error that says why this cannot be read as a log. */
export class UnreadableLog extends Error {}

/**
 * A log as blocks of whole lines: a file (plain, or packed by gzip or zstd, whatever its name), `-` for standard input, or
 * `journal`.
 *
 * @throws UnreadableLog
 */
export async function* readLog(name: string): AsyncGenerator<LogBlock> {
  const blocks = new LogBlocks();
  const source = name === 'journal' ? journal() : name === '-' ? process.stdin : open(name);
  try {
    for await (const chunk of unpacked(source, name)) {
      const block = blocks.take(chunk);
      if (block.lines > 0) yield block;
    }
  } catch (error) {
    if (error instanceof UnreadableLog) throw error;
    throw new UnreadableLog(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  // The last line may lack its end.
  const last = blocks.take(Buffer.from('\n'));
  if (last.lines > 0 && last.bytes.length > 0) yield last;
}

/** About when the log was written to last, which tells the year where its lines do not: milliseconds since 1970. */
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
  } catch {
    throw new UnreadableLog(`${name}: there is no such file`);
  }
  // Opening a FIFO waits for a writer, and reading a device may never end.
  if (!file.isFile()) throw new UnreadableLog(`${name}: not a regular file`);
  return fs.createReadStream(name, { highWaterMark: chunkBytes });
}

async function* unpacked(source: Readable, name: string): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  if (first.done === true) return;
  const unpack = packingOf(first.value, name);
  const all = (async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (unpack === null) yield* all;
  else yield* (await import('node:stream')).Readable.from(all).compose(unpack) as AsyncIterable<Buffer>;
}

function packingOf(bytes: Buffer, name: string): zlib.Gunzip | zlib.ZstdDecompress | null {
  const starts = (...magic: readonly number[]): boolean => magic.every((byte, index) => bytes[index] === byte);
  if (starts(0x1f, 0x8b)) return zlib.createGunzip({ chunkSize: chunkBytes });
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return zlib.createZstdDecompress({ chunkSize: chunkBytes });
  if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a))
    throw new UnreadableLog(`${name}: packed by xz. Run: xzcat FILE | rtwatch logs -`);
  if (starts(0x42, 0x5a, 0x68)) throw new UnreadableLog(`${name}: packed by bzip2. Run: bzcat FILE | rtwatch logs -`);
  if (bytes.subarray(0, 8192).includes(0))
    throw new UnreadableLog(`${name}: not a text. A journal file is read by: rtwatch logs journal`);
  return null;
}

/** All that journalctl shows; it is a process of its own, and hangs alone. */
function journal(): Readable {
  const child = spawn('journalctl', ['--output=json', '--no-pager', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.on('error', (error) => child.stdout.destroy(error));
  return child.stdout;
}
