import { detach } from '../../../base/detach.ts';
import { holdsEscapedStack, unescapeLog, unwrapLog } from './escaped.ts';
import type { Prefix } from './prefix.ts';

/** What loggers write before a line: syslog and the journal, a supervisor, docker compose, the kubelet's files of containers. */
const before = String.raw`(?:[^"=]{0,120}\S: |\[[\w.@/-]{1,41}\] |[\w.-]{1,80} {0,40}\| |[\dT:.+-]{19,35}Z? (?:std(?:out|err) [FP] )?)?`;
const lastWords = String.raw`fatal error: |fatal: (?:morestack on g|systemstack called)|panic: |http: panic serving |runtime: program exceeds |runtime: failed to create new OS thread|runtime\/cgo: pthread_create failed|SIG(?:ABRT|QUIT|SEGV|BUS): `;
/** What Go writes before it ends a program, also behind what a logger writes, indented or quoted; a terminal shows Ctrl-\ as `^\`. */
const aborted = new RegExp(String.raw`^(?:${before}|[ \t>\x60]{1,12}|\^\\)((?:${lastWords}).*)$`);
/** The same in a message with a dump, where it can be behind other errors, quoted as they are. */
const inMessage = new RegExp(String.raw`(?:^|[\s"':])((?:${lastWords})[^"]*)`);
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
/** They begin within the first so many characters of their line. */
const longestPrefix = 512;
const space = 0x20;
/** Of a line of a message. */
const longestMessage = 2048;

/** A line in which the last words and the header of the first goroutine stand together; null for any other. */
export function splitLastWords(line: string): { readonly words: string; readonly header: string } | null {
  const [, words, header] = joinedToAbort.exec(line) ?? [];
  return words === undefined || header === undefined ? null : { words, header };
}

/** What a Go program wrote before it ended, found in the lines around its goroutines. */
export class LastWords {
  #text: string | null = null;
  /** Words behind something that may be what a logger writes before each line of the dump, too. */
  #behind: { readonly text: string; readonly at: number } | null = null;

  /** Whether a line among the frames is the message of a panic: `panic: x`, where a frame is `panic(0x1, 0x2)`. */
  static isPanic(text: string, start: number): boolean {
    let from = start;
    while (text.charCodeAt(from) === space) from++;
    return text.startsWith('panic: ', from);
  }

  /** Null while none were found. */
  get text(): string | null {
    return this.#text;
  }

  /** A line outside the dump, without the header of a goroutine. */
  line(line: string): void {
    if (holdsEscapedStack(line)) {
      for (const each of unescapeLog(line).split('\n')) this.inMessage(each);
      return;
    }
    const text = unwrapLog(line) ?? line;
    const words = aborted.exec(text)?.[1];
    if (words !== undefined) this.#keep(words);
    else if (this.#text === null && this.#behind === null) {
      const at = text.slice(0, longestPrefix).search(behindOther);
      if (at > 0) this.#behind = { text: detach(text.slice(0, longestPrefix)), at };
    } else if (this.#text !== null && !this.#text.includes('SIGBUS') && busError.test(line)) this.#text += ' (SIGBUS)';
  }

  /** A line of a message that holds a dump. */
  inMessage(line: string): void {
    const words = inMessage.exec(line.slice(0, longestMessage))?.[1];
    if (words !== undefined) this.#keep(words);
  }

  /** Each line of the dump has something before it: words behind the same belong to the dump. */
  underPrefix(prefix: Prefix): void {
    if (this.#behind !== null && prefix(this.#behind.text) === this.#behind.at)
      this.#keep(this.#behind.text.slice(this.#behind.at));
    this.#behind = null;
  }

  /** The first are those of the failure; a request that panicked before is none. */
  #keep(words: string): void {
    if (this.#text === null || (recovered.test(this.#text) && !recovered.test(words)))
      this.#text = detach(words.slice(0, 200).trimEnd());
  }
}
