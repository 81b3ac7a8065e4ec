import type { DumpEnd, GoFrame, Goroutine } from '../../../sample/goroutines.ts';

/**
 * `Goroutine 12 - User: /src/x.go:7 pkg.f (0x8af8) (thread 9) [select 331702849444352]`: up to delve 1.6 the number is a clock, no
 * duration; later ones write `12m3.5s`, which is counted from 1970 where delve does not know when the wait began.
 */
const listed =
  /^\W{0,8}(?:\[\d{1,10}\] )?[*>]? {0,4}Goroutine (\d{1,20}) - (?:User|Runtime|Start|Go): (\S+):(\d{1,9}) (\S+) \(0x[\da-f]+\)(.*)$/;
const stateBehind =
  /\[([A-Za-z][^\]]{0,80}?)(?: \d{6,20}| (?:(\d{1,9})h)?(?:(\d{1,2})m)?(?:\d{1,2}(?:\.\d{1,9})?[mµn]?s)?)?\]\s*$/;
/** No process waits longer, in hours. */
const longestWait = 87_600;
/** `Goroutine 12`, with its frames indented below. */
const titled = /^\W{0,8}Goroutine (\d{1,20}):?\s*$/;
const titledFrame = /^\s{1,8}(?:(created at): )?(\S+) \((\S+):(\d{1,9})\)\s*$/;
/** gdb with the script of Go: `goroutine 12 (pc = 0x4438ea …)`. */
const gdbGoroutine = /^\W{0,8}goroutine (\d{1,20}) (?:\(pc = |\[[^\]]*\] ?\(pc = )/;
/** ` 3  0x00000000004de329 in os.(*Process).wait`, the place on the next line. */
const delveFrame = /^\W{0,8}?\s*(\d{1,4}) {1,4}0x[\da-f]{6,16} in (\S+)\s*$/;
const delvePlace = /^\s+at (\S+):(\d{1,9})\s*$/;
/** `#3  0x0000000000453870 in sync.runtime_Semacquire (addr=0xc420b5a704) at /src/sema.go:47`, wrapped after an argument. */
const gdbFrame = /^\W{0,8}?#(\d{1,4}) +(?:0x[\da-f]{6,16} in )?((?:[^\s()]|\(\*[^\s()]+\))+) \(/;
const gdbPlace = /\) at (\S+):(\d{1,9})\s*$/;
const maxFrames = 1024;

/** Whether this text, or its beginning, is what delve or gdb printed of the goroutines of a program. */
export function isDebuggerListing(text: string): boolean {
  const lines = text.split(/\r?\n/, 2000);
  return lines.some((line, at) => {
    const next = lines[at + 1] ?? '';
    if (listed.test(line)) return true;
    if (titled.test(line)) return titledFrame.test(next);
    if (delveFrame.test(line)) return delvePlace.test(next);
    return gdbFrame.test(line) && /\.(?:go|s):\d/.test(lines.slice(at, at + 6).join(' '));
  });
}

/**
 * Reads what a debugger printed: delve's `goroutines` (with `-t`, or one line each), `bt` and `stack`, and gdb's `bt` of a
 * goroutine. A stack without a title is one goroutine.
 */
export function parseDebugger(text: string, onGoroutine: (goroutine: Goroutine) => void): DumpEnd {
  const reader = new DebuggerReader(onGoroutine);
  for (const line of text.split(/\r?\n/)) reader.line(line);
  return reader.end();
}

interface Open {
  readonly id: number | null;
  readonly state: string | null;
  readonly waitMinutes: number | null;
  /** Where delve says that it is; its stack, where there is one, begins there or deeper. */
  readonly place: GoFrame | null;
}

const noState = { state: null, waitMinutes: null };

/** The state behind a goroutine, and how long it has waited if that can be. */
function stateIn(rest: string): Pick<Open, 'state' | 'waitMinutes'> {
  const [, state = null, hours, minutes] = stateBehind.exec(rest) ?? [];
  const isWait = hours !== undefined || minutes !== undefined;
  if (!isWait || Number(hours ?? 0) > longestWait) return { state, waitMinutes: null };
  return { state, waitMinutes: Number(hours ?? 0) * 60 + Number(minutes ?? 0) };
}

class DebuggerReader {
  readonly #onGoroutine: (goroutine: Goroutine) => void;
  #open: Open | null = null;
  #frames: GoFrame[] = [];
  #createdBy: string | null = null;
  /** A frame of gdb whose end has not come, or the function of one of delve. */
  #pending: string | null = null;
  #count = 0;
  #placesOnly = 0;
  #hasWaits = false;

  constructor(onGoroutine: (goroutine: Goroutine) => void) {
    this.#onGoroutine = onGoroutine;
  }

  line(line: string): void {
    const place = listed.exec(line);
    if (place !== null) {
      const [, id, file = '', number, func = '', rest = ''] = place;
      this.#begin({ id: Number(id), ...stateIn(rest), place: { func, file, line: Number(number), args: null } });
      return;
    }
    const id = titled.exec(line)?.[1] ?? gdbGoroutine.exec(line)?.[1];
    if (id !== undefined) this.#begin({ id: Number(id), ...noState, place: null });
    else if (!this.#titled(line) && !this.#delve(line)) this.#gdb(line);
  }

  end(): DumpEnd {
    this.#close();
    const places = this.#placesOnly;
    const missing = [
      ...(this.#hasWaits ? [] : ['how long goroutines wait is not in it']),
      ...(places === 0 ? [] : [`${places === this.#count ? 'stacks are' : `the stacks of ${places} are`} not in it`]),
    ];
    return {
      form: 'listing',
      total: this.#count,
      partial: places > 0,
      error: `printed by a debugger${missing.length === 0 ? '' : `: ${missing.join(', and ')}`}`,
    };
  }

  #titled(line: string): boolean {
    const [, creator, func = '', file = '', number] = titledFrame.exec(line) ?? [];
    if (number === undefined || this.#open === null) return false;
    if (creator !== undefined) this.#createdBy = func;
    else this.#push({ func, file, line: Number(number), args: null });
    return true;
  }

  #delve(line: string): boolean {
    const [, index, func] = delveFrame.exec(line) ?? [];
    if (func !== undefined) {
      this.#stack(Number(index));
      this.#pending = func;
      return true;
    }
    const [, file, number] = delvePlace.exec(line) ?? [];
    if (file === undefined || this.#pending === null || this.#pending.startsWith('#')) return false;
    this.#push({ func: this.#pending, file, line: Number(number), args: null });
    this.#pending = null;
    return true;
  }

  #gdb(line: string): void {
    const index = gdbFrame.exec(line)?.[1];
    if (index !== undefined) {
      this.#stack(Number(index));
      this.#pending = line.slice(line.indexOf('#'));
    } else if (this.#pending?.startsWith('#') && line.trim() !== '' && this.#pending.length < 8192) {
      this.#pending += ` ${line.trim()}`;
    } else return;
    const [, file, number] = gdbPlace.exec(this.#pending ?? '') ?? [];
    const func = gdbFrame.exec(this.#pending ?? '')?.[2];
    if (file === undefined || func === undefined) return;
    this.#push({ func, file, line: Number(number), args: pointersOf(this.#pending ?? '') });
    this.#pending = null;
  }

  /** The first frame of a stack begins a goroutine, unless its title has come. */
  #stack(index: number): void {
    if (index === 0 && (this.#open === null || this.#frames.length > 0))
      this.#begin({ id: null, ...noState, place: null });
  }

  #push(frame: GoFrame): void {
    if (this.#open === null) this.#begin({ id: null, ...noState, place: null });
    if (this.#frames.length < maxFrames) this.#frames.push(frame);
  }

  #begin(open: Open): void {
    this.#close();
    this.#open = open;
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    this.#pending = null;
    const frames = this.#frames.length > 0 ? this.#frames : open?.place == null ? [] : [open.place];
    const createdBy = this.#createdBy;
    const hasStack = this.#frames.length > 0;
    this.#frames = [];
    this.#createdBy = null;
    if (open === null || frames.length === 0) return;
    this.#count++;
    if (!hasStack) this.#placesOnly++;
    const { id, state, waitMinutes } = open;
    this.#hasWaits ||= waitMinutes !== null;
    this.#onGoroutine({
      id,
      count: 1,
      state,
      waitMinutes,
      lockedToThread: false,
      frames,
      elided: false,
      createdBy,
    });
  }
}

/** gdb names arguments and gives each one value, where Go prints words: only the first ones, while they are pointers, are the same. */
function pointersOf(frame: string): string {
  const words = /\((?:\w+=(0x[\da-f]+)(?:, |\)))(?:\w+=(0x[\da-f]+)(?:, |\)))?/.exec(frame.slice(frame.indexOf(' (')));
  return [...(words ?? []).slice(1).filter((word) => word !== undefined), '...'].join(', ');
}
