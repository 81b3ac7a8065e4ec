import type { Reading } from './reading.ts';

/** What the logs of the daemons, the kubelet and the kernel say: the lines that match a known pattern (`log-patterns/`). */
export interface LogsValue {
  /** Where lines come from: the journal, or files. */
  readonly origins: readonly LogOrigin[];
  /** Every pattern seen so far, by container; at most a few hundred, the latest are kept. */
  readonly tallies: readonly LogTally[];
  /** The lines that matched since the poll before, oldest first; bounded: the tallies count the rest. */
  readonly lines: readonly LogLine[];
  /** How many matched lines of this poll were counted but not sent. */
  readonly untold: number;
}

export interface LogOrigin {
  /** `journal`, or the file's path. */
  readonly name: string;
  readonly reading: Reading<LogProgress>;
  /** It was given with `--log`, not found. */
  readonly named: boolean;
}

export interface LogProgress {
  /** Lines read, matching or not. */
  readonly lines: number;
  readonly bytes: number;
  /** The newest time of its lines, matching or not, milliseconds since 1970; missing if no line has one. */
  readonly newestAt?: number;
  /** Bytes that were skipped: the beginning of the file, or old lines in a flood. */
  readonly skippedBytes: number;
}

/** How often a pattern was seen for a container (or none) and a subject. */
export interface LogTally {
  /** Id of the pattern, e.g. `stop-force`; `sample/log-patterns/` explains each. */
  readonly sign: string;
  /** As the line names it: 64 or 12 hexadecimal digits, or a name; null if it names none. */
  readonly container: string | null;
  readonly count: number;
  /** Milliseconds since 1970 by the line's own clock; null if the lines have no time. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Of these, how many in the minute before the newest line of its origin. */
  readonly lastMinute: number;
  /** And in the hour before it. */
  readonly lastHour?: number;
  /** Name of the origin of the newest of them. */
  readonly origin?: string;
  /** The subject of the lines if it is not a container: a device, a server, a unit, a path, a call. */
  readonly about?: string;
  /** The newest of them, cut at 300 characters. */
  readonly example?: string;
  /** What wrote them, where their lines or their log say so. */
  readonly unit?: LogUnit;
}

export type LogUnit =
  | 'dockerd'
  | 'containerd'
  | 'crio'
  | 'kubelet'
  | 'systemd'
  | 'kernel'
  | 'ecs-agent'
  | 'multipathd'
  | 'iscsid'
  | 'dbus'
  | 'other';

/** One line that matched. */
export interface LogLine {
  /** Counts the matched lines of one sampler from 0. */
  readonly n: number;
  /** Milliseconds since 1970; null if the line has no time. */
  readonly at: number | null;
  /** Name of its origin. */
  readonly origin: string;
  readonly unit: LogUnit;
  readonly sign: string;
  /** As the line names it; see LogTally. */
  readonly container: string | null;
  /** The process that the line names. */
  readonly pid: number | null;
  /** The other patterns that the same line matched. */
  readonly also?: readonly string[];
  /** The command of that process (the kernel's task name). */
  readonly comm?: string;
  /** The duration that the line names (`blocked for more than 120 seconds`). */
  readonly seconds?: number;
  /** The block device that the line names, e.g. `loop1`. */
  readonly device?: string;
  /** The message without the time and the unit, cut at 600 characters. */
  readonly text: string;
}
