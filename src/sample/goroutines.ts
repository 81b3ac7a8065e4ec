/** The forms in which a Go program prints its goroutines (net/http/pprof, runtime.Stack), and what `go tool pprof` or a debugger prints of them. */
export type GoroutineForm = 'debug1' | 'debug2' | 'proto' | 'listing';

/** One frame of a stack, the callee before its caller. */
export interface GoFrame {
  /** The full name as Go writes it, without arguments: `github.com/docker/docker/daemon.(*Daemon).Kill`. */
  readonly func: string;
  readonly file: string | null;
  readonly line: number | null;
  /** The text between the last parentheses (`0xc000055b00, 0x2a?, ...`); null if the form does not have it. */
  readonly args: string | null;
}

/** One goroutine, or several with the same stack if the form folds them. */
export interface Goroutine {
  /** Null if the form does not have it. */
  readonly id: number | null;
  /** 1, except in forms that fold. */
  readonly count: number;
  /** `chan receive`, `select`, `IO wait`, `sync.Mutex.Lock`, …; null if the form does not have it. */
  readonly state: string | null;
  /** A lower bound: the garbage collector stamps it (runtime/mgcmark.go). Null if it is below a minute or unknown. */
  readonly waitMinutes: number | null;
  readonly lockedToThread: boolean;
  readonly frames: readonly GoFrame[];
  /** Go omitted frames in the middle or at the end of the stack. */
  readonly elided: boolean;
  /** The function that started it; null for the first goroutine, or if the form does not have it. */
  readonly createdBy: string | null;
}

/** A stack of a `debug=2` dump that came before, equal byte for byte but for the arguments of its functions. */
export interface KnownStack {
  /** Counts from 0 in one dump. */
  readonly index: number;
  /** The goroutine that had it first. */
  readonly first: Goroutine;
}

/** Another goroutine of a known stack. It is valid until the next one: they are all the same object. */
export interface RepeatedGoroutine {
  readonly stack: KnownStack;
  /** Equal for equal `state` and `lockedToThread`; small. */
  readonly kind: number;
  readonly id: number;
  readonly state: string;
  readonly waitMinutes: number | null;
  readonly lockedToThread: boolean;
  /** The text of the arguments of a frame. */
  argsOf(frame: number): string;
  /** The so-manieth word of a frame, from 0; NaN when it has to be found in the text of the arguments. */
  wordOf(frame: number, word: number): number;
}

/** The result of reading a dump. */
export interface DumpEnd {
  readonly form: GoroutineForm;
  /** What the dump declares, otherwise what was counted. */
  readonly total: number;
  /** Something is missing: what was readable is reported all the same. */
  readonly partial: boolean;
  /** Why, with the line if there is one. */
  readonly error: string | null;
  /** The program's last message, when the dump is of its end: `fatal error: concurrent map writes`. */
  readonly abort?: string;
}
