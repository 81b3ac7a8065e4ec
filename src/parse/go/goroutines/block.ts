import { detach } from '../../../base/detach.ts';
import type { GoFrame, Goroutine } from '../../../sample/goroutines.ts';
import { Names } from '../names.ts';
import type { LostParts } from './lost-parts.ts';
import { withoutRemark } from './markup.ts';
import { PlacesFirst } from './places-first.ts';
import { cutFunction, isBareName, looksLikeFunction, looksLikePlace } from './shape.ts';
import { type GoroutineStatus, GoroutineStatuses } from './status.ts';

/** Go prints at most 100 frames of a goroutine; more than this is not from Go. */
const maxFrames = 1024;
const tab = 0x09;
const space = 0x20;
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
  #id: number | null = 0;
  #status: GoroutineStatus = { state: '', waitMinutes: null, lockedToThread: false };
  #frames: GoFrame[] = [];
  #elided = false;
  #createdBy: string | null = null;
  #expected = anything;
  #func = '';
  #args: string | null = null;
  readonly #placesFirst = new PlacesFirst();
  /** An empty line, which ends a goroutine unless its stack continues. */
  #isPaused = false;
  /** The function that waits for its place has no end. */
  #isCut = false;
  /** A line came that is none of a goroutine: it was after the dump, unless more frames follow. */
  #strange = false;

  #frameCount = 0;
  #placesLost = 0;
  #cut = 0;

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
    if (this.#createdBy !== null || this.#id === null || this.#id <= 1) return true;
    // Those of the runtime and of C threads have no creator line (runtime/proc.go newextram).
    const root = this.#frames.at(-1)?.func ?? '';
    return root === 'main.main' || root.startsWith('runtime.') || root.startsWith('non-Go function');
  }

  /** The last line of the open goroutine came. */
  get isDone(): boolean {
    return this.#open && this.#expected === nothing;
  }

  get lost(): LostParts {
    return { frames: this.#frameCount, places: this.#placesLost, cut: this.#cut };
  }

  /** Counts a goroutine that was read by other means. */
  skip(frames: number): void {
    this.count++;
    this.#frameCount += frames;
  }

  /** Takes the line from `start` up to `end`, without its end of line; false when it is no line of a dump. */
  line(text: string, start: number, end: number): boolean {
    if (!this.#open) return this.#header(text, start, end);
    if (start === end) {
      // Nothing follows the creator; otherwise the dump can have an empty line after each line.
      if (this.#expected === nothing) this.close();
      else this.#isPaused = true;
      return true;
    }
    if (this.#isPaused) {
      this.#isPaused = false;
      if (!this.#goesOn(text.slice(start, end))) {
        this.close();
        return this.#header(text, start, end);
      }
    }
    const body = this.#expected === nothing ? start : this.#bodyAt(text, start, end);
    if (body !== start) return this.line(text, body, end);
    const first = text.charCodeAt(start);
    if (first === tab) return this.#place(text, start + 1, end);
    if (this.#expected === placeOfFrame || this.#expected === placeOfCreator) {
      // The tab before a place was lost, or turned into spaces.
      let from = start;
      while (text.charCodeAt(from) === space) from++;
      if (looksLikePlace(text.slice(from, end))) return this.#place(text, from, end);
    }
    if (this.#expected === nothing) {
      if (this.#header(text, start, end) || text.startsWith('[originating from ', start)) return true;
      // The stacks of ancestors (GODEBUG=tracebackancestors) are skipped, what follows a dump is not ours.
      return false;
    }
    if (this.#expected !== anything) this.#missingPlace();
    if (first === 0x67 /* g */ && text.startsWith('goroutine ', start)) {
      // A header with more behind it is not one line of a dump but several.
      return this.#header(text, start, end) || text.startsWith('goroutine running', start);
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

  /** Where a line begins whose indentation the header does not have: the selection began with the header’s first letter. */
  #bodyAt(text: string, start: number, end: number): number {
    let from = start;
    while (text.charCodeAt(from) === space && from < end) from++;
    if (from === start || from === end) return start;
    if (text.charCodeAt(from) === tab) return from;
    const line = text.slice(from, end);
    const isFunction = line.endsWith(')') && looksLikeFunction(line);
    return isFunction || line.startsWith('created by ') ? from : start;
  }

  /** Whether a line behind an empty one is one of the open goroutine. */
  #goesOn(line: string): boolean {
    if (this.#expected !== anything) return looksLikePlace(line.trim());
    return line.startsWith('created by ') || line.startsWith('...') || (looksLikeFunction(line) && line.endsWith(')'));
  }

  /** Ends the open goroutine, if there is one. */
  close(): void {
    if (!this.#open) return;
    if (this.#expected === placeOfFrame && (this.#args !== null || isBareName(this.#func))) {
      this.#placesLost++;
      this.#push(null, null);
    }
    this.#isCut = false;
    this.#isPaused = false;
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
    this.#placesFirst.reset();
    this.count++;
    return true;
  }

  /** `pkg.(*T).Method[...](0xc000055b00, {0x1?, ...})`: arguments hold no parentheses, so the last ones are theirs. */
  #function(text: string, start: number, end: number): boolean {
    if (text.charCodeAt(end - 1) !== closeParenthesis) return this.#unusual(text.slice(start, end));
    let open = end - 2;
    while (open > start && text.charCodeAt(open) !== openParenthesis) open--;
    this.#func = this.#names.of(text, start, open === start ? end : open);
    this.#args = detach(text.slice(open + 1, end - 1));
    if (this.#placesFirst.isOn) this.#pushNext();
    else this.#expected = placeOfFrame;
    return true;
  }

  #pushNext(): void {
    const place = this.#placesFirst.next();
    if (place === null) this.#losePlace('a function has no place');
    this.#push(place?.file ?? null, place?.line ?? null);
    this.#expected = anything;
  }

  /** A function of C has no arguments; the place that follows distinguishes it from a foreign line. */
  #unusual(line: string): boolean {
    const bare = withoutRemark(line);
    if (bare !== line) return this.#function(bare, 0, bare.length);
    const cut = cutFunction(line);
    this.#func = cut === null ? detach(line) : this.#names.of(cut.func, 0, cut.func.length);
    this.#args = cut?.args == null ? null : detach(cut.args);
    this.#isCut = cut !== null;
    if (this.#func.startsWith('non-Go function at ')) this.#push(null, null);
    else this.#expected = placeOfFrame;
    return true;
  }

  #creator(text: string, start: number, end: number): boolean {
    const by = text.slice(start, end).lastIndexOf(' in goroutine ');
    this.#createdBy = this.#names.of(text, start, by < 0 ? end : start + by);
    this.#expected = this.#placesFirst.isOn ? nothing : placeOfCreator;
    return true;
  }

  /** `\tfile:line +0x1f fp=0x… sp=0x… pc=0x…`: the last colon ends the file. C frames may have only a pc. */
  #place(text: string, start: number, end: number): boolean {
    if (this.#expected === placeOfCreator) {
      this.#expected = nothing;
      return true;
    }
    if (this.#expected !== placeOfFrame) {
      if (
        this.#expected === anything &&
        !this.#isEarly(text, start, end) &&
        !text.startsWith('goroutine running', start)
      )
        this.#strange = true;
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
    if (this.#args === null && !isC) this.#cutName();
    if (at > start && digit > at + 1) this.#push(this.#names.of(text, start, at), line);
    else {
      if (!isC) this.#losePlace('the place of a frame has no line number');
      this.#push(null, null);
    }
    return true;
  }

  /** A place before any function. */
  #isEarly(text: string, start: number, end: number): boolean {
    const mayBe = this.#frames.length === 0 || this.#placesFirst.isOn;
    return mayBe && this.#placesFirst.take(text.slice(start, end));
  }

  #push(file: string | null, line: number | null): void {
    this.#frameCount++;
    if (this.#isCut) {
      this.#isCut = false;
      this.#cut++;
      this.#onDamage('the function has no end');
    }
    if (this.#strange) {
      this.#onDamage('the lines before it are not those of a goroutine');
      this.#strange = false;
    }
    if (this.#frames.length < maxFrames) this.#frames.push({ func: this.#func, file, line, args: this.#args });
    else this.#elided = true;
  }

  #missingPlace(): void {
    // Text around a dump can end in a parenthesis; names of functions have no spaces but in their types.
    const isText = this.#expected === placeOfFrame && /^[^{[(]*\s/.test(this.#func);
    const isNone = this.#args === null && !isBareName(this.#func);
    if (this.#expected === placeOfFrame && (isNone || isText)) this.#strange = true;
    else if (this.#expected === placeOfFrame) {
      this.#losePlace('a function has no place');
      this.#push(null, null);
    } else this.#onDamage('a function has no place');
    this.#expected = anything;
  }

  #cutName(): void {
    this.#func = `${this.#func}…`;
    this.#cut++;
    this.#onDamage('the function before it has no arguments');
  }

  #losePlace(reason: string): void {
    this.#placesLost++;
    this.#onDamage(reason);
  }
}
