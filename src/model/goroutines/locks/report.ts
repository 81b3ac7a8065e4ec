import type { WaitMinutes } from '../waits.ts';

/** A lock that goroutines wait for, for long or in number. */
export interface LockReport {
  /** As Go writes it; null if no argument has it. */
  readonly address: string | null;
  readonly kind: 'mutex' | 'rwmutex';
  /** `the lock of a container`, `the lock of a metrics.Namespace`. */
  readonly name: string;
  readonly waiters: number;
  /** Of them, those that want it for reading. */
  readonly readers: number;
  /** A goroutine that waits for it for writing: readers wait behind it. */
  readonly pendingWriter: number | null;
  readonly waitMinutes: WaitMinutes | null;
  /** Some of the waiters. */
  readonly ids: readonly number[];
  /** The functions that want it, the most frequent first, each with those further out. */
  readonly wanted: readonly { readonly count: number; readonly path: readonly string[] }[];
  readonly holder: LockHolder | null;
  /** When it is one of few; the most likely first. */
  readonly candidates: readonly LockHolder[];
  /** The locks and holders behind it, to the one that waits for something else. */
  readonly chain: readonly ChainLink[];
  /** The goroutines that wait for each other in a circle; empty when they do not. */
  readonly deadlock: readonly number[];
  /** Not all goroutines were examined: the holder may be among the others. */
  readonly isSampled: boolean;
  /** Forms that fold have no addresses: these can be several locks. */
  readonly isFolded: boolean;
}

export interface LockHolder {
  /** Null if the form does not have it. */
  readonly goroutine: number | null;
  readonly state: string | null;
  /** How long it waits; null if less than a minute, or unknown. */
  readonly waitMinutes: number | null;
  /** The function that says what it does: `fluent.(*Fluent).Close`. */
  readonly doing: string;
  /** From what it does out to the function that took the lock. */
  readonly path: readonly string[];
  /** The other lock it waits for. */
  readonly waitsFor: string | null;
  /** Derived from its functions, or from an argument: no receiver proves it. */
  readonly probably: boolean;
}

export interface ChainLink {
  readonly lock: string;
  readonly name: string;
  readonly holder: LockHolder | null;
}
