import type { Finding, Severity } from './rule.ts';

/** A finding among the others: by which name it is known, which of them explain it, and what became of it so far. */
export interface Diagnosis extends Finding {
  /** See `finding-identity.ts`. */
  readonly key: string;
  /** Keys of the findings that it follows from, the nearest first in the order of the list. */
  readonly causes: readonly string[];
  /** Keys of all findings that follow from it, directly or through others, in the order of the list. */
  readonly consequences: readonly string[];
  /** How many findings are above it where it is shown below its cause; 0 for a root. */
  readonly depth: number;
  /** Absent where only one moment is known. */
  readonly lifecycle?: Lifecycle;
}

/** What became of a finding since it was first found. */
export interface Lifecycle {
  /** Milliseconds since 1970: when it was first found, or its own `since` where that is earlier. */
  readonly openedAt: number;
  /**
   * `found` now; `settling`: not found any more, but not for long enough to call it over; `unjudged`: its rule
   * is unknown at the moment; `resolved`.
   */
  readonly state: 'found' | 'settling' | 'unjudged' | 'resolved';
  /** Milliseconds since 1970: when it was first not found any more; null while it is found. */
  readonly goneAt: number | null;
  /** How its severity changed, the newest last; bounded. */
  readonly changes: readonly SeverityChange[];
  /** How many times it was not found for a while and came back. */
  readonly returns: number;
  /** What became of the containers it is about; empty until it is resolved. */
  readonly containers: readonly ContainerOutcome[];
}

/** A container at the moment at which a finding about it was resolved. */
export interface ContainerOutcome {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** `unknown`: the trouble is over, and no source says more. */
  readonly how: 'exited' | 'removed' | 'answers again' | 'unknown';
}

interface SeverityChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: Severity;
  readonly to: Severity;
}

/** How long a finding that is over was open, in seconds; by the wall clock, because it may have begun before rtwatch. */
export function lastedSeconds({ openedAt, goneAt }: Lifecycle): number {
  return goneAt === null ? 0 : Math.max(0, (goneAt - openedAt) / 1000);
}
