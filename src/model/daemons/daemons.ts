import type { CriRuntime } from '../../sample/cri.ts';
import type { DaemonProcess, DaemonsValue, DaemonValue, EngineSettings, FdKinds } from '../../sample/daemons.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import { append, appendLow, type Series, type SlowSeries } from '../series.ts';
import type { Tracked } from '../tracked.ts';
import { chartsAfterFailure, type DaemonCharts, noCharts, rememberCharts } from './charts.ts';
import { growthPerMinute, secondsToLimit } from './exhaustion.ts';

/** What is remembered of each daemon, by name. */
export type DaemonsHistory = ReadonlyMap<string, DaemonHistory>;

interface DaemonHistory {
  readonly goroutines: Series;
  readonly heapBytes: Series;
  readonly rssBytes: Series;
  /** Of the same process, over an hour. */
  readonly slow: SlowFigures;
  readonly charts: DaemonCharts;
  /** The latest settings that this process reported. */
  readonly settings: EngineSettings | null;
  /** What it last called itself, where it is not Docker’s. */
  readonly product: string | null;
  /** `pid starttime` of the process last seen; null before the first. */
  readonly identity: string | null;
  readonly lastPid: number | null;
  /** Since when there is no process although there was one, in milliseconds of CLOCK_MONOTONIC. */
  readonly goneMonoMs: number | null;
  /** When another process than before was first seen. */
  readonly restartedMonoMs: number | null;
  /** When each process that was seen was started, in milliseconds of CLOCK_MONOTONIC, the newest last; bounded. */
  readonly starts: readonly number[];
  /** The process that was seen to answer last. */
  readonly answered: string | null;
}

interface SlowFigures {
  readonly fds: SlowSeries;
  readonly threads: SlowSeries;
  readonly rssBytes: SlowSeries;
  readonly goroutines: SlowSeries;
  readonly heapBytes: SlowSeries;
}

const noFigures: SlowFigures = { fds: [], threads: [], rssBytes: [], goroutines: [], heapBytes: [] };

export const noDaemons: DaemonsHistory = new Map();

/** An idle Go program collects every two minutes (runtime.forcegcperiod): a heap that grows for less may be well. */
const leastHeapMs = 300_000;

/** runtime/debug.SetMaxThreads: the Go runtime aborts a program that needs one more. */
export const maxThreads = 10_000;

const unknownDaemon: DaemonHistory = {
  goroutines: [],
  heapBytes: [],
  rssBytes: [],
  slow: noFigures,
  charts: noCharts,
  settings: null,
  product: null,
  identity: null,
  lastPid: null,
  goneMonoMs: null,
  restartedMonoMs: null,
  starts: [],
  answered: null,
};

export function reduceDaemons(
  before: DaemonsHistory,
  reading: Reading<DaemonsValue> | undefined,
  monoMs: number,
): DaemonsHistory {
  if (reading === undefined) return before;
  const value = okValue(reading);
  if (value === null) return new Map([...before].map(([name, daemon]) => [name, leaveGap(daemon, monoMs)]));
  return new Map(
    value.daemons.map((daemon) => [daemon.name, remember(before.get(daemon.name) ?? unknownDaemon, daemon, monoMs)]),
  );
}

function leaveGap(daemon: DaemonHistory, monoMs: number): DaemonHistory {
  return {
    ...daemon,
    goroutines: append(daemon.goroutines, null),
    heapBytes: append(daemon.heapBytes, null),
    rssBytes: append(daemon.rssBytes, null),
    charts: chartsAfterFailure(daemon.charts, monoMs),
  };
}

function remember(before: DaemonHistory, daemon: DaemonValue, monoMs: number): DaemonHistory {
  const process = okValue(daemon.process);
  const identity = process === null ? before.identity : `${process.pid} ${process.starttime}`;
  const isGone = daemon.process.status === 'absent' && before.identity !== null && !answers(daemon);
  const isFirst = before.identity === null && process !== null;
  const isNew = before.identity !== null && identity !== before.identity;
  return {
    goroutines: append(before.goroutines, okValue(daemon.goroutines)),
    heapBytes: append(before.heapBytes, okValue(daemon.heap)?.inuseBytes ?? null),
    rssBytes: append(before.rssBytes, process?.rssBytes ?? null),
    charts: rememberCharts(before.charts, daemon, monoMs),
    slow: rememberSlow(isNew ? noFigures : before.slow, daemon, monoMs),
    settings: okValue(daemon.settings) ?? (isNew || isGone ? null : before.settings),
    product: productOf(daemon, isNew ? null : before.product),
    identity,
    lastPid: process?.pid ?? before.lastPid,
    goneMonoMs: isGone ? (before.goneMonoMs ?? monoMs) : null,
    restartedMonoMs: isNew ? monoMs : before.restartedMonoMs,
    starts: isFirst || isNew ? [...before.starts, startOf(process, monoMs)].slice(-maxStarts) : before.starts,
    answered: process !== null && answers(daemon) ? identity : before.answered,
  };
}

const maxStarts = 32;

const startOf = (process: DaemonProcess | null, monoMs: number): number => monoMs - (process?.ageSeconds ?? 0) * 1000;

/** It says so itself: a question of the shortest period was answered. A containerd’s version comes from dockerd. */
function answers({ ping, goroutines }: DaemonValue): boolean {
  return [ping, goroutines].some(({ status }) => status === 'ok');
}

function productOf({ version }: DaemonValue, before: string | null): string | null {
  return version.status === 'ok' ? version.value.product : before;
}

function rememberSlow(before: SlowFigures, daemon: DaemonValue, monoMs: number): SlowFigures {
  const process = okValue(daemon.process);
  return {
    fds: appendLow(before.fds, process?.fds ?? null, monoMs),
    threads: appendLow(before.threads, process?.threads ?? null, monoMs),
    rssBytes: appendLow(before.rssBytes, process?.rssBytes ?? null, monoMs),
    goroutines: appendLow(before.goroutines, okValue(daemon.goroutines), monoMs),
    heapBytes: appendLow(before.heapBytes, okValue(daemon.heap)?.inuseBytes ?? null, monoMs),
  };
}

/** A daemon as rules and views see it. */
export interface DaemonModel {
  /** `dockerd`, `containerd`, that of `--pprof NAME=URL`; an engine that is not Docker’s by what it calls itself. */
  readonly name: string;
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
  /** Its descriptors by type; null if unreadable. */
  readonly fdKinds: FdKinds | null;
  /** Descriptors over an hour, the least of each ten seconds. */
  readonly fdSeries: SlowSeries;
  /** These grow by so much a minute, steadily; null when they do not, or it is too early to say (`growthPerMinute`). */
  readonly fdGrowthPerMinute: number | null;
  readonly goroutineGrowthPerMinute: number | null;
  readonly heapBytesGrowthPerMinute: number | null;
  readonly rssBytesGrowthPerMinute: number | null;
  /** Until its own limit of descriptors is reached, at this rate. */
  readonly fdExhaustionSeconds: number | null;
  /** Threads grow by so many a minute, steadily; null when they do not, or it is too early to say. */
  readonly threadGrowthPerMinute: number | null;
  /** Until it has as many threads as Go allows, at this rate. */
  readonly threadExhaustionSeconds: number | null;
  /** Until it alone fills the node's memory, at this rate. */
  readonly rssExhaustionSeconds: number | null;
  /** Goroutines that come with each descriptor while both grow: dockerd's leak at stop has 2. Null when they do not. */
  readonly goroutinesPerFd: number | null;
  /** What the engine says of its configuration; null when it has not. */
  readonly settings: EngineSettings | null;
  /** Inode of its mount namespace; null if unreadable. */
  readonly mountNamespace: string | null;
  readonly ping: Reading<{ readonly ms: number }>;
  /**
   * `running`, `elsewhere` (it answers, but its process is not in this /proc), `gone` (it disappeared while rtwatch was
   * running), or `absent` (it was never there).
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

export function deriveDaemons(input: DaemonsInput): DaemonModel[] {
  return (input.tracked.value?.daemons ?? []).map((daemon) => derive(daemon, input));
}

function derive(daemon: DaemonValue, { history, monoMs, memoryBytes, runtimes }: DaemonsInput): DaemonModel {
  const past = history.get(daemon.name) ?? unknownDaemon;
  const process = okValue(daemon.process);
  const runtime = process === null ? undefined : runtimes.find(({ pid }) => pid === process.pid);
  const secondsSince = (since: number | null): number | null => (since === null ? null : (monoMs - since) / 1000);
  return {
    name: past.product ?? daemon.name,
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
    ...growthOf(process, past, monoMs, memoryBytes),
    settings: past.settings,
    mountNamespace: process?.mountNamespace ?? null,
    ping: daemon.ping.status === 'absent' ? (runtime?.ping ?? daemon.ping) : daemon.ping,
    status: statusOf(daemon, past),
    detail: detailOf(daemon),
    goneSeconds: secondsSince(past.goneMonoMs),
    restartedSeconds: secondsSince(past.restartedMonoMs),
    lastPid: past.lastPid,
    startsSecondsAgo: past.starts.map((start) => (monoMs - start) / 1000),
    hasAnswered:
      (past.answered !== null && past.answered === past.identity) ||
      runtime?.ping.status === 'ok' ||
      runtime?.version != null,
  };
}

type Growth = Pick<
  DaemonModel,
  | 'fdKinds'
  | 'fdSeries'
  | 'fdGrowthPerMinute'
  | 'goroutineGrowthPerMinute'
  | 'heapBytesGrowthPerMinute'
  | 'rssBytesGrowthPerMinute'
  | 'fdExhaustionSeconds'
  | 'threadGrowthPerMinute'
  | 'threadExhaustionSeconds'
  | 'rssExhaustionSeconds'
  | 'goroutinesPerFd'
>;

function growthOf(
  process: DaemonProcess | null,
  { slow }: DaemonHistory,
  monoMs: number,
  memoryBytes: number | null,
): Growth {
  // A process that is gone grows no more.
  const growth = (series: SlowSeries, leastMs?: number): number | null =>
    process === null ? null : growthPerMinute(series, monoMs, leastMs);
  const fds = growth(slow.fds);
  const goroutines = growth(slow.goroutines);
  const rss = growth(slow.rssBytes);
  const threads = growth(slow.threads);
  return {
    fdKinds: process?.fdKinds ?? null,
    fdSeries: slow.fds,
    fdGrowthPerMinute: fds,
    goroutineGrowthPerMinute: goroutines,
    heapBytesGrowthPerMinute: growth(slow.heapBytes, leastHeapMs),
    rssBytesGrowthPerMinute: rss,
    fdExhaustionSeconds: secondsToLimit(process?.fds ?? null, process?.fdLimit ?? null, fds),
    threadGrowthPerMinute: threads,
    threadExhaustionSeconds: secondsToLimit(process?.threads ?? null, maxThreads, threads),
    rssExhaustionSeconds: secondsToLimit(process?.rssBytes ?? null, memoryBytes, rss),
    goroutinesPerFd: fds !== null && fds > 0 && goroutines !== null && goroutines > 0 ? goroutines / fds : null,
  };
}

const elsewhere =
  'answers, but its process is not in this /proc (rtwatch runs in another PID namespace, or the engine is remote)';

function detailOf(daemon: DaemonValue): string | null {
  const { process } = daemon;
  if (process.status === 'ok') return null;
  return process.status === 'absent' && answers(daemon) ? elsewhere : process.detail;
}

function statusOf(daemon: DaemonValue, past: DaemonHistory): DaemonModel['status'] {
  if (daemon.process.status === 'ok') return 'running';
  if (daemon.process.status !== 'absent') return 'unknown';
  if (answers(daemon)) return 'elsewhere';
  return past.goneMonoMs === null ? 'absent' : 'gone';
}
