import type { DumpEnd, Goroutine } from '../../../sample/goroutines.ts';
import { Debug2Parser } from './debug2.ts';
import { messageOf } from './escaped.ts';
import { isReversed, parseReversed } from './reversed.ts';

/** Whether a dump is in a list of entries, as `gcloud logging read --format=json` and exports of log viewers are. */
export function isLogDocument(text: string): boolean {
  return /^\s{0,16}\[\s{0,64}\{/.test(text) && /"(?:log|MESSAGE|message|textPayload|line)" ?: ?"/.test(text);
}

/** Reads the entries of a list; what is no list is read as text. */
export function parseLogDocument(text: string, onGoroutine: (goroutine: Goroutine) => void): DumpEnd {
  const lines = entriesOf(text)?.flatMap((entry) => messageOf(entry)?.replace(/\r?\n$/, '') ?? []);
  const plain = lines === undefined ? text : `${lines.join('\n')}\n`;
  if (isReversed(plain.slice(0, 65_536))) return parseReversed(plain, onGoroutine);
  const parser = new Debug2Parser(onGoroutine);
  parser.feed(plain);
  return parser.end();
}

function entriesOf(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
