/** The forms in which a Go program tells its goroutines (net/http/pprof, runtime.Stack). */
export type GoroutineForm = 'debug1' | 'debug2' | 'proto';

/** One frame of a stack, the callee before its caller. */
export interface GoFrame {
  /** The full name as Go writes it, without arguments: `github.com/docker/docker/daemon.(*Daemon).Kill`. */
  readonly func: string;
  readonly file: string | null;
  readonly line: number | null;
  /** What stands between the last parentheses (`0xc000055b00, 0x2a?, ...`); null where the form does not tell it. */
  readonly args: string | null;
}

/** One goroutine, or several with the same stack where the form has folded them. */
export interface Goroutine {
  /** Null where the form does not tell it. */
  readonly id: number | null;
  /** 1, but for forms that fold. */
  readonly count: number;
  /** `chan receive`, `select`, `IO wait`, `sync.Mutex.Lock`, …; null where the form does not tell it. */
  readonly state: string | null;
  /** A lower bound: the garbage collector stamps it (runtime/mgcmark.go). Null when it is less than a minute or not told. */
  readonly waitMinutes: number | null;
  readonly lockedToThread: boolean;
  readonly frames: readonly GoFrame[];
  /** Go left frames out in the middle or at the end of the stack. */
  readonly elided: boolean;
  /** The function that started it; null for the first one, or where the form does not tell it. */
  readonly createdBy: string | null;
}

/** How the reading of a dump ended. */
export interface DumpEnd {
  readonly form: GoroutineForm;
  /** What the dump declares, else what was counted. */
  readonly total: number;
  /** Something is missing: what was readable was told all the same. */
  readonly partial: boolean;
  /** Why, with the line where there is one. */
  readonly error: string | null;
}
