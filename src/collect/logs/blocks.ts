import { maxLogLineLength } from '../../parse/log/match.ts';

const newline = 0x0a;
const lineBreak = Buffer.from([newline]);

/** Whole lines, the last without its line break. */
export interface LogBlock {
  readonly bytes: Buffer;
  readonly lines: number;
}

const noBlock: LogBlock = { bytes: Buffer.alloc(0), lines: 0 };

/** Makes whole lines of bytes that come in pieces. What has no end within 64 KiB is cut there. */
export class LogBlocks {
  #rest: Buffer = Buffer.alloc(0);
  /** The rest of a line whose beginning was passed over, or given out already, is of no use. */
  #passing = false;

  /** Forgets a partial block, e.g. when the file begins anew. */
  reset(passToNextLine = false): void {
    this.#rest = Buffer.alloc(0);
    this.#passing = passToNextLine;
  }

  /** The whole lines that these bytes complete, and how many they are. The bytes are not kept. */
  take(given: Buffer): LogBlock {
    const bytes = withoutZeros(given);
    let from = 0;
    if (this.#passing) {
      const end = bytes.indexOf(newline);
      if (end === -1) return noBlock;
      from = end + 1;
      this.#passing = false;
    }
    const last = bytes.lastIndexOf(newline);
    if (last < from) return this.#hold(bytes.subarray(from));
    const whole = Buffer.concat([this.#rest, bytes.subarray(from, last)]);
    this.#rest = Buffer.alloc(0);
    const held = this.#hold(bytes.subarray(last + 1));
    const lines = countLines(whole) + held.lines;
    return { bytes: held.lines === 0 ? whole : Buffer.concat([whole, lineBreak, held.bytes]), lines };
  }

  #hold(bytes: Buffer): LogBlock {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#rest.length <= maxLogLineLength) return noBlock;
    const cut = this.#rest.subarray(0, maxLogLineLength);
    this.reset(true);
    return { bytes: cut, lines: 1 };
  }
}

/** A machine that lost its power leaves runs of zero bytes in its logs; the line behind them is whole. */
function withoutZeros(bytes: Buffer): Buffer {
  return bytes.includes(0) ? Buffer.from(bytes.filter((byte) => byte !== 0)) : bytes;
}

function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
