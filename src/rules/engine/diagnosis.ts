import type { Finding, Severity } from './rule.ts';

/** A finding among the others: by which name it is known, which of them explain it, and what became of it so far. */
export interface Diagnosis extends Finding {
  /** See `finding-keys.ts`. */
  readonly key: string;
  /** Keys of the findings that it follows from, the nearest first in the order of the list. */
  readonly causes: readonly string[];
  /** How many findings are above it where it is told below its cause; 0 for a root. */
  readonly depth: number;
  /** Absent where there is only one moment to tell of. */
  readonly course?: Course;
}

/** What became of a finding since it was first found. */
export interface Course {
  /** Milliseconds since 1970: when it was first found, or its own `since` where that is earlier. */
  readonly openedAt: number;
  /**
   * `found` now; `settling`: not found any more, but not for long enough to call it over; `unjudged`: its rule cannot tell
   * at the moment; `resolved`.
   */
  readonly state: 'found' | 'settling' | 'unjudged' | 'resolved';
  /** Milliseconds since 1970: when it was first not found any more; null while it is found. */
  readonly goneAt: number | null;
  /** How its severity changed, the newest last; bounded. */
  readonly changes: readonly SeverityChange[];
  /** How many times it was not found for a while and came back. */
  readonly returns: number;
}

export interface SeverityChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: Severity;
  readonly to: Severity;
}
