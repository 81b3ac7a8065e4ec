import type { DaemonProcess, DaemonsValue, DaemonValue, EngineSettings } from '../../sample/daemons.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import { append, appendLow, type Series, type SlowSeries } from '../series.ts';
import { chartsAfterFailure, type DaemonCharts, noCharts, rememberCharts } from './charts.ts';

/** What is remembered of each daemon, by name. */
export type DaemonsHistory = ReadonlyMap<string, DaemonHistory>;

export interface DaemonHistory {
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

export interface SlowFigures {
  readonly fds: SlowSeries;
  readonly threads: SlowSeries;
  readonly rssBytes: SlowSeries;
  readonly goroutines: SlowSeries;
  readonly heapBytes: SlowSeries;
}

const noFigures: SlowFigures = { fds: [], threads: [], rssBytes: [], goroutines: [], heapBytes: [] };

export const noDaemons: DaemonsHistory = new Map();

export const unknownDaemon: DaemonHistory = {
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

/** What is remembered of each daemon after one more reading; a reading that failed leaves gaps. */
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
export function answers({ ping, goroutines }: DaemonValue): boolean {
  return [ping, goroutines].some(({ status }) => status === 'ok');
}

function productOf({ version, engine }: DaemonValue, before: string | null): string | null {
  return version.status === 'ok' ? version.value.product : (engine ?? before);
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
