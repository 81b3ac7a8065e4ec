import type { DumpEnd, GoFrame, Goroutine } from '../../../sample/goroutines.ts';
import { Names } from '../names.ts';
import { frameLine, parseProfileFrame } from '../profile-frame.ts';
import { escapeCharacter, withoutColours } from './markup.ts';

const maxLine = 64 * 1024;
const maxFrames = 1024;
const record = /^(\d{1,15}) @/;

/**
 * Reads the goroutines of a `debug=1` profile (runtime/pprof/pprof.go printCountProfile), which folds equal stacks:
 *
 *     goroutine profile: total 59
 *     12 @ 0xee4e56 0xedd897
 *     # labels: {"key":"value"}
 *     #	0xf11328	internal/poll.runtime_pollWait+0x88		runtime/netpoll.go:305
 *
 * It has no ids, states, waits, arguments or creators. Feed it the text in chunks, cut anywhere. It never throws: what
 * cannot be parsed is skipped and reported at the end.
 */
export class Debug1Parser {
  readonly #onGoroutine: (goroutine: Goroutine) => void;
  readonly #names = new Names();
  #pending = '';
  #isTail = false;
  #line = 0;
  #headerLine = 0;
  #declared: number | null = null;
  #counted = 0;
  #count = 0;
  #frames: GoFrame[] = [];
  #elided = false;
  #error: string | null = null;

  constructor(onGoroutine: (goroutine: Goroutine) => void) {
    this.#onGoroutine = onGoroutine;
  }

  feed(chunk: string): void {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = this.#pending + chunk.slice(start, end);
      this.#pending = '';
      start = end + 1;
      this.#line++;
      if (this.#isTail) this.#isTail = false;
      else {
        const plain = line.includes(escapeCharacter) ? withoutColours(line) : line;
        this.#read(isPasted(plain) ? plain.trim() : plain);
      }
    }
    this.#pending += chunk.slice(start);
    if (this.#pending.length <= maxLine) return;
    // A line of so many addresses is not from Go: its count is read, the rest is not.
    if (!this.#isTail) this.#damage(`longer than ${maxLine} characters`, 1);
    this.#pending = '';
    this.#isTail = true;
  }

  end(): DumpEnd {
    // The rest of an incomplete line is unknown, so it is not parsed.
    if (this.#pending.trim() !== '' && this.#count > 0) this.#damage('has no end: the profile breaks off there', 1);
    this.#close();
    if (this.#declared === null) this.#error ??= `no "goroutine profile: total" in ${this.#line} lines`;
    else if (this.#declared !== this.#counted) {
      this.#error ??= `line ${this.#headerLine} declares ${this.#declared} goroutines, but ${this.#counted} are there`;
    }
    const total = this.#declared ?? this.#counted;
    return { form: 'debug1', total, partial: this.#error !== null, error: this.#error };
  }

  #read(line: string): void {
    const frame = frameLine(line);
    if (frame !== null) this.#frame(frame);
    else if (line === '' || line === '--') this.#close();
    else if (this.#declared === null) {
      const total = /^goroutine(?:leak)? profile: total (\d{1,15})$/.exec(line)?.[1];
      if (total === undefined) {
        if (record.test(line)) this.#record(line);
        return;
      }
      this.#declared = Number(total);
      this.#headerLine = this.#line;
    } else this.#record(line);
  }

  #record(line: string): void {
    this.#close();
    const count = Number(record.exec(line)?.[1] ?? 0);
    if (count === 0) this.#damage('neither a stack nor a frame');
    this.#open(count);
  }

  #open(count: number): void {
    this.#count = count;
    this.#counted += count;
  }

  #frame(line: string): void {
    if (line.startsWith('# labels:')) return;
    const frame = parseProfileFrame(line, this.#names);
    // Of a profile that was cut: the stack has lost its beginning, and its count.
    if (this.#count === 0 && this.#declared === null && frame !== null) this.#open(1);
    if (this.#count === 0) return;
    if (frame === null) this.#damage('not a frame');
    else if (this.#frames.length < maxFrames) this.#frames.push(frame);
    else this.#elided = true;
  }

  #close(): void {
    if (this.#count === 0) return;
    const count = this.#count;
    this.#count = 0;
    this.#onGoroutine({
      id: null,
      count,
      state: null,
      waitMinutes: null,
      lockedToThread: false,
      frames: this.#frames,
      elided: this.#elided,
      createdBy: null,
    });
    this.#frames = [];
    this.#elided = false;
  }

  #damage(reason: string, linesAhead = 0): void {
    this.#error ??= `line ${this.#line + linesAhead}: ${reason}`;
  }
}

/** With an end of line of Windows, or indented: no line of Go begins or ends with a space. */
function isPasted(line: string): boolean {
  return /^\s|\s$/.test(line);
}
