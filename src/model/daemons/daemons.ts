import type { CriRuntime } from '../../sample/cri.ts';
import type { DaemonProcess, DaemonsValue, DaemonValue, EngineSettings } from '../../sample/daemons.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import type { Series } from '../series.ts';
import type { Tracked } from '../tracked.ts';
import type { DaemonCharts } from './charts.ts';
import { type DaemonGrowth, growthOf } from './growth.ts';
import { answers, type DaemonHistory, type DaemonsHistory, unknownDaemon } from './history.ts';
import { type DaemonKind, daemonKind, daemonName } from './kind.ts';

/** A daemon as rules and views see it. */
export interface DaemonModel extends DaemonGrowth {
  /** `dockerd`, `podman`, `containerd`, that of `--pprof NAME=URL`; another engine by what it calls itself. */
  readonly name: string;
  /** Whatever its name, and null for one that was named with `--pprof`. */
  readonly kind: DaemonKind | null;
  /** It answers the engine’s API. */
  readonly isEngine: boolean;
  readonly process: DaemonProcess | null;
  readonly version: string | null;
  readonly goVersion: string | null;
  readonly endpoint: string | null;
  /** Where it is asked for pods and containers; null for the engine, and where it is not asked. */
  readonly socket: string | null;
  /** The endpoint was named with `--pprof`, rather than found. */
  readonly named: boolean;
  readonly goroutines: Reading<number>;
  readonly goroutinesSeries: Series;
  /** HeapInuse, bytes. */
  readonly heapBytes: number | null;
  readonly heapSeries: Series;
  readonly rssSeries: Series;
  readonly charts: DaemonCharts;
  /** What the engine says of its configuration; null when it has not. */
  readonly settings: EngineSettings | null;
  /** Inode of its mount namespace; null if unreadable. */
  readonly mountNamespace: string | null;
  readonly ping: Reading<{ readonly ms: number }>;
  /**
   * `running`, `elsewhere` (it answers, but its process is not in this /proc), `gone` (it disappeared while rtwatch was
   * running), or `absent` (it was never there, or systemd starts it when it is asked).
   */
  readonly status: 'running' | 'elsewhere' | 'gone' | 'absent' | 'unknown';
  /** Why there is no process. */
  readonly detail: string | null;
  readonly goneSeconds: number | null;
  /** Since its restart was seen. */
  readonly restartedSeconds: number | null;
  readonly lastPid: number | null;
  /** How long ago each process of it that was seen was started, in seconds, the newest last. */
  readonly startsSecondsAgo: readonly number[];
  /** This process of it was seen to answer. */
  readonly hasAnswered: boolean;
}

interface DaemonsInput {
  readonly tracked: Tracked<DaemonsValue>;
  readonly history: DaemonsHistory;
  readonly monoMs: number;
  /** Of the node; null when it is not known. */
  readonly memoryBytes: number | null;
  /** What is asked through gRPC: each answers for the daemon that is its process. */
  readonly runtimes: readonly CriRuntime[];
}

/** The daemons as rules and views see them, in the order of the reading. */
export function deriveDaemons(input: DaemonsInput): DaemonModel[] {
  return (input.tracked.value?.daemons ?? []).map((daemon) => derive(daemon, input));
}

function derive(daemon: DaemonValue, { history, monoMs, memoryBytes, runtimes }: DaemonsInput): DaemonModel {
  const past = history.get(daemon.name) ?? unknownDaemon;
  const process = okValue(daemon.process);
  const runtime = runtimeOf(daemon, runtimes);
  const secondsSince = (since: number | null): number | null => (since === null ? null : (monoMs - since) / 1000);
  const name = daemonName(daemon, past.product);
  return {
    name,
    kind: name === 'podman' && daemon.name === 'dockerd' ? 'podman' : daemonKind(daemon.name),
    isEngine: daemon.name === 'dockerd',
    process,
    version: okValue(daemon.version)?.version ?? runtime?.version ?? null,
    goVersion: okValue(daemon.version)?.goVersion ?? null,
    endpoint: daemon.endpoint,
    socket: runtime?.socket ?? null,
    named: daemon.named,
    goroutines: daemon.goroutines,
    goroutinesSeries: past.goroutines,
    heapBytes: okValue(daemon.heap)?.inuseBytes ?? null,
    heapSeries: past.heapBytes,
    rssSeries: past.rssBytes,
    charts: past.charts,
    ...growthOf(process, past.slow, monoMs, memoryBytes),
    settings: past.settings,
    mountNamespace: process?.mountNamespace ?? null,
    ping: daemon.ping.status === 'absent' ? (runtime?.ping ?? daemon.ping) : daemon.ping,
    status: isUnseen(daemon, runtime) ? 'elsewhere' : statusOf(daemon, past),
    detail: isUnseen(daemon, runtime) ? unseen : detailOf(daemon),
    goneSeconds: daemon.startsOnRequest === true ? null : secondsSince(past.goneMonoMs),
    restartedSeconds: secondsSince(past.restartedMonoMs),
    lastPid: past.lastPid,
    startsSecondsAgo: past.starts.map((start) => (monoMs - start) / 1000),
    hasAnswered:
      (past.answered !== null && past.answered === past.identity) ||
      runtime?.ping.status === 'ok' ||
      runtime?.version != null,
  };
}

/** What is asked through gRPC, and is this daemon; one without a process is the one that is always looked for. */
function runtimeOf({ name, process }: DaemonValue, runtimes: readonly CriRuntime[]): CriRuntime | undefined {
  if (process.status === 'ok') return runtimes.find(({ pid }) => pid === process.value.pid);
  return process.status === 'absent' ? runtimes.find(({ kind, pid }) => pid === null && kind === name) : undefined;
}

function isUnseen({ process }: DaemonValue, runtime: CriRuntime | undefined): boolean {
  return process.status === 'absent' && runtime?.ping.status === 'ok';
}

const unseen =
  'answers, but its process is not in this /proc (rtwatch runs in another PID namespace, or hidepid hides it)';

const elsewhere =
  'answers, but its process was not found in /proc (rtwatch runs in another PID namespace, or the engine is remote)';

function detailOf(daemon: DaemonValue): string | null {
  const { process } = daemon;
  if (process.status === 'ok') return null;
  return process.status === 'absent' && daemon.startsOnRequest !== true && answers(daemon) ? elsewhere : process.detail;
}

function statusOf(daemon: DaemonValue, past: DaemonHistory): DaemonModel['status'] {
  if (daemon.process.status === 'ok') return 'running';
  if (daemon.process.status !== 'absent') return 'unknown';
  if (daemon.startsOnRequest === true) return 'absent';
  if (answers(daemon)) return 'elsewhere';
  return past.goneMonoMs === null ? 'absent' : 'gone';
}
