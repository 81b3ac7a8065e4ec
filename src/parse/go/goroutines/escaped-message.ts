import type { GoroutineBlocks } from './block.ts';
import { endOfEscapedLines, unescapeLog } from './escaped.ts';
import { headerIn } from './shape.ts';

/** Who wrote a line, as the journal and syslog put it before the message. */
const writer = /^[^"=]{0,120}?(\S{1,64}\[\d{1,10}\]: )/;
/** Who wrote a line stands within its first so many characters. */
const longestPrefix = 512;

/** What the reader of the whole text does with what is no goroutine. */
interface MessageReports {
  /** Something is missing. */
  readonly damage: (reason: string) => void;
  /** A line of the message that belongs to no goroutine. */
  readonly other: (line: string) => void;
}

/**
 * A dump that a logger escaped into one message. The message can come in parts, because its line is long, and over several
 * lines of the log: the journal cuts a message at 48 KiB, and the rest follows as a message of its own.
 */
export class EscapedMessage {
  readonly #blocks: GoroutineBlocks;
  readonly #reports: MessageReports;
  #isOpen = false;
  /** It is quoted, so that its end is known. */
  #isQuoted = true;
  /** The journal cut it: what its lines begin with, and what of the last one is not parsed yet. */
  #cut: { readonly writer: string; readonly rest: string } | null = null;
  /** Who wrote the line that continues it. */
  #writer: string | null = null;
  /** How many goroutines there were before it. */
  #countBefore = 0;

  constructor(blocks: GoroutineBlocks, reports: MessageReports) {
    this.#blocks = blocks;
    this.#reports = reports;
  }

  /** The next text continues the message, whose beginning was parsed. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The journal cut the message: the next line of the log decides whether it goes on. */
  get isCut(): boolean {
    return this.#cut !== null;
  }

  /** A line with a dump in it, or the next part of one. The first line of the dump follows what the logger wrote. */
  part(part: string, isEnd: boolean): void {
    if (!this.#isOpen) {
      this.#blocks.close();
      this.#countBefore = this.#blocks.count;
      this.#isQuoted = part.includes('"');
    }
    let last = '';
    const lines = unescapeLog(part).split('\n');
    for (const [index, line] of lines.entries()) {
      if (isEnd && index === lines.length - 1 && this.#isCutIn(part, line)) return;
      const start = this.#blocks.isOpen ? 0 : Math.max(0, headerIn(line));
      if (start > 0) this.#isQuoted = line.slice(0, start).includes('"');
      const end = line.startsWith('\t') && line.includes('"') ? line.indexOf('"') : line.length;
      if (!this.#blocks.line(line, start, end)) this.#reports.other(line);
      last = line;
    }
    // Escapes and line breaks: the message goes on in the next line.
    const goesOn = isEnd && last === '' && !part.includes('"') && this.#blocks.isOpen;
    this.#isOpen = !isEnd || goesOn;
    if (this.#isOpen) return;
    // The quote that ends the message is not there when the journal cut it.
    const isCut = (this.#isQuoted && !last.includes('"')) || !this.#blocks.looksComplete;
    if (isCut && this.#blocks.count > this.#countBefore) this.#reports.damage('the message breaks off in a goroutine');
    this.#blocks.close();
  }

  /** The line behind a message that was cut: true when it is the rest of it. */
  continues(line: string): boolean {
    if (this.#cut === null) return false;
    const { writer: by, rest } = this.#cut;
    const at = line.slice(0, longestPrefix).indexOf(by);
    const text = at < 0 ? '' : line.slice(at + by.length);
    if (text === '' || text.startsWith('time=')) {
      this.breakOff();
      return false;
    }
    this.#cut = null;
    this.#isOpen = true;
    this.#writer = by;
    this.part(rest + text, true);
    this.#writer = null;
    return true;
  }

  /** Nothing follows what was cut. */
  breakOff(): void {
    if (this.#cut === null) return;
    const { rest } = this.#cut;
    this.#cut = null;
    this.#isOpen = true;
    this.part(rest, true);
  }

  /** Whether the journal cut the message within this last line of it; then it is kept until the next line of the log comes. */
  #isCutIn(part: string, last: string): boolean {
    const by = writer.exec(part)?.[1] ?? this.#writer;
    if (by === null || !this.#isQuoted || !this.#blocks.isOpen || last.includes('"')) return false;
    this.#cut = { writer: by, rest: part.slice(endOfEscapedLines(part)) };
    this.#isOpen = false;
    return true;
  }
}
