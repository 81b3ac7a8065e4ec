import type { Goroutine, KnownStack } from '../../../sample/goroutines.ts';

/** What a gap between two equal pieces holds. */
const argumentsGap = 1;
const digitsGap = 2;

/** Go prints 100 frames of a goroutine. */
export const maxFrames = 200;
/** Go prints ten words of a frame. */
const maxArguments = 4096;
const zero = 0x30;
const nine = 0x39;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;

/** The bytes of a stack without its header: pieces that are equal each time, and gaps between them. */
export interface StackTemplate extends KnownStack {
  /** The pieces, one after another; ASCII without NUL. */
  readonly same: DataView;
  /** Where each piece ends in `same`. A gap follows each but the last. */
  readonly ends: Int32Array;
  readonly gaps: Uint8Array;
  /** How long each gap was the last time. */
  readonly lengths: Int32Array;
  readonly lines: number;
  readonly frames: number;
  /** The stack that followed this one the last time. */
  next: StackTemplate | null;
}

/** Where the gaps of the stack that was compared last begin and end. */
interface Gaps {
  readonly starts: Int32Array;
  readonly stops: Int32Array;
}

/**
 * Compares the bytes from `start` on with a stack; where it ends, the blank line included, or -1 when it is another. Eight
 * bytes at a time are compared as floating-point numbers: ASCII without NUL is never NaN nor zero, so equal numbers are
 * equal bytes.
 */
export function compareStack(
  { same, ends, gaps, lengths }: StackTemplate,
  view: DataView,
  start: number,
  end: number,
  { starts, stops }: Gaps,
): number {
  const last = ends.length - 1;
  let at = start;
  let from = 0;
  for (let piece = 0; piece <= last; piece++) {
    const to = ends[piece] as number;
    const stop = at + to - from;
    if (stop > end) return -1;
    if (to - from >= 8) {
      for (const most = to - 8; from < most; from += 8, at += 8) {
        if (same.getFloat64(from, true) !== view.getFloat64(at, true)) return -1;
      }
      if (same.getFloat64(to - 8, true) !== view.getFloat64(stop - 8, true)) return -1;
    } else {
      for (; from < to; from++, at++) if (same.getUint8(from) !== view.getUint8(at)) return -1;
    }
    from = to;
    at = stop;
    if (piece === last) break;
    const length = lengths[piece] as number;
    let behind = at + length;
    if (gaps[piece] === digitsGap) behind = afterDigits(view, at, end);
    else if (behind >= end || view.getUint8(behind) !== closeParenthesis || !areArguments(view, at, behind)) {
      behind = afterArguments(view, at, end);
      if (behind < 0) return -1;
      lengths[piece] = behind - at;
    }
    starts[piece] = at;
    stops[piece] = behind;
    at = behind;
  }
  return at;
}

/** Printable ASCII without parentheses, checked four bytes at a time. */
function areArguments(view: DataView, start: number, end: number): boolean {
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four = view.getInt32(at, true);
    // A byte below a space, or 0x28 or 0x29, borrows from its highest bit; one above 0x7f has that bit.
    const parenthesis = (four & 0xfefefefe) ^ 0x28282828;
    const bad = four | ((four - 0x20202020) & ~four) | ((parenthesis - 0x01010101) & ~parenthesis);
    if ((bad & 0x80808080) !== 0) return false;
  }
  for (; at < end; at++) if (!isArgument(view.getUint8(at))) return false;
  return true;
}

function afterArguments(view: DataView, start: number, end: number): number {
  const most = Math.min(end, start + maxArguments);
  for (let at = start; at < most; at++) {
    const code = view.getUint8(at);
    if (code === closeParenthesis) return at;
    if (!isArgument(code)) return -1;
  }
  return -1;
}

function isArgument(code: number): boolean {
  return code >= 0x20 && code < 0x80 && code !== openParenthesis && code !== closeParenthesis;
}

function afterDigits(view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && view.getUint8(at) >= zero && view.getUint8(at) <= nine) at++;
  return at;
}

/**
 * What varies in the text of a stack that was parsed; null when it is not of the plain form: pairs of a function and its
 * place, then the one of the creator and a blank line.
 *
 * @param bytes from the line after the header up to the blank line, which is included
 */
export function templateOf(bytes: Uint8Array, first: Goroutine, index: number): StackTemplate | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // Lines end in a line feed alone. Anything else is left to the parser of lines.
  if (!/^[\t\n\x20-\x7e]+\n\n$/.test(text)) return null;
  const lines = text.slice(0, -2).split('\n');
  const pieces = new Pieces();
  let frames = 0;
  for (let i = 0; i < lines.length; i += 2) {
    let line = lines[i] ?? '';
    if (line.startsWith('...')) {
      pieces.add(`${line}\n`);
      line = lines[++i] ?? '';
    }
    const place = lines[i + 1] ?? '';
    if (!/^\t\S+:\d{1,9}(?: \+0x[0-9a-f]+)?$/.test(place)) return null;
    if (i + 2 >= lines.length) {
      const creator = /^(created by \S+)(?:( in goroutine )\d+)?$/.exec(line);
      if (creator === null || frames !== first.frames.length) return null;
      const [, by = '', inGoroutine] = creator;
      pieces.add(by);
      if (inGoroutine !== undefined) pieces.gap(inGoroutine, digitsGap);
    } else {
      const open = line.lastIndexOf('(');
      if (!/^[^\s.[]\S*\(.*\)$/.test(line) || /^(?:created by|goroutine) /.test(line) || frames === maxFrames)
        return null;
      pieces.gap(line.slice(0, open + 1), argumentsGap);
      pieces.add(')');
      frames++;
    }
    pieces.add(`\n${place}\n`);
  }
  pieces.add('\n');
  return { ...pieces.finish(), index, first, lines: lines.length + 2, frames, next: null };
}

class Pieces {
  #text = '';
  readonly #ends: number[] = [];
  readonly #gaps: number[] = [];

  add(text: string): void {
    this.#text += text;
  }

  gap(before: string, kind: number): void {
    this.#text += before;
    this.#ends.push(this.#text.length);
    this.#gaps.push(kind);
  }

  finish(): Pick<StackTemplate, 'same' | 'ends' | 'gaps' | 'lengths'> {
    const bytes = Uint8Array.from(Buffer.from(this.#text, 'latin1'));
    return {
      same: new DataView(bytes.buffer),
      ends: Int32Array.from([...this.#ends, bytes.length]),
      gaps: Uint8Array.from(this.#gaps),
      lengths: new Int32Array(this.#gaps.length),
    };
  }
}
