import type { DumpEnd, Goroutine, RepeatedGoroutine } from '../../../sample/goroutines.ts';
import { Debug2Parser } from './debug2.ts';
import { isHeaderAt } from './header-bytes.ts';
import { KnownStacks } from './known-stacks.ts';

/** A goroutine longer than this is left to the parser of lines. */
const maxGoroutineBytes = 256 * 1024;
/** What is joined to the unfinished end of a chunk at a time. */
const joinedBytes = 64 * 1024;
const headerBytes = 10;
const newline = 0x0a;
const blankLine = Buffer.from('\n\n');

interface Handlers {
  readonly onGoroutine: (goroutine: Goroutine) => void;
  readonly onRepeat: (goroutine: RepeatedGoroutine) => void;
}

/**
 * Reads the bytes of a `debug=2` profile, or of anything else that `Debug2Parser` reads. A goroutine whose stack came before
 * is compared, not parsed; all else goes through that parser, so the result is the same. Its memory is fixed, and chunks may
 * be overwritten once they were fed.
 */
export class Debug2Bytes {
  readonly #onRepeat: Handlers['onRepeat'];
  readonly #parser: Debug2Parser;
  readonly #stacks = new KnownStacks();
  readonly #decoder = new TextDecoder();
  /** The unfinished end of what was fed, and its length. */
  readonly #rest = Buffer.allocUnsafeSlow(maxGoroutineBytes + joinedBytes);
  #restBytes = 0;
  /** The goroutine that was parsed last. */
  #parsed: Goroutine | null = null;
  #parsedCount = 0;
  /** The parser was fed whole lines: no part of a character is left in the decoder. */
  #isLineStart = true;

  constructor({ onGoroutine, onRepeat }: Handlers) {
    this.#onRepeat = onRepeat;
    this.#parser = new Debug2Parser((goroutine) => {
      this.#parsed = goroutine;
      this.#parsedCount++;
      onGoroutine(goroutine);
    });
  }

  feed(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    while (this.#restBytes > 0 && from < bytes.length) {
      const joined = bytes.copy(this.#rest, this.#restBytes, from, from + joinedBytes);
      const read = this.#read(this.#rest.subarray(0, this.#restBytes + joined));
      if (read >= this.#restBytes) {
        // The goroutine that was unfinished is complete; what follows is read where it is.
        from += read - this.#restBytes;
        this.#restBytes = 0;
      } else {
        from += joined;
        this.#rest.copyWithin(0, read, this.#restBytes + joined);
        this.#restBytes += joined - read;
      }
    }
    if (from >= bytes.length) return;
    const whole = bytes.subarray(from);
    const read = this.#read(whole);
    this.#restBytes = whole.copy(this.#rest, 0, read);
  }

  end(): DumpEnd {
    this.#parse(this.#rest.subarray(0, this.#restBytes));
    this.#parser.feed(this.#decoder.decode());
    return this.#parser.end();
  }

  /** How many bytes it has read: up to an unfinished goroutine of bounded length. */
  #read(bytes: Buffer<ArrayBuffer>): number {
    const stacks = this.#stacks;
    const end = bytes.length;
    stacks.open(bytes, new DataView(bytes.buffer, bytes.byteOffset, end));
    let at = 0;
    while (at < end) {
      const isBetween = this.#isLineStart && this.#parser.isBetween;
      if (isBetween && end - at < headerBytes) return at;
      if (!isBetween || !isHeaderAt(bytes, at, end)) {
        const behind = behindBlank(bytes, at) ?? end;
        this.#parse(bytes.subarray(at, behind));
        at = behind;
        continue;
      }
      let stop = stacks.next(at, end);
      if (stop < 0) {
        const behind = behindBlank(bytes, at);
        if (behind === null && end - at < maxGoroutineBytes) return at;
        stop = behind === null ? -1 : stacks.find(behind);
        if (stop < 0) {
          stop = behind ?? end;
          this.#learn(bytes, at, stop);
          at = stop;
          continue;
        }
      }
      const { lines, frames } = stacks.stack;
      this.#parser.skip(lines, stop - at, frames);
      this.#onRepeat(stacks);
      at = stop;
    }
    return at;
  }

  /** Parses a goroutine, and remembers its stack if there was just that one and nothing of it was lost. */
  #learn(bytes: Buffer, from: number, to: number): void {
    const before = { ...this.#parser.lost, count: this.#parsedCount };
    this.#parse(bytes.subarray(from, to));
    const { places, cut } = this.#parser.lost;
    const isWhole = this.#parsedCount === before.count + 1 && places === before.places && cut === before.cut;
    if (this.#parsed !== null && isWhole && this.#parser.isBetween) this.#stacks.learn(this.#parsed, to);
    this.#parsed = null;
  }

  #parse(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#isLineStart = bytes[bytes.length - 1] === newline;
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
  }
}

function behindBlank(bytes: Buffer, from: number): number | null {
  const at = bytes.indexOf(blankLine, from);
  return at < 0 ? null : at + blankLine.length;
}
