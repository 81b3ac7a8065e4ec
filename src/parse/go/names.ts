import { detach } from '../../base/detach.ts';

/**
 * Beyond this many the table starts anew: a program has fewer functions in its stacks, damaged input can have any number.
 */
const limit = 1 << 16;
const slots = 1 << 12;

/**
 * Keeps one string for each name. A slice of a chunk of text holds the whole chunk in memory (V8's sliced strings); what
 * comes out of here does not.
 */
export class Names {
  readonly #own = new Map<string, string>();
  /** The last name of each kind of length and letters: most names are found there, without a slice and its hash. */
  readonly #last: string[] = new Array<string>(slots).fill('');

  /** The text from `start` up to `end`, always as the same string. */
  of(text: string, start: number, end: number): string {
    const slot = slotOf(text, start, end);
    const last = this.#last[slot];
    if (last !== undefined && last.length === end - start && text.slice(start, end) === last) return last;
    const name = this.#find(text.slice(start, end));
    this.#last[slot] = name;
    return name;
  }

  #find(slice: string): string {
    const known = this.#own.get(slice);
    if (known !== undefined) return known;
    if (this.#own.size >= limit) this.#own.clear();
    const own = detach(slice);
    this.#own.set(own, own);
    return own;
  }
}

/** Names differ most in their lengths and at their ends. */
function slotOf(text: string, start: number, end: number): number {
  const length = end - start;
  let hash = length;
  hash = hash * 31 + text.charCodeAt(end - 1);
  if (length > 6) hash = hash * 31 + text.charCodeAt(end - 4);
  if (length > 6) hash = hash * 31 + text.charCodeAt(end - 6);
  hash = hash * 31 + text.charCodeAt(start + (length >> 1));
  return (hash ^ (hash >> 12)) & (slots - 1);
}
