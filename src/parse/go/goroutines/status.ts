import { detach } from '../../../base/detach.ts';

/** The header of a goroutine without its number. */
export interface GoroutineStatus {
  readonly state: string;
  readonly waitMinutes: number | null;
  readonly lockedToThread: boolean;
}

/** The header of a goroutine: `goroutine 12 gp=0xc000007c00 m=nil [select, 26 minutes] {"label": "value"}:`. */
interface GoroutineHeader {
  /** Null where it was left out of the pasted dump. */
  readonly id: number | null;
  readonly status: GoroutineStatus;
}

const limit = 4096;

/** Parses headers. There are few states and waits, so nearly every header says what another has said. */
export class GoroutineStatuses {
  readonly #known = new Map<string, GoroutineStatus>();

  /** The header from `start` up to `end`; null when there is none. */
  header(text: string, start: number, end: number): GoroutineHeader | null {
    if (!text.startsWith('goroutine ', start) || text.charCodeAt(end - 1) !== 0x3a /* : */) return null;
    let at = start + 10;
    let id = 0;
    let code = text.charCodeAt(at);
    for (; code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at)) id = id * 10 + (code - 0x30);
    const isNumber = at > start + 10 && at <= start + 30 && code === 0x20;
    if (!isNumber) at = afterElidedId(text, start + 10);
    if (at < 0) return null;
    const rest = text.slice(at, end);
    const open = rest.indexOf('[');
    const close = rest.indexOf(']', open);
    return open < 0 || close < 0 ? null : { id: isNumber ? id : null, status: this.#of(rest.slice(open + 1, close)) };
  }

  #of(text: string): GoroutineStatus {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= limit) this.#known.clear();
    const own = detach(text);
    const status = parseGoroutineStatus(own);
    this.#known.set(own, status);
    return status;
  }
}

/** `goroutine ... [`, `goroutine N [`: an id that was taken out of the text; -1 when it is none. */
function afterElidedId(text: string, at: number): number {
  const id = /^(?:\.\.\.|…|[NX?]{1,8})(?= \[)/.exec(text.slice(at, at + 10))?.[0];
  return id === undefined ? -1 : at + id.length;
}

/** The flags of the moment that Go appends to a state; `(nil chan)`, `(no cases)`, `(idle)` belong to the state itself. */
const flags = [' (scan)', ' (durable)', ' (leaked)'];

/**
 * Parses what stands between the brackets of `goroutine 12 [select (no cases) (scan), 26 minutes, locked to thread]:`
 * (goroutineheader of runtime/traceback.go, Go 1.7 to 1.27). Items that it does not know (`synctest bubble 3`) are passed
 * over.
 */
export function parseGoroutineStatus(text: string): GoroutineStatus {
  const [first = '', ...items] = text.split(', ');
  let waitMinutes: number | null = null;
  let lockedToThread = false;
  for (const item of items) {
    const minutes = /^(\d{1,15}) minutes?$/.exec(item)?.[1];
    if (minutes !== undefined) waitMinutes = Number(minutes);
    else if (item === 'locked to thread') lockedToThread = true;
  }
  return { state: withoutFlags(first), waitMinutes, lockedToThread };
}

function withoutFlags(state: string): string {
  for (const flag of flags) {
    if (state.endsWith(flag)) return withoutFlags(state.slice(0, -flag.length));
  }
  return state;
}
