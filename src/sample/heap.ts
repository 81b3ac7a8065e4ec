/** One frame of the stack that allocated, the callee before its caller. */
interface HeapFrame {
  /** The full name as Go writes it: `bufio.NewReaderSize`; an address if the profile has no name. */
  readonly func: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** What one stack has allocated, as the real number of objects and bytes that the samples stand for. */
export interface HeapSample {
  /** Leaf first. */
  readonly frames: readonly HeapFrame[];
  readonly inuseObjects: number;
  readonly inuseBytes: number;
  /** Since the program started. */
  readonly allocObjects: number;
  readonly allocBytes: number;
}

/**
 * The forms in which a Go program writes its heap profile: text (`debug=1`) or protobuf (`debug=0`); and what
 * `go tool pprof` printed of one.
 */
type HeapForm = 'debug1' | 'proto' | 'listing';

/** The values of a heap profile, of which a listing has one. */
export type HeapUnit = 'inuseBytes' | 'inuseObjects' | 'allocBytes' | 'allocObjects';

/** What `go tool pprof` printed: functions without stacks, or stacks (then they are samples). */
export interface HeapListing {
  readonly unit: HeapUnit;
  /** Of the profile; null where it is not shown. */
  readonly total: number | null;
  readonly functions: readonly { readonly func: string; readonly flat: number; readonly cumulative: number }[];
}

/** A heap profile. Go samples about one allocation in `rateBytes`, so small numbers are rough. */
export interface HeapProfile {
  readonly form: HeapForm;
  /** Null where it is not known. */
  readonly rateBytes: number | null;
  readonly samples: readonly HeapSample[];
  /** Null for a profile. */
  readonly listing: HeapListing | null;
  /** Something is missing: what was readable is reported all the same. */
  readonly partial: boolean;
  /** Why, with the line if there is one. */
  readonly error: string | null;
}
