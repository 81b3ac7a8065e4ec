import type { LogLine, LogOrigin, LogsValue, LogTally } from '../sample/logs.ts';
import { okValue, type Reading } from '../sample/reading.ts';
import type { Tracked } from './tracked.ts';

/** The matched lines that are remembered, the newest last; bounded. */
export interface LogsHistory {
  readonly lines: readonly LogLine[];
}

export const noLogs: LogsHistory = { lines: [] };

const maxLines = 1000;

export function reduceLogs(before: LogsHistory, reading: Reading<LogsValue> | undefined): LogsHistory {
  const fresh = okValue(reading)?.lines ?? [];
  return fresh.length === 0 ? before : { lines: [...before.lines, ...fresh].slice(-maxLines) };
}

/** What the logs say, as rules and views see it. */
export interface LogsModel {
  readonly origins: readonly LogOrigin[];
  readonly tallies: readonly LogTally[];
  /** The newest last. */
  readonly lines: readonly LogLine[];
}

export function deriveLogs({ value }: Tracked<LogsValue>, { lines }: LogsHistory): LogsModel | null {
  return value === null ? null : { origins: value.origins, tallies: value.tallies, lines };
}
