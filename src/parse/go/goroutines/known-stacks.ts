import type { Goroutine, RepeatedGoroutine } from '../../../sample/goroutines.ts';
import { HeaderBytes } from './header-bytes.ts';
import { compareStack, maxFrames, type StackTemplate, templateOf } from './stack-template.ts';

/** Far more than a daemon has; with their text some fifteen megabytes. The rest goes through the parser of lines. */
const maxStacks = 5000;
/** Stacks of one beginning and end that are compared one after another. */
const maxAlike = 16;
/** So many bytes of the beginning and of the end tell most stacks apart. */
const signedBytes = 24;
const tab = 0x09;
const space = 0x20;
const openParenthesis = 0x28;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;
const letterA = 0x61;
const openBrace = 0x7b;

/**
 * Finds the goroutines of a `debug=2` dump whose stack came before; in a dump that matters nearly all of them are such.
 * Bytes are compared and nothing is made of them. It is itself the goroutine that was found last.
 */
export class KnownStacks implements RepeatedGoroutine {
  readonly #header = new HeaderBytes();
  readonly #bySignature = new Map<number, StackTemplate[]>();
  readonly #gaps = { starts: new Int32Array(maxFrames + 1), stops: new Int32Array(maxFrames + 1) };
  #count = 0;
  #stack: StackTemplate | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the body of the goroutine begins whose header was read last; -1 when that is not a plain one. */
  #body = -1;

  get stack(): StackTemplate {
    if (this.#stack === null) throw new Error('no stack was found');
    return this.#stack;
  }

  get kind(): number {
    return this.#header.kind;
  }

  get id(): number {
    return this.#header.id;
  }

  get state(): string {
    return this.#header.state;
  }

  get waitMinutes(): number | null {
    return this.#header.waitMinutes;
  }

  get lockedToThread(): boolean {
    return this.#header.lockedToThread;
  }

  /** The bytes that are searched from now on. */
  open(bytes: Buffer, view: DataView): void {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Where the goroutine at `start` ends, as a known stack follows another; -1 when another one follows this time. */
  next(start: number, end: number): number {
    this.#body = this.#header.read(this.#bytes, start, end);
    const next = this.#stack?.next ?? null;
    return this.#body < 0 || next === null ? -1 : this.#compare(next, end);
  }

  /** The same, by its beginning and its end, for the goroutine that `next` did not find. `end` is behind its blank line. */
  find(end: number): number {
    if (this.#body < 0 || end - this.#body < signedBytes) return -1;
    for (const stack of this.#bySignature.get(this.#signature(end)) ?? []) {
      const stop = this.#compare(stack, end);
      if (stop === end) return stop;
    }
    return -1;
  }

  #compare(stack: StackTemplate, end: number): number {
    const stop = compareStack(stack, this.#view, this.#body, end, this.#gaps);
    if (stop < 0) return -1;
    this.#follow(stack);
    return stop;
  }

  /** Learns the stack of the goroutine that was not found, and was parsed. */
  learn(goroutine: Goroutine, end: number): void {
    if (this.#body < 0 || end - this.#body < signedBytes || this.#count >= maxStacks) return;
    const signature = this.#signature(end);
    const alike = this.#bySignature.get(signature) ?? [];
    if (alike.length >= maxAlike) return;
    const stack = templateOf(this.#bytes.subarray(this.#body, end), goroutine, this.#count);
    if (stack === null) return;
    this.#count++;
    alike.push(stack);
    this.#bySignature.set(signature, alike);
    this.#follow(stack);
  }

  #follow(stack: StackTemplate): void {
    if (this.#stack !== null) this.#stack.next = stack;
    this.#stack = stack;
  }

  /** Of the name of the first function and of the place of the creator, which are the same each time. */
  #signature(end: number): number {
    const view = this.#view;
    let hash = 0;
    for (let at = this.#body, most = at + signedBytes; at < most; at++) {
      const code = view.getUint8(at);
      if (code === openParenthesis) break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    for (let at = end - 3, most = end - signedBytes; at >= most; at--) {
      const code = view.getUint8(at);
      if (code === tab) break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    return hash;
  }

  argsOf(frame: number): string {
    const { starts, stops } = this.#gaps;
    return this.#bytes.toString('latin1', starts[frame], stops[frame]);
  }

  wordOf(frame: number, word: number): number {
    const view = this.#view;
    const stop = this.#gaps.stops[frame] as number;
    let at = this.#gaps.starts[frame] as number;
    for (let left = word; left > 0; at++) {
      if (at >= stop) return Number.NaN;
      const code = view.getUint8(at);
      if (code === openBrace) return Number.NaN;
      if (code === comma) left--;
    }
    if (word > 0 && view.getUint8(at) === space) at++;
    // At most twelve hexadecimal digits: a whole address, and an exact number.
    if (at + 3 > stop || view.getUint16(at, false) !== 0x3078 /* 0x */) return Number.NaN;
    let value = 0;
    const last = Math.min(stop, at + 15);
    for (at += 2; at < last; at++) {
      const code = view.getUint8(at);
      if (code === comma) return value;
      const digit = code <= nine ? code - zero : code - letterA + 10;
      if (digit < 0 || digit > 15 || (code > nine && code < letterA)) return Number.NaN;
      value = value * 16 + digit;
    }
    return at === stop ? value : Number.NaN;
  }
}
