/**
 * The result of one question to the node. Every source, and every part of a source that can fail on its own, has one of
 * these, so that "not there", "broken" and "has not answered yet" never look alike.
 */
export type Reading<T> = Ok<T> | Absent | Failed | Pending;

/** The answer arrived. */
interface Ok<T> {
  readonly status: 'ok';
  /** How long the answer took, in milliseconds. */
  readonly tookMs: number;
  readonly value: T;
}

/** This node does not have it (no PSI, no dockerd). Calm, not an error. */
interface Absent {
  readonly status: 'absent';
  readonly detail: string;
}

/** It exists but could not be read; `detail` says what failed and, if known, what to do. */
interface Failed {
  readonly status: 'failed';
  readonly detail: string;
}

/** Requested, not answered yet. Itself a finding on a sick node. */
interface Pending {
  readonly status: 'pending';
  /** How long the request has been open, in milliseconds. */
  readonly forMs: number;
  readonly detail: string;
}

export type Status = Reading<unknown>['status'];

export const ok = <T>(value: T, tookMs: number): Ok<T> => ({ status: 'ok', tookMs, value });
export const absent = (detail: string): Absent => ({ status: 'absent', detail });
export const failed = (detail: string): Failed => ({ status: 'failed', detail });
export const pending = (forMs: number, detail: string): Pending => ({ status: 'pending', forMs, detail });

/** The value of a reading that is `ok`, otherwise null. */
export const okValue = <T>(reading: Reading<T> | undefined): T | null =>
  reading?.status === 'ok' ? reading.value : null;
