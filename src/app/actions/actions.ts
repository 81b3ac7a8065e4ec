import { formatMs } from '../../base/durations.ts';
import { Child } from '../../child/child.ts';
import type { GoroutinesReport } from '../../view/report/goroutines.ts';
import type { NamedHeapReport } from '../../view/report/heap.ts';
import type { OwnLog } from '../../view/terminal/pages/own-log.ts';
import { followContainerLog } from './container-log.ts';

/** The actions of keys. Each runs in its own process: the screen never waits, and can abandon it. */
export interface Actions {
  /** Dumps all goroutines of a daemon to a file. */
  readonly dump: (
    daemon: string,
    endpoint: string | null,
    onProgress?: (progress: DumpProgress) => void,
  ) => Promise<DumpOutcome>;
  /** Takes and explains a dump. */
  readonly goroutines: (daemon: string, endpoint: string | null) => Promise<GoroutinesReport>;
  /** Takes a heap profile and summarises it by function. */
  readonly heap: (daemon: string, endpoint: string | null) => Promise<NamedHeapReport>;
  /** What a dump by signal does, and to which process. */
  readonly planSignalDump: (daemon: string) => Promise<SignalPlan>;
  /** Sends the signal to the process of the plan, and finds the file that the daemon wrote. */
  readonly signalDump: (daemon: string, pid: number) => Promise<DumpOutcome>;
  /** Writes an archive for a ticket. */
  readonly bundle: (onProgress?: (progress: BundleProgress) => void) => Promise<BundleOutcome>;
  /** The engine's inspect of a container, as JSON. */
  readonly inspect: (containerId: string) => Promise<string>;
  /** Follows the own log of a container until the returned function is called. */
  readonly followLog: (containerId: string, onChange: (log: OwnLog) => void) => () => void;
}

/** How much of a dump has arrived. */
export interface DumpProgress {
  readonly bytes: number;
  readonly goroutines: number;
}

/** Progress of a bundle. */
export interface BundleProgress {
  /** The current step, in words. */
  readonly step: string;
  /** Files taken so far, and their bytes before compression. */
  readonly entries: number;
  readonly bytes: number;
}

export interface BundleOutcome {
  readonly path: string;
  /** Of the archive. */
  readonly bytes: number;
  readonly entries: number;
  /** Missing parts; all are in the archive's MANIFEST.txt. */
  readonly missing: readonly { readonly what: string; readonly because: string }[];
  readonly moreMissing: number;
}

export interface SignalPlan {
  readonly pid: number;
  /** For the reader to confirm. */
  readonly will: readonly string[];
}

export interface DumpOutcome {
  readonly path: string;
  readonly goroutines: number;
  readonly bytes: number;
  readonly truncated: boolean;
}

/** Longer than the commands' own deadlines: these only stop a process that hangs. */
const dumpDeadlineMs = 150_000;
const bundleDeadlineMs = 60_000;
const inspectDeadlineMs = 10_000;
const maxAnswerLength = 64 * 1024 * 1024;

/**
 * @param command how to run this program
 * @param options the user's options: where the engine is and where dumps go
 */
export function openActions(command: readonly string[], options: readonly string[]): Actions {
  return {
    dump: async (daemon, endpoint, onProgress) => {
      const words = ['dump', daemon, '--json', '--progress', ...options, ...at(daemon, endpoint)];
      // Lines of progress, then the outcome.
      const onLine = (line: string): void => onProgress?.(JSON.parse(line) as DumpProgress);
      return JSON.parse(await runSelf([...command, ...words], dumpDeadlineMs, onLine)) as DumpOutcome;
    },
    goroutines: async (daemon, endpoint) => {
      const words = ['goroutines', daemon, '--raw', ...options, ...at(daemon, endpoint)];
      return JSON.parse(await runSelf([...command, ...words], dumpDeadlineMs)) as GoroutinesReport;
    },
    heap: async (daemon, endpoint) => {
      const words = ['heap', daemon, '--raw', ...options, ...at(daemon, endpoint)];
      return JSON.parse(await runSelf([...command, ...words], dumpDeadlineMs)) as NamedHeapReport;
    },
    planSignalDump: async (daemon) => {
      const words = ['signal-dump', daemon, '--json', ...options];
      return JSON.parse(await runSelf([...command, ...words], inspectDeadlineMs)) as SignalPlan;
    },
    signalDump: async (daemon, pid) => {
      const words = ['signal-dump', daemon, '--pid', String(pid), '--json', '--yes', ...options];
      return JSON.parse(await runSelf([...command, ...words], dumpDeadlineMs)) as DumpOutcome;
    },
    bundle: async (onProgress) => {
      const onLine = (line: string): void => onProgress?.(JSON.parse(line) as BundleProgress);
      const words = ['bundle', '--json', '--progress', ...options];
      return JSON.parse(await runSelf([...command, ...words], bundleDeadlineMs, onLine)) as BundleOutcome;
    },
    inspect: (containerId) => runSelf([...command, 'inspect', containerId, ...options], inspectDeadlineMs),
    followLog: (containerId, onChange) =>
      followContainerLog([...command, 'container-log', containerId, ...options], onChange),
  };
}

/** Passes on the known endpoint, which saves the search for it. */
const at = (daemon: string, endpoint: string | null): string[] =>
  endpoint === null ? [] : ['--pprof', `${daemon}=${endpoint}`];

/** Runs this program and returns the last line of its output; rejects with its error. */
function runSelf(
  command: readonly string[],
  deadlineMs: number,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer: string | null = null;
    new Child({
      command,
      deadlineMs,
      maxLineLength: maxAnswerLength,
      onLine: (line) => {
        if (answer !== null) onLine(answer);
        answer = line;
      },
      onEnd: ({ kind, code, error, complaint }) => {
        if (kind === 'deadline') reject(new Error(`no answer within ${formatMs(deadlineMs)}`));
        else if (error !== null) reject(error);
        else if (code === 0) resolve(answer ?? '');
        else reject(new Error(complaint ?? `exited with code ${code}`));
      },
    });
  });
}
