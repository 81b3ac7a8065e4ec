import { pending, type Reading } from '../sample/reading.ts';

/** A source over time: its newest reading, and the last value it gave, however long ago. */
export interface Tracked<T> {
  readonly reading: Reading<T>;
  readonly value: T | null;
  /** When the value arrived, in milliseconds of CLOCK_MONOTONIC; null before the first. */
  readonly valueMonoMs: number | null;
}

export const untracked: Tracked<never> = { reading: pending(0, 'no data yet'), value: null, valueMonoMs: null };

/** The source after one more reading. A value outlasts readings that fail, not one that says that nothing is there. */
export function track<T>(before: Tracked<T>, reading: Reading<T>, monoMs: number): Tracked<T> {
  if (reading.status === 'ok') return { reading, value: reading.value, valueMonoMs: monoMs };
  // What is not there has no last value: an engine that was removed leaves no containers behind.
  if (reading.status === 'absent') return { reading, value: null, valueMonoMs: null };
  return { ...before, reading };
}
