import { parseGoroutineStatus } from './status.ts';

const newline = 0x0a;
const space = 0x20;
const comma = 0x2c;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;

const prefix = Buffer.from('goroutine ');
const minutesText = Buffer.from(' minutes');
const lockedText = Buffer.from(', locked to thread');
/** Go has some sixty states; a dump with more is damaged, and is read line by line. */
const maxStates = 200;
const maxStateBytes = 80;
/** More digits would not be exact numbers. */
const maxDigits = 15;

interface KnownState {
  readonly bytes: Uint8Array;
  readonly index: number;
  readonly state: string;
}

/** Reads the plain header of a goroutine, `goroutine 12 [select, 26 minutes, locked to thread]:`, without making strings. */
export class HeaderBytes {
  readonly #byText = new Map<string, KnownState>();
  readonly #byLetter: (KnownState | undefined)[] = new Array<undefined>(256).fill(undefined);

  /** Of the header read last. */
  id = 0;
  kind = 0;
  state = '';
  waitMinutes: number | null = null;
  lockedToThread = false;

  /** Where the line after the header begins; -1 when it is not a plain one, or not all of it is there. */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start + prefix.length;
    let id = 0;
    let code = bytes[at] as number;
    const digits = at;
    for (; isDigit(code) && at < end; code = bytes[++at] as number) id = id * 10 + (code - zero);
    if (at === digits || at > digits + maxDigits || code !== space || bytes[at + 1] !== openBracket) return -1;
    at += 2;
    const state = this.#likely(bytes, at) ?? this.#stateAt(bytes, at, end);
    if (state === null) return -1;
    at += state.bytes.length;
    code = bytes[at] as number;
    this.waitMinutes = null;
    this.lockedToThread = false;
    if (code === comma && isDigit(bytes[at + 2] as number)) {
      if (bytes[at + 1] !== space) return -1;
      at = this.#minutes(bytes, at + 2, end);
      if (at < 0) return -1;
    }
    if (bytes[at] === comma) {
      if (!isAt(bytes, at, lockedText)) return -1;
      at += lockedText.length;
      this.lockedToThread = true;
    }
    if (at + 3 > end || bytes[at] !== closeBracket || bytes[at + 1] !== colon || bytes[at + 2] !== newline) return -1;
    this.id = id;
    this.state = state.state;
    this.kind = state.index * 2 + (this.lockedToThread ? 1 : 0);
    return at + 3;
  }

  #minutes(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    let minutes = 0;
    for (let code = bytes[at] as number; isDigit(code) && at < end; code = bytes[++at] as number) {
      minutes = minutes * 10 + (code - zero);
    }
    if (at > start + maxDigits || !isAt(bytes, at, minutesText)) return -1;
    this.waitMinutes = minutes;
    return at + minutesText.length;
  }

  /** The state that began with the same letter the last time, when it is the same. */
  #likely(bytes: Uint8Array, from: number): KnownState | null {
    const state = this.#byLetter[bytes[from] as number];
    if (state === undefined || !isAt(bytes, from, state.bytes)) return null;
    const behind = bytes[from + state.bytes.length];
    return behind === comma || behind === closeBracket ? state : null;
  }

  /** The state that begins there, and ends before a comma or a bracket; null when it is none. */
  #stateAt(bytes: Uint8Array, from: number, end: number): KnownState | null {
    const last = Math.min(end, from + maxStateBytes);
    let to = from;
    for (; to < last; to++) {
      const code = bytes[to] as number;
      if (code === comma || code === closeBracket) break;
      if (code < space || code > 0x7e) return null;
    }
    if (to === from || to >= last) return null;
    const text = Buffer.from(bytes.subarray(from, to)).toString('latin1');
    let state = this.#byText.get(text);
    if (state === undefined) {
      if (this.#byText.size >= maxStates) return null;
      state = {
        bytes: Uint8Array.from(bytes.subarray(from, to)),
        index: this.#byText.size,
        ...parseGoroutineStatus(text),
      };
      this.#byText.set(text, state);
    }
    this.#byLetter[bytes[from] as number] = state;
    return state;
  }
}

/** Whether a goroutine can begin here: `goroutine `. */
export function isHeaderAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at + prefix.length <= end && isAt(bytes, at, prefix);
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
