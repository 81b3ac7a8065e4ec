import { detach } from '../../../base/detach.ts';
import type { DumpEnd, Goroutine } from '../../../sample/goroutines.ts';
import { GoroutineBlocks } from './block.ts';
import { endOfEscapedLines, holdsEscapedDump, unescapeLog, unwrapLog } from './escaped.ts';
import { beginsWithLink, escapeCharacter, withoutColours, withoutLinks } from './markup.ts';
import { type Prefix, prefixOf } from './prefix.ts';
import { headerIn, isFrame, isJoined, lastHeaderIn, looksLikePlace, splitJoined, wholeHeader } from './shape.ts';
import { mayBeWrapped, WrappedLines } from './wrapped.ts';

/** Where runtime/pprof gives up: it cuts the text there and says nothing (pprof.go writeGoroutineStacks). */
const goLimit = 64 * 1024 * 1024;
/** The longest line that is kept whole; those of Go have less than 2 KiB. */
const maxLine = 64 * 1024;
/** What loggers write before a line: syslog and the journal, a supervisor, docker compose, the kubelet's files of containers. */
const before = String.raw`(?:[^"=]{0,120}\S: |\[[\w.@/-]{1,41}\] |[\w.-]{1,80} {0,40}\| |[\dT:.+-]{19,35}Z? (?:std(?:out|err) [FP] )?)?`;
const lastWords = String.raw`fatal error: |panic: |http: panic serving |runtime: program exceeds |runtime: failed to create new OS thread|runtime\/cgo: pthread_create failed|SIG(?:ABRT|QUIT|SEGV|BUS): `;
/** What Go writes before it ends a program, also behind what a logger writes, indented or quoted. */
const aborted = new RegExp(`^(?:${before}|[ \\t>\`]{1,12})((?:${lastWords}).*)$`);
/** The same behind anything: it counts where a header stands behind the same. */
const behindOther = new RegExp(String.raw`(?<=[\s\]:|])(?:${lastWords})`);
/** net/http ends the request that panicked, and runs on. */
const recovered = /^http: panic serving /;
/** The second line of a fault says of which kind it is. */
const busError = new RegExp(String.raw`^${before}\[signal SIGBUS: `);
/** A panic that was pasted without the line break behind it. */
const joinedToAbort = new RegExp(
  String.raw`^(${before}(?:panic|fatal error): .{1,300}?[^\s/])(goroutine \d{1,20} .*\[.*\]:)$`,
);
/** Who wrote a line, as the journal and syslog put it before the message. */
const writer = /^[^"=]{0,120}?(\S{1,64}\[\d{1,10}\]: )/;
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
  /** The pending text continues a line with an escaped dump, whose beginning was parsed. */
  #isEscaped = false;
  /** The message of the escaped dump is quoted, so that its end is known. */
  #isQuoted = true;
  /** The journal cut the message of an escaped dump: what its lines begin with, and what of the last one is not parsed yet. */
  #cut: { readonly writer: string; readonly rest: string } | null = null;
  /** Who wrote the line that continues a message. */
  #writer: string | null = null;
  /** Lines have the colours of a terminal. */
  #isColoured = false;
  /** How many goroutines there were before the line that holds an escaped dump. */
  #countBefore = 0;
  /** What stands before the lines of the dump; null while they are as Go wrote them. */
  #prefix: Prefix | null = null;
  readonly #wrapped = new WrappedLines();
  #line = 0;
  #length = 0;
  #dumps = 0;
  #error: string | null = null;
  #note: string | null = null;
  #abort: string | null = null;
  /** Last words behind something that may be what a logger writes before each line of the dump, too. */
  #behind: { readonly text: string; readonly at: number } | null = null;

  constructor(onGoroutine: (goroutine: Goroutine) => void) {
    this.#blocks = new GoroutineBlocks(onGoroutine, (reason) => this.#damage(reason));
  }

  /** Nothing that came before has a say in what comes next: a goroutine may be read by other means, and counted by `skip`. */
  get isBetween(): boolean {
    return (
      !this.#blocks.isOpen &&
      this.#pending === '' &&
      this.#prefix === null &&
      !this.#isTail &&
      !this.#isEscaped &&
      this.#cut === null &&
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
    this.#breakOff();
    if (this.#blocks.isOpen && !this.#blocks.looksComplete) this.#damage('the dump breaks off in a goroutine');
    this.#blocks.close();
    if (this.#length === goLimit) this.#error ??= `line ${this.#line}: Go cut the dump at 64 MiB`;
    if (this.#blocks.count === 0) {
      this.#error ??=
        this.#abort === null
          ? `no goroutine in ${this.#line} lines`
          : 'it says why the program ended; no goroutine is in it';
    }
    const error = this.#whatIsLost() ?? this.#error;
    const reason = [error, this.#note].filter((text) => text !== null).join('; ');
    return {
      form: 'debug2',
      total: this.#blocks.count,
      partial: error !== null,
      error: reason === '' ? null : reason,
      ...(this.#abort === null ? {} : { abort: this.#abort }),
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
    if (this.#isTail) this.#isTail = false;
    else if (this.#isEscaped) this.#escaped(text.slice(start, last), true);
    else if (this.#cut !== null) this.#afterCut(text.slice(start, last), this.#cut);
    else if (this.#prefix !== null) this.#prefixed(text.slice(start, last), this.#prefix);
    else if (beginsWithLink(text, start, last)) {
      const line = withoutLinks(text.slice(start, last));
      this.#plain(line, 0, line.length);
    } else if (this.#wrapped.isOpen || (this.#blocks.isOpen && mayBeWrapped(text, start, last))) {
      for (const line of this.#wrapped.take(text.slice(start, last))) this.#plain(line, 0, line.length);
    } else this.#plain(text, start, last);
  }

  /** A line as Go wrote it, or one outside a dump. */
  #plain(text: string, start: number, end: number): void {
    if (!this.#blocks.line(text, start, end)) this.#foreign(text.slice(start, end));
  }

  /** A line outside a dump, which can contain a dump, or be the first of those with a prefix. */
  #foreign(line: string): void {
    if (line.startsWith('\t') && / \+0x[0-9a-f]+$/.test(line) && !this.#blocks.isOpen) {
      this.#damage('a frame of a goroutine without header');
    }
    if (!line.includes('goroutine ')) {
      const text = unwrapLog(line) ?? line;
      const abort = aborted.exec(text)?.[1];
      if (abort !== undefined) this.#lastWords(abort);
      else if (this.#abort === null && this.#behind === null) {
        const at = text.slice(0, longestPrefix).search(behindOther);
        if (at > 0) this.#behind = { text: detach(text.slice(0, longestPrefix)), at };
      } else if (this.#abort !== null && !this.#abort.includes('SIGBUS') && busError.test(line))
        this.#abort += ' (SIGBUS)';
      return;
    }
    const [, abort, header] = joinedToAbort.exec(line) ?? [];
    if (abort !== undefined && header !== undefined) {
      this.#foreign(abort);
      this.#plain(header, 0, header.length);
      return;
    }
    const wrapped = unwrapLog(line);
    if (wrapped === null && holdsEscapedDump(line)) {
      this.#escaped(line, true);
      return;
    }
    this.#countDumps(line);
    const text = wrapped ?? line;
    const at = headerIn(text.slice(0, longestPrefix));
    const prefix = at < 0 ? null : prefixOf(text.slice(0, at));
    if (prefix === null) return;
    this.#prefix = prefix;
    if (this.#behind !== null && prefix(this.#behind.text) === this.#behind.at)
      this.#lastWords(this.#behind.text.slice(this.#behind.at));
    this.#behind = null;
    this.#loose(text.slice(at));
  }

  /** The first are those of the failure; a request that panicked before is none. */
  #lastWords(words: string): void {
    if (this.#abort === null || (recovered.test(this.#abort) && !recovered.test(words)))
      this.#abort = detach(words.slice(0, 200).trimEnd());
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
    // rsyslog writes a tab as #011; a pager marks what it cuts; a web page breaks lines, a table ends them.
    const content = text
      .replaceAll('#011', '\t')
      .trim()
      .replace(/(?: ?<br ?\/?>| +\|)$/, '')
      .replace(/(?<!autogenerated)(?:[>…])$/, '');
    if (holdsEscapedDump(content)) {
      this.#escaped(content, true);
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

  /** A line with a dump in it, or the next part of one. The first line of the dump follows what the logger wrote. */
  #escaped(part: string, isEnd: boolean): void {
    if (!this.#isEscaped) {
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
      if (!this.#blocks.line(line, start, end)) this.#countDumps(line);
      last = line;
    }
    // Escapes and line breaks: the message goes on in the next line.
    const goesOn = isEnd && last === '' && !part.includes('"') && this.#blocks.isOpen;
    this.#isEscaped = !isEnd || goesOn;
    if (this.#isEscaped) return;
    // The journal cuts lines at 48 KiB; then the quote that ends the message is not there.
    const isCut = (this.#isQuoted && !last.includes('"')) || !this.#blocks.looksComplete;
    if (isCut && this.#blocks.count > this.#countBefore) this.#damage('the message breaks off in a goroutine');
    this.#blocks.close();
  }

  /** Whether the journal cut the message within this last line of it; then it is kept until the next line of the log comes. */
  #isCutIn(part: string, last: string): boolean {
    const by = writer.exec(part)?.[1] ?? this.#writer;
    if (by === null || !this.#isQuoted || !this.#blocks.isOpen || last.includes('"')) return false;
    this.#cut = { writer: by, rest: part.slice(endOfEscapedLines(part)) };
    this.#isEscaped = false;
    return true;
  }

  /** The line behind a message that was cut: the rest of it, or another message. */
  #afterCut(line: string, { writer: by, rest }: { readonly writer: string; readonly rest: string }): void {
    const at = line.slice(0, longestPrefix).indexOf(by);
    const text = at < 0 ? '' : line.slice(at + by.length);
    if (text === '' || text.startsWith('time=')) {
      this.#breakOff();
      this.#read(line, 0, line.length);
      return;
    }
    this.#cut = null;
    this.#isEscaped = true;
    this.#writer = by;
    this.#escaped(rest + text, true);
    this.#writer = null;
  }

  /** Nothing follows what was cut. */
  #breakOff(): void {
    if (this.#cut === null) return;
    const { rest } = this.#cut;
    this.#cut = null;
    this.#isEscaped = true;
    this.#escaped(rest, true);
  }

  /** The pending text is longer than a line: it is an escaped dump, or nothing of ours. */
  #shorten(): void {
    const isDump = !this.#isTail && (this.#isEscaped || holdsEscapedDump(this.#pending));
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
    this.#escaped(part, false);
  }

  /** The last line is incomplete. It is not parsed, because the missing part is unknown, unless it is a header. */
  #unfinished(): void {
    const line = this.#pending;
    this.#line++;
    if (this.#isEscaped || (!this.#blocks.isOpen && holdsEscapedDump(line))) {
      this.#escaped(line, true);
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

  /** In numbers, where it is more than one line; null else. */
  #whatIsLost(): string | null {
    const { frames, places, cut } = this.#blocks.lost;
    if (places + cut < 2) return null;
    const parts = [
      ...(places === 0 ? [] : [`places are missing in ${places} of ${frames} frames`]),
      ...(cut === 0 ? [] : [`${cut} of ${frames} frames are cut`]),
    ];
    return `${parts.join(', ')}${this.#error === null ? '' : `; first at ${this.#error}`}`;
  }

  #damage(reason: string, linesAhead = 0): void {
    this.#error ??= `line ${this.#line + linesAhead}: ${reason}`;
  }
}
