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

/** The forms in which a Go program writes its heap profile: text (`debug=1`) or protobuf (`debug=0`). */
type HeapForm = 'debug1' | 'proto';

/** A heap profile. Go samples about one allocation in `rateBytes`, so small numbers are rough. */
export interface HeapProfile {
  readonly form: HeapForm;
  readonly rateBytes: number;
  readonly samples: readonly HeapSample[];
  /** Something is missing: what was readable is reported all the same. */
  readonly partial: boolean;
  /** Why, with the line if there is one. */
  readonly error: string | null;
}
