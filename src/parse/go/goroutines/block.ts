import type { GoFrame, Goroutine } from '../../../sample/goroutines.ts';
import { detach, Names } from '../names.ts';
import { type GoroutineStatus, GoroutineStatuses } from './status.ts';

/** Go prints at most 100 frames of a goroutine; more than this is not from Go. */
const maxFrames = 1024;
const tab = 0x09;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const colon = 0x3a;

/** What the next line must be. */
const anything = 0;
const placeOfFrame = 1;
const placeOfCreator = 2;
const nothing = 3;

/**
 * Makes goroutines out of the lines of a `debug=2` dump, one line at a time (runtime/traceback.go; the frames of a
 * goroutine are pairs of lines, `func(args)` and `\tfile:line +0xoffset`).
 */
export class GoroutineBlocks {
  readonly #onGoroutine: (goroutine: Goroutine) => void;
  readonly #onDamage: (reason: string) => void;
  readonly #names = new Names();
  readonly #statuses = new GoroutineStatuses();
  #open = false;
  #id = 0;
  #status: GoroutineStatus = { state: '', waitMinutes: null, lockedToThread: false };
  #frames: GoFrame[] = [];
  #elided = false;
  #createdBy: string | null = null;
  #expected = anything;
  #func = '';
  #args: string | null = null;
  /** A line came that is none of a goroutine: it was after the dump, unless more frames follow. */
  #strange = false;

  /** How many there were, the open one included. */
  count = 0;

  constructor(onGoroutine: (goroutine: Goroutine) => void, onDamage: (reason: string) => void) {
    this.#onGoroutine = onGoroutine;
    this.#onDamage = onDamage;
  }

  /** A goroutine has begun, and the line that ends it has not come. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether what is there of the open goroutine can be all of it. */
  get looksComplete(): boolean {
    if (!this.#open) return true;
    if (this.#expected === placeOfCreator || (this.#expected === placeOfFrame && this.#args !== null)) return false;
    if (this.#createdBy !== null || this.#id <= 1) return true;
    // Those of the runtime and of C threads tell no creator (runtime/proc.go newextram).
    const root = this.#frames.at(-1)?.func ?? '';
    return root === 'main.main' || root.startsWith('runtime.') || root.startsWith('non-Go function');
  }

  /** Takes the line from `start` up to `end`, without its end of line; false when it is no line of a dump. */
  line(text: string, start: number, end: number): boolean {
    if (!this.#open) return this.#header(text, start, end);
    if (start === end) {
      this.close();
      return true;
    }
    const first = text.charCodeAt(start);
    if (first === tab) return this.#place(text, start + 1, end);
    if (this.#expected === nothing) {
      if (this.#header(text, start, end) || text.startsWith('[originating from ', start)) return true;
      // The stacks of ancestors (GODEBUG=tracebackancestors) are skipped, what follows a dump is not ours.
      return false;
    }
    if (this.#expected !== anything) this.#missingPlace();
    if (first === 0x67 /* g */ && (this.#header(text, start, end) || text.startsWith('goroutine running', start))) {
      return true;
    }
    if (first === 0x63 /* c */ && text.startsWith('created by ', start)) return this.#creator(text, start + 11, end);
    if (first === 0x2e /* . */ && text.startsWith('...', start)) {
      this.#elided = true;
      return true;
    }
    if (first === 0x5b /* [ */ && text.startsWith('[originating from ', start)) {
      this.#expected = nothing;
      return true;
    }
    return this.#function(text, start, end);
  }

  /** Ends the open goroutine, if there is one. */
  close(): void {
    if (!this.#open) return;
    if (this.#expected === placeOfFrame && this.#args !== null) this.#push(null, null);
    this.#open = false;
    this.#onGoroutine({
      id: this.#id,
      count: 1,
      state: this.#status.state,
      waitMinutes: this.#status.waitMinutes,
      lockedToThread: this.#status.lockedToThread,
      frames: this.#frames,
      elided: this.#elided,
      createdBy: this.#createdBy,
    });
  }

  #header(text: string, start: number, end: number): boolean {
    const header = this.#statuses.header(text, start, end);
    if (header === null) return false;
    this.close();
    this.#open = true;
    this.#id = header.id;
    this.#status = header.status;
    this.#frames = [];
    this.#elided = false;
    this.#createdBy = null;
    this.#expected = anything;
    this.#strange = false;
    this.count++;
    return true;
  }

  /** `pkg.(*T).Method[...](0xc000055b00, {0x1?, ...})`: arguments hold no parentheses, so the last ones are theirs. */
  #function(text: string, start: number, end: number): boolean {
    if (text.charCodeAt(end - 1) !== closeParenthesis) {
      // A function of C has no arguments, and is told from a foreign line by the place that follows.
      this.#func = detach(text.slice(start, end));
      this.#args = null;
      if (this.#func.startsWith('non-Go function at ')) this.#push(null, null);
      else this.#expected = placeOfFrame;
      return true;
    }
    let open = end - 2;
    while (open > start && text.charCodeAt(open) !== openParenthesis) open--;
    this.#func = this.#names.of(text, start, open === start ? end : open);
    this.#args = detach(text.slice(open + 1, end - 1));
    this.#expected = placeOfFrame;
    return true;
  }

  #creator(text: string, start: number, end: number): boolean {
    const by = text.slice(start, end).lastIndexOf(' in goroutine ');
    this.#createdBy = this.#names.of(text, start, by < 0 ? end : start + by);
    this.#expected = placeOfCreator;
    return true;
  }

  /** `\tfile:line +0x1f fp=0x… sp=0x… pc=0x…`: the last colon ends the file. C frames may have only a pc. */
  #place(text: string, start: number, end: number): boolean {
    if (this.#expected === placeOfCreator) {
      this.#expected = nothing;
      return true;
    }
    if (this.#expected !== placeOfFrame) {
      if (this.#expected === anything && !text.startsWith('goroutine running', start)) this.#strange = true;
      return true;
    }
    this.#expected = anything;
    let at = end - 1;
    while (at > start && text.charCodeAt(at) !== colon) at--;
    let line = 0;
    let digit = at + 1;
    for (
      let code = text.charCodeAt(digit);
      code >= 0x30 && code <= 0x39 && digit < end;
      code = text.charCodeAt(++digit)
    ) {
      line = line * 10 + (code - 0x30);
    }
    const isC = this.#args === null && text.slice(start, end).includes('pc=0x');
    if (this.#args === null && !isC) this.#onDamage('the function before it has no arguments');
    if (at > start && digit > at + 1) this.#push(this.#names.of(text, start, at), line);
    else {
      if (!isC) this.#onDamage('the place of a frame has no line number');
      this.#push(null, null);
    }
    return true;
  }

  #push(file: string | null, line: number | null): void {
    if (this.#strange) {
      this.#onDamage('the lines before it are not those of a goroutine');
      this.#strange = false;
    }
    if (this.#frames.length < maxFrames) this.#frames.push({ func: this.#func, file, line, args: this.#args });
    else this.#elided = true;
  }

  #missingPlace(): void {
    if (this.#expected === placeOfFrame && this.#args === null) this.#strange = true;
    else {
      this.#onDamage('a function has no place');
      if (this.#expected === placeOfFrame) this.#push(null, null);
    }
    this.#expected = anything;
  }
}
