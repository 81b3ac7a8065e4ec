import { Readable } from 'node:stream';
import { utf16Of } from '../../collect/logs/utf16.ts';
import { detectForm, openGoroutineParser } from '../../parse/go/goroutines/form.ts';
import type { DumpEnd, Goroutine, RepeatedGoroutine } from '../../sample/goroutines.ts';
import { utf8OfUtf16 } from '../utf16.ts';

/** Enough to know a form by, also behind some lines of a log. */
const headBytes = 64 * 1024;

/** What takes the goroutines: those with a new stack, and those whose stack came before. */
interface GoroutineTaker {
  add(goroutine: Goroutine): void;
  addRepeat(goroutine: RepeatedGoroutine): void;
}

/**
 * Reads a goroutine dump of any form, plain or gzipped, as it comes, in bounded memory. A chunk may be overwritten when the
 * next one is requested.
 *
 * @throws when it is no goroutine dump, or the bytes cannot be had
 */
export async function readGoroutines(chunks: AsyncIterable<Uint8Array>, taker: GoroutineTaker): Promise<DumpEnd> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await takeHead(iterator);
  const form = detectForm(head);
  const wide = form === 'gzip' ? null : utf16Of(head);
  if (wide !== null) return readGoroutines(utf8OfUtf16(rejoined(head, iterator), wide), taker);
  if (form === 'gzip') return readGzipped(head, iterator, taker);
  if (form === null) throw new Error(notADump(head));
  const parser = openGoroutineParser(
    form,
    (goroutine) => taker.add(goroutine),
    (goroutine) => taker.addRepeat(goroutine),
  );
  parser.feed(head);
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) parser.feed(next.value);
  } catch (error) {
    // What came before it broke off is worth telling.
    const end = parser.end();
    const reason = error instanceof Error ? error.message : String(error);
    return { ...end, partial: true, error: end.error === null ? reason : `${reason}; ${end.error}` };
  }
  return parser.end();
}

async function takeHead(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(Uint8Array.from(next.value));
    length += next.value.length;
  }
  return Buffer.concat(parts);
}

async function* rejoined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield Uint8Array.from(next.value);
}

async function readGzipped(head: Uint8Array, rest: AsyncIterator<Uint8Array>, taker: GoroutineTaker): Promise<DumpEnd> {
  const { createGunzip } = await import('node:zlib');
  const gunzip = createGunzip();
  const input = Readable.from(rejoined(head, rest));
  input.on('error', (error) => gunzip.destroy(error));
  return readGoroutines(input.pipe(gunzip) as AsyncIterable<Uint8Array>, taker);
}

function notADump(head: Uint8Array): string {
  if (head.length === 0) return 'empty';
  const line = Buffer.from(head).toString('utf8', 0, 200).split('\n')[0] ?? '';
  return `not a goroutine dump (debug=1, debug=2 or protobuf): it begins with "${line.slice(0, 60)}"`;
}
