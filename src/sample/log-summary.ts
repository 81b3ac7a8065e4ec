import type { LogLine, LogTally, LogUnit } from './logs.ts';

/** Attempts that came one soon after another. */
export interface LogRun {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What a log comes to. */
export interface LogSummary {
  /** The oldest and the newest time that was seen, milliseconds since 1970; null when no line carries one. */
  readonly from: number | null;
  readonly to: number | null;
  readonly lines: number;
  readonly bytes: number;
  /** Lines that match a pattern and pass the filter. */
  readonly matched: number;
  /** Lines told no year, and it was inferred from when the log was written, or from lines beside them. */
  readonly yearInferred: boolean;
  readonly tallies: readonly LogTally[];
  /** The newest of the matched lines, for the rules. */
  readonly newest: readonly LogLine[];
  readonly runs: readonly (LogRun & { readonly sign: string; readonly container: string | null })[];
  readonly units: ReadonlyMap<string, LogUnit>;
}
