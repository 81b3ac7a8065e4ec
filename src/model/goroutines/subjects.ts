import type { GoFrame, RepeatedGoroutine } from '../../sample/goroutines.ts';

/** Where the pointer to the container (or other receiver) is found: the so-manieth word of a frame's arguments. */
export interface SubjectPlace {
  /** Index of the frame in the stack. */
  readonly frame: number;
  readonly word: number;
}

/**
 * The address in the first of the places that has one. Null if none does: an inlined frame has no arguments (`(...)`), and a
 * word with `?` is whatever was left in its register.
 */
export function subjectAt(frames: readonly GoFrame[], places: readonly SubjectPlace[]): number | null {
  for (const { frame, word } of places) {
    const subject = addressOf(wordOf(frames[frame]?.args ?? null, word));
    if (subject !== null) return subject;
  }
  return null;
}

/** The same for a goroutine whose arguments were not parsed. */
export function subjectOf(goroutine: RepeatedGoroutine, places: readonly SubjectPlace[]): number | null {
  for (const { frame, word } of places) {
    const value = goroutine.wordOf(frame, word);
    const subject = Number.isNaN(value) ? addressOf(wordOf(goroutine.argsOf(frame), word)) : orNull(value);
    if (subject !== null) return subject;
  }
  return null;
}

/**
 * A word between the top-level commas. Strings, slices and interfaces stand in braces and are not counted (since Go
 * 1.17; none of the functions of interest took one before its pointers in older versions).
 */
export function wordOf(args: string | null, index: number): string | null {
  if (args === null) return null;
  let depth = 0;
  let start = 0;
  let words = 0;
  for (let at = 0; at <= args.length; at++) {
    const character = args.charAt(at);
    if (character === '{') depth++;
    else if (character === '}') depth = Math.max(0, depth - 1);
    else if ((character === ',' && depth === 0) || at === args.length) {
      const word = args.slice(start, at).trim();
      start = at + 1;
      if (word.startsWith('{')) continue;
      if (words === index) return word;
      words++;
    }
  }
  return null;
}

/** Below the first page nothing lives: such a word is a number, or nil. */
const firstAddress = 4096;

function addressOf(word: string | null): number | null {
  if (word === null || !/^0x[\da-f]{1,16}$/.test(word)) return null;
  return orNull(Number(word));
}

function orNull(address: number): number | null {
  return address >= firstAddress && Number.isSafeInteger(address) ? address : null;
}

/** A node has hundreds of containers; what comes after so many is not counted. */
const maxSubjects = 100_000;

/** The distinct subjects that goroutines are about. */
export class Subjects {
  readonly #known = new Set<number>();

  /** One more would not be counted. */
  get isFull(): boolean {
    return this.#known.size >= maxSubjects;
  }

  add(subject: number | null): void {
    if (subject !== null && !this.isFull) this.#known.add(subject);
  }

  /** How many; null if no goroutine had one. */
  get distinct(): number | null {
    return this.#known.size === 0 ? null : this.#known.size;
  }
}
