import { looksLikeFunction } from './shape.ts';

/** Narrower than any terminal that a stack was copied from. */
const narrowest = 60;
const maxParts = 6;

/**
 * Joins the lines of a stack that a terminal has wrapped: each part but the last is as wide as the terminal was. A line that
 * a terminal has cut instead is followed by another line of the stack, and stays as it is.
 */
export class WrappedLines {
  #parts: string[] = [];
  /** How wide the terminal was; null until a line was joined. */
  #width: number | null = null;

  get isOpen(): boolean {
    return this.#parts.length > 0;
  }

  /** The lines that are complete with this one. */
  take(line: string): readonly string[] {
    const [first] = this.#parts;
    if (first === undefined) {
      if (line.length !== this.#width && !mayContinue(line)) return [line];
      this.#parts.push(line);
      return [];
    }
    const joined = this.#parts.join('') + line;
    const isAsWide = first.length === this.#width && !isWhole(first);
    if (line.length <= first.length && (isContinuation(line) || (isAsWide && !isOwn(line)))) {
      if (isWhole(joined)) {
        this.#width = first.length;
        this.#parts = [];
        return [joined];
      }
      if (line.length === first.length && this.#parts.length < maxParts) {
        this.#parts.push(line);
        return [];
      }
    }
    return [...this.end(), ...this.take(line)];
  }

  /** What waits for its end. */
  end(): readonly string[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }
}

/** Whether a line of a stack can go on in the next: by its length and last character, for which it need not be cut out. */
export function mayBeWrapped(text: string, start: number, end: number): boolean {
  return end - start >= narrowest && text.charCodeAt(end - 1) !== 0x29 /* ) */ && text.charCodeAt(start) !== 0x09;
}

/** A function or a place without its end. */
function mayContinue(line: string): boolean {
  if (line.length < narrowest || line.endsWith(')') || /^(?:goroutine |created by )/.test(line)) return false;
  if (/^\s*\//.test(line)) return !/:\d/.test(line);
  return looksLikeFunction(line) || (/^[\w.-]+\/\S+$/.test(line) && !/:\d/.test(line));
}

/** A line that begins as each of its kind does. */
function isOwn(line: string): boolean {
  return line === '' || /^(?:\t|\s*\/[^(]*$|goroutine |created by )/.test(line);
}

function isContinuation(line: string): boolean {
  return !isOwn(line) && !looksLikeFunction(line);
}

function isWhole(line: string): boolean {
  return /^\s*\//.test(line) ? /\.\w{1,3}:\d+(?: \+0x[0-9a-f]+)?$/.test(line) : /\(.*\)$/.test(line);
}
