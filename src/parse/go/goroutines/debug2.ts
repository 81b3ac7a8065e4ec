import type { DumpEnd, Goroutine } from '../../../sample/goroutines.ts';
import { frameAtStart, unknownHeader } from './begins-inside.ts';
import { GoroutineBlocks } from './block.ts';
import { endOfEscapedLines, holdsEscapedDump, unwrapLog } from './escaped.ts';
import { EscapedMessage } from './escaped-message.ts';
import { LastWords, splitLastWords } from './last-words.ts';
import { lostInWords } from './lost-parts.ts';
import { beginsWithLink, escapeCharacter, withoutColours, withoutLinks } from './markup.ts';
import { type Prefix, prefixOf } from './prefix.ts';
import {
  beginsInHeader,
  headerIn,
  isFrame,
  isJoined,
  lastHeaderIn,
  looksLikePlace,
  splitJoined,
  wholeHeader,
} from './shape.ts';
import { mayBeWrapped, WrappedLines } from './wrapped.ts';

/** Where runtime/pprof gives up: it cuts the text there and says nothing (pprof.go writeGoroutineStacks). */
const goLimit = 64 * 1024 * 1024;
/** The longest line that is kept whole; those of Go have less than 2 KiB. */
const maxLine = 64 * 1024;
const carriageReturn = 0x0d;
/** A header stands within the first so many characters of its line. */
const longestPrefix = 512;

/**
 * Reads the goroutines of a `debug=2` profile, of a SIGUSR1 stack file, or of a log that has such a dump in it: as lines
 * of its own, with the prefix of syslog or of the journal before each, or escaped in one line (`msg="=== BEGIN goroutine
 * stack dump ===\ngoroutine 1 [select]:\n\t…"`, which is how containerd and its shims write it).
 *
 * Feed it the text in chunks, cut anywhere; it keeps no more than one goroutine and one line. It never throws: what
 * cannot be parsed is skipped and reported at the end.
 */
export class Debug2Parser {
  readonly #blocks: GoroutineBlocks;
  /** The beginning of a line whose end has not come. */
  #pending = '';
  /** The pending text continues a line that was too long and whose beginning was dropped. */
  #isTail = false;
  /** Lines have the colours of a terminal. */
  #isColoured = false;
  /** What stands before the lines of the dump; null while they are as Go wrote them. */
  #prefix: Prefix | null = null;
  readonly #wrapped = new WrappedLines();
  readonly #message: EscapedMessage;
  readonly #lastWords = new LastWords();
  #line = 0;
  #length = 0;
  #dumps = 0;
  #error: string | null = null;
  #note: string | null = null;

  constructor(onGoroutine: (goroutine: Goroutine) => void) {
    this.#blocks = new GoroutineBlocks(onGoroutine, (reason) => this.#damage(reason));
    this.#message = new EscapedMessage(this.#blocks, {
      damage: (reason) => this.#damage(reason),
      other: (line) => {
        this.#lastWords.inMessage(line);
        this.#countDumps(line);
      },
    });
  }

  /** Nothing that came before has a say in what comes next: a goroutine may be read by other means, and counted by `skip`. */
  get isBetween(): boolean {
    return (
      !this.#blocks.isOpen &&
      this.#pending === '' &&
      this.#prefix === null &&
      !this.#isTail &&
      !this.#message.isOpen &&
      !this.#message.isCut &&
      !this.#wrapped.isOpen
    );
  }

  /** What was lost so far of the frames; a stack that has lost something is not one to compare others with. */
  get lost(): GoroutineBlocks['lost'] {
    return this.#blocks.lost;
  }

  /** A whole goroutine was read by other means. */
  skip(lines: number, characters: number, frames: number): void {
    this.#line += lines;
    this.#length += characters;
    this.#blocks.skip(frames);
  }

  feed(chunk: string): void {
    this.#length += chunk.length;
    this.#isColoured ||= chunk.includes(escapeCharacter);
    let start = 0;
    let end = chunk.indexOf('\n');
    if (this.#pending !== '' && end >= 0) {
      const line = this.#pending + chunk.slice(0, end);
      this.#pending = '';
      this.#whole(line, 0, line.length);
      start = end + 1;
      end = chunk.indexOf('\n', start);
    }
    for (; end >= 0; end = chunk.indexOf('\n', start)) {
      this.#whole(chunk, start, end);
      start = end + 1;
    }
    this.#pending += start === 0 ? chunk : chunk.slice(start);
    if (this.#pending.length > maxLine) this.#shorten();
  }

  end(): DumpEnd {
    for (const line of this.#wrapped.end()) this.#plain(line, 0, line.length);
    if (this.#pending !== '' && !this.#isTail) this.#unfinished();
    this.#message.breakOff();
    if (this.#blocks.isOpen && !this.#blocks.looksComplete) this.#damage('the dump breaks off in a goroutine');
    this.#blocks.close();
    if (this.#length === goLimit) this.#error ??= `line ${this.#line}: Go cut the dump at 64 MiB`;
    const abort = this.#lastWords.text;
    if (this.#blocks.count === 0) {
      this.#error ??=
        abort === null ? `no goroutine in ${this.#line} lines` : 'it says why the program ended; no goroutine is in it';
    }
    const error = lostInWords(this.#blocks.lost, this.#error) ?? this.#error;
    const reason = [error, this.#note].filter((text) => text !== null).join('; ');
    return {
      form: 'debug2',
      total: this.#blocks.count,
      partial: error !== null,
      error: reason === '' ? null : reason,
      ...(abort === null ? {} : { abort }),
    };
  }

  /** A line whose end is known. */
  #whole(text: string, start: number, end: number): void {
    this.#line++;
    const last = text.charCodeAt(end - 1) === carriageReturn && end > start ? end - 1 : end;
    if (this.#isColoured) {
      const line = withoutColours(text.slice(start, last));
      this.#read(line, 0, line.length);
    } else this.#read(text, start, last);
  }

  #read(text: string, start: number, last: number): void {
    if (this.#line === 1 && !this.#isTail && this.#begins(text.slice(start, last))) return;
    if (this.#line === 1 && beginsInHeader(text.slice(start, last))) {
      const header = `goroutine${text.slice(text.indexOf(' ', start), last)}`;
      this.#plain(header, 0, header.length);
    } else if (this.#isTail) this.#isTail = false;
    else if (this.#message.isOpen) this.#message.part(text.slice(start, last), true);
    else if (this.#message.isCut) {
      // A line that does not go on with the message is one as any other.
      if (!this.#message.continues(text.slice(start, last))) this.#read(text, start, last);
    } else if (this.#prefix !== null) this.#prefixed(text.slice(start, last), this.#prefix);
    else if (beginsWithLink(text, start, last)) {
      const line = withoutLinks(text.slice(start, last));
      this.#plain(line, 0, line.length);
    } else if (this.#wrapped.isOpen || (this.#blocks.isOpen && mayBeWrapped(text, start, last))) {
      for (const line of this.#wrapped.take(text.slice(start, last))) this.#plain(line, 0, line.length);
    } else this.#plain(text, start, last);
  }

  /** A page of a dump that begins in the middle of a goroutine. What state it is in was in the header, which is not there. */
  #begins(line: string): boolean {
    const frame = frameAtStart(line);
    if (frame === null) return false;
    this.#blocks.line(unknownHeader, 0, unknownHeader.length);
    this.#damage('begins in a goroutine: its header is missing');
    this.#prefix = frame.at === 0 ? null : prefixOf(line.slice(0, frame.at));
    return frame.kind === 'place';
  }

  /** A line as Go wrote it, or one outside a dump. */
  #plain(text: string, start: number, end: number): void {
    if (this.#blocks.isOpen && LastWords.isPanic(text, start)) this.#lastWords.line(text.slice(start, end).trimStart());
    else if (!this.#blocks.line(text, start, end)) this.#foreign(text.slice(start, end));
  }

  /** A line outside a dump, which can contain a dump, or be the first of those with a prefix. */
  #foreign(line: string): void {
    if (line.startsWith('\t') && / \+0x[0-9a-f]+$/.test(line) && !this.#blocks.isOpen) {
      this.#damage('a frame of a goroutine without header');
    }
    if (!line.includes('goroutine ')) {
      this.#lastWords.line(line);
      return;
    }
    const joined = splitLastWords(line);
    if (joined !== null) {
      this.#foreign(joined.words);
      this.#plain(joined.header, 0, joined.header.length);
      return;
    }
    const wrapped = unwrapLog(line);
    if (wrapped === null && holdsEscapedDump(line)) {
      this.#message.part(line, true);
      return;
    }
    this.#countDumps(line);
    const text = wrapped ?? line;
    const at = headerIn(text.slice(0, longestPrefix));
    const prefix = at < 0 ? null : prefixOf(text.slice(0, at));
    if (prefix === null) return;
    this.#prefix = prefix;
    this.#lastWords.underPrefix(prefix);
    this.#loose(text.slice(at));
  }

  /** A line of a dump whose lines have a prefix, are indented, or have lost their breaks. */
  #prefixed(line: string, prefix: Prefix): void {
    if (line.startsWith('goroutine ')) {
      this.#prefix = null;
      if (!this.#blocks.line(line, 0, line.length)) this.#foreign(line);
      return;
    }
    const text = unwrapLog(line) ?? line;
    const at = prefix(text);
    const header = headerIn(text.slice(0, longestPrefix));
    if (header >= 0 && (at < 0 || text.slice(at, header).trim() !== '')) {
      // A header behind other text: the dump continues in another form.
      this.#prefix = null;
      this.#foreign(line);
      return;
    }
    // Lines without the prefix are not part of the dump, except in a message of which only the first line has it.
    if (at >= 0 || (this.#blocks.isOpen && isFrame(text.trim()))) this.#loose(text.slice(Math.max(0, at)));
  }

  /** The text of a line as Go would have written it, as separate lines. */
  #loose(text: string): void {
    // rsyslog writes a tab as #011, of which GitHub makes a link to issue 11; a pager marks what it cuts; a web page breaks lines, a
    // table ends them.
    const content = text
      .replaceAll('#011', '\t')
      .replace(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/0?11(?=\/)/, '\t')
      .trim()
      .replace(/(?: ?<br ?\/?>| +\|)$/, '')
      .replace(/(?<!autogenerated)(?:[>…])$/, '');
    if (holdsEscapedDump(content)) {
      this.#message.part(content, true);
      return;
    }
    const lines = isJoined(content) ? splitJoined(content) : [content];
    for (const each of lines) {
      const line = each.trim();
      const isBare = this.#blocks.isOpen && looksLikePlace(line);
      const whole = isBare ? `\t${line}` : wholeHeader(line);
      if (!this.#blocks.line(whole, 0, whole.length)) this.#countDumps(line);
    }
  }

  /** The pending text is longer than a line: it is an escaped dump, or nothing of ours. */
  #shorten(): void {
    const isDump = !this.#isTail && (this.#message.isOpen || holdsEscapedDump(this.#pending));
    const end = isDump ? endOfEscapedLines(this.#pending) : 0;
    const header = end === 0 && !this.#isTail ? lastHeaderIn(this.#pending) : 0;
    if (header > 0) {
      const part = this.#pending.slice(0, header);
      this.#pending = this.#pending.slice(header);
      if (this.#prefix === null) this.#foreign(part);
      else this.#prefixed(part, this.#prefix);
      return;
    }
    if (end === 0) {
      if (!this.#blocks.looksComplete && !this.#isTail) this.#damage(`longer than ${maxLine} characters`, 1);
      this.#pending = '';
      this.#isTail = true;
      return;
    }
    const part = this.#pending.slice(0, end - 2);
    this.#pending = this.#pending.slice(end);
    this.#message.part(part, false);
  }

  /** The last line is incomplete. It is not parsed, because the missing part is unknown, unless it is a header. */
  #unfinished(): void {
    const line = this.#pending;
    this.#line++;
    if (this.#message.isOpen || (!this.#blocks.isOpen && holdsEscapedDump(line))) {
      this.#message.part(line, true);
      return;
    }
    if (this.#prefix !== null || (headerIn(line) >= 0 && !/^goroutine \d+ .*:$/.test(line))) {
      const text = (unwrapLog(line) ?? line).slice(Math.max(0, this.#prefix?.(line) ?? 0)).trim();
      const isWhole = text === '' || /(?: (?:\+|pc=)0x[0-9a-f]+|:)$/.test(text);
      if (!isWhole) {
        const isPart = text.startsWith('goroutine ') || 'goroutine '.startsWith(text);
        if (isPart || !this.#blocks.looksComplete) this.#damage('has no end: the dump breaks off there');
      } else if (this.#prefix === null) this.#foreign(line);
      else this.#prefixed(line, this.#prefix);
      return;
    }
    const wasOpen = this.#blocks.isOpen;
    if (/^goroutine \d+ .*:$/.test(line)) this.#blocks.line(line, 0, line.length);
    else if (/^\t\S.* \+0x[0-9a-f]+$/.test(line)) {
      this.#blocks.line(line, 0, line.length);
      if (this.#blocks.looksComplete) return;
    }
    const isPart = line.startsWith('goroutine ') || 'goroutine '.startsWith(line);
    if ((wasOpen && !this.#blocks.isDone) || (isPart && this.#blocks.count > 0))
      this.#damage('has no end: the dump breaks off there');
  }

  #countDumps(line: string): void {
    if (!line.includes('=== BEGIN goroutine stack dump')) return;
    this.#dumps++;
    if (this.#dumps > 1) this.#note ??= `line ${this.#line}: another dump begins; both are included`;
  }

  #damage(reason: string, linesAhead = 0): void {
    this.#error ??= `line ${this.#line + linesAhead}: ${reason}`;
  }
}
