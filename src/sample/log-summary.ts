import type { LogLine, LogTally, LogUnit } from './logs.ts';

/** Attempts in quick succession. */
export interface LogRun {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The summary of a log. */
export interface LogSummary {
  /** The oldest and the newest time in it, milliseconds since 1970; null if no line has one. */
  readonly from: number | null;
  readonly to: number | null;
  readonly lines: number;
  readonly bytes: number;
  /** Lines that match a pattern and pass the filter. */
  readonly matched: number;
  /** The lines had no year: it was inferred from when the log was written, or from lines beside them. */
  readonly yearInferred: boolean;
  readonly tallies: readonly LogTally[];
  /** The newest of the matched lines, for the rules. */
  readonly newest: readonly LogLine[];
  readonly runs: readonly (LogRun & { readonly sign: string; readonly container: string | null })[];
  readonly units: ReadonlyMap<string, LogUnit>;
}
