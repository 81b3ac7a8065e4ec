import type { Entries } from './entries.ts';
import { openEnvelope } from './envelope.ts';

/** An object longer than this is no entry of a log. */
const maxObjectLength = 8 * 1024 ** 2;
const maxDepth = 6;

type Fields = Readonly<Record<string, unknown>>;

/**
 * JSON values over many lines, or many in one: each entry of a log in them becomes a line. An object without any, such as what
 * `kubectl get -o json` prints, stays as it is.
 */
export class JsonEntries implements Entries {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The array that the entries are in; it is no part of them. */
  #inArray = false;
  #object = '';
  #made = '';
  #atLineStart = true;

  take(text: string): string {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const letter = text[at];
      const outer = this.#inArray ? 1 : 0;
      if (this.#inString) {
        this.#inString = this.#escaped || letter !== '"';
        this.#escaped = !this.#escaped && letter === '\\';
      } else if (letter === '"') {
        this.#inString = this.#depth > outer;
      } else if (letter === '[' || letter === '{') {
        if (this.#depth === outer) {
          this.#between(text.slice(from, at));
          const isRoot = letter === '[' && outer === 0;
          this.#inArray ||= isRoot;
          from = isRoot ? at + 1 : at;
        }
        this.#depth++;
      } else if (letter === ']' || letter === '}') {
        this.#depth = Math.max(0, this.#depth - 1);
        if (this.#depth === outer && (from < at || this.#object !== '')) {
          this.#line(linesOf(this.#object + text.slice(from, at + 1)));
          this.#object = '';
          from = at + 1;
        } else if (this.#depth < outer) {
          this.#between(text.slice(from, at));
          this.#inArray = false;
          from = at + 1;
        }
      }
    }
    const rest = text.slice(from);
    if (this.#depth === (this.#inArray ? 1 : 0)) this.#between(rest);
    else this.#object += rest;
    // No log: the reader behind takes it as the text it is.
    if (this.#object.length > maxObjectLength) this.#giveObject();
    return this.#taken();
  }

  end(): string {
    this.#giveObject();
    return this.#taken();
  }

  #taken(): string {
    const made = this.#made;
    this.#made = '';
    return made;
  }

  #giveObject(): void {
    if (this.#object !== '') this.#put(this.#object);
    this.#object = '';
  }

  #line(text: string): void {
    if (!this.#atLineStart) this.#put('\n');
    this.#put(text);
  }

  /** What stands between objects: commas, or lines of another kind. */
  #between(text: string): void {
    const kept = this.#inArray ? text.replace(/^[\s,]+$/, '') : this.#atLineStart ? text.replace(/^\s+/, '') : text;
    if (kept !== '') this.#put(kept);
  }

  #put(text: string): void {
    this.#made += text;
    this.#atLineStart = text.endsWith('\n');
  }
}

function linesOf(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `${text}\n`;
  }
  const entries = entriesIn(value, 0);
  return entries.length === 0 ? `${text}\n` : entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function entriesIn(value: unknown, depth: number): Fields[] {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return [];
  if (Array.isArray(value)) return value.flatMap((one) => entriesIn(one, depth + 1));
  const fields = value as Fields;
  if (Object.hasOwn(fields, '__REALTIME_TIMESTAMP') || openEnvelope(JSON.stringify(fields)) !== null) return [fields];
  return Object.values(fields).flatMap((one) => entriesIn(one, depth + 1));
}
