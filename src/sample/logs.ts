import type { Reading } from './reading.ts';

/** What the logs of the daemons, the kubelet and the kernel say, as far as a line matches a known pattern (`log-patterns/`). */
export interface LogsValue {
  /** Where lines come from: the journal, or files. */
  readonly origins: readonly LogOrigin[];
  /** Every sign seen so far, by container; at most a few hundred, those seen last are kept. */
  readonly tallies: readonly LogTally[];
  /** The lines that matched since the look before, the oldest first; bounded: the tallies count the rest. */
  readonly lines: readonly LogLine[];
  /** How many matched lines of this look were counted and not told. */
  readonly untold: number;
}

export interface LogOrigin {
  /** `journal`, or the file's path. */
  readonly name: string;
  readonly reading: Reading<LogProgress>;
  /** It was named with `--log`, rather than found. */
  readonly named: boolean;
}

export interface LogProgress {
  /** Lines read, matching or not. */
  readonly lines: number;
  readonly bytes: number;
  /** The newest time of its lines, matching or not, milliseconds since 1970; absent when none carries a time. */
  readonly newestAt?: number;
  /** Bytes at the beginning of the file, or old ones in a flood, that were passed over. */
  readonly skippedBytes: number;
}

/** How often a pattern was seen of a container (or of none) and of what it is about. */
export interface LogTally {
  /** Id of the sign, e.g. `stop-force`; `sample/log-patterns/` tells what each means. */
  readonly sign: string;
  /** As the line names it: 64 or 12 hexadecimal digits, or a name; null when it names none. */
  readonly container: string | null;
  readonly count: number;
  /** Milliseconds since 1970 by the line's own clock; null when the lines carry none. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Of these, how many in the minute before the newest line of its origin. */
  readonly lastMinute: number;
  /** And in the hour before it. */
  readonly lastHour?: number;
  /** Name of the origin of the newest of them. */
  readonly origin?: string;
  /** What the lines are about where that is no container: a device, a server, a unit, a path, a call. */
  readonly about?: string;
  /** The newest of them, cut at 300 characters. */
  readonly example?: string;
}

export type LogUnit = 'dockerd' | 'containerd' | 'crio' | 'kubelet' | 'systemd' | 'kernel' | 'other';

/** One line that matched. */
export interface LogLine {
  /** Counts the matched lines of one sampler from 0. */
  readonly n: number;
  /** Milliseconds since 1970; null when the line carries no time. */
  readonly at: number | null;
  /** Name of its origin. */
  readonly origin: string;
  readonly unit: LogUnit;
  readonly sign: string;
  /** As the line names it; see LogTally. */
  readonly container: string | null;
  /** The process that the line names. */
  readonly pid: number | null;
  /** The other signs that the same line matched. */
  readonly also?: readonly string[];
  /** The command of that process (the kernel's task name). */
  readonly comm?: string;
  /** For how long, as the line says it (`blocked for more than 120 seconds`). */
  readonly seconds?: number;
  /** The block device that the line names, e.g. `loop1`. */
  readonly device?: string;
  /** The message without the time and the unit, cut at 600 characters. */
  readonly text: string;
}
