import type { DaemonProcess, DaemonsValue, DaemonValue } from '../sample/daemons.ts';
import { okValue, type Reading } from '../sample/reading.ts';
import { append, type Series } from './series.ts';
import type { Tracked } from './tracked.ts';

/** What is remembered of each daemon, by name. */
export type DaemonsHistory = ReadonlyMap<string, DaemonHistory>;

export interface DaemonHistory {
  readonly goroutines: Series;
  readonly heapBytes: Series;
  /** `pid starttime` of the process last seen; null before the first. */
  readonly identity: string | null;
  readonly lastPid: number | null;
  /** Since when there is no process although there was one, in milliseconds of CLOCK_MONOTONIC. */
  readonly goneMonoMs: number | null;
  /** When another process than before was first seen. */
  readonly restartedMonoMs: number | null;
}

export const noDaemons: DaemonsHistory = new Map();

const unknownDaemon: DaemonHistory = {
  goroutines: [],
  heapBytes: [],
  identity: null,
  lastPid: null,
  goneMonoMs: null,
  restartedMonoMs: null,
};

export function reduceDaemons(
  before: DaemonsHistory,
  reading: Reading<DaemonsValue> | undefined,
  monoMs: number,
): DaemonsHistory {
  if (reading === undefined) return before;
  const value = okValue(reading);
  if (value === null) return new Map([...before].map(([name, daemon]) => [name, leaveGap(daemon)]));
  return new Map(
    value.daemons.map((daemon) => [daemon.name, remember(before.get(daemon.name) ?? unknownDaemon, daemon, monoMs)]),
  );
}

function leaveGap(daemon: DaemonHistory): DaemonHistory {
  return { ...daemon, goroutines: append(daemon.goroutines, null), heapBytes: append(daemon.heapBytes, null) };
}

function remember(before: DaemonHistory, daemon: DaemonValue, monoMs: number): DaemonHistory {
  const process = okValue(daemon.process);
  const identity = process === null ? before.identity : `${process.pid} ${process.starttime}`;
  const isGone = daemon.process.status === 'absent' && before.identity !== null;
  const isNew = before.identity !== null && identity !== before.identity;
  return {
    goroutines: append(before.goroutines, okValue(daemon.goroutines)),
    heapBytes: append(before.heapBytes, okValue(daemon.heap)?.inuseBytes ?? null),
    identity,
    lastPid: process?.pid ?? before.lastPid,
    goneMonoMs: isGone ? (before.goneMonoMs ?? monoMs) : null,
    restartedMonoMs: isNew ? monoMs : before.restartedMonoMs,
  };
}

/** A daemon as rules and views see it. */
export interface DaemonModel {
  readonly name: string;
  readonly process: DaemonProcess | null;
  readonly version: string | null;
  readonly goVersion: string | null;
  readonly endpoint: string | null;
  readonly goroutines: Reading<number>;
  readonly goroutinesSeries: Series;
  /** HeapInuse, bytes. */
  readonly heapBytes: number | null;
  readonly heapSeries: Series;
  readonly ping: Reading<{ readonly ms: number }>;
  /** `running`, `gone` (it was there while we looked), or `absent` (it never was). */
  readonly status: 'running' | 'gone' | 'absent' | 'unknown';
  /** Why there is no process. */
  readonly detail: string | null;
  readonly goneSeconds: number | null;
  /** Since it was seen to have been started anew. */
  readonly restartedSeconds: number | null;
  readonly lastPid: number | null;
}

export function deriveDaemons(tracked: Tracked<DaemonsValue>, history: DaemonsHistory, monoMs: number): DaemonModel[] {
  return (tracked.value?.daemons ?? []).map((daemon) => {
    const past = history.get(daemon.name) ?? unknownDaemon;
    const secondsSince = (since: number | null): number | null => (since === null ? null : (monoMs - since) / 1000);
    return {
      name: daemon.name,
      process: okValue(daemon.process),
      version: okValue(daemon.version)?.version ?? null,
      goVersion: okValue(daemon.version)?.goVersion ?? null,
      endpoint: daemon.endpoint,
      goroutines: daemon.goroutines,
      goroutinesSeries: past.goroutines,
      heapBytes: okValue(daemon.heap)?.inuseBytes ?? null,
      heapSeries: past.heapBytes,
      ping: daemon.ping,
      status: statusOf(daemon, past),
      detail: daemon.process.status === 'ok' ? null : daemon.process.detail,
      goneSeconds: secondsSince(past.goneMonoMs),
      restartedSeconds: secondsSince(past.restartedMonoMs),
      lastPid: past.lastPid,
    };
  });
}

function statusOf(daemon: DaemonValue, past: DaemonHistory): DaemonModel['status'] {
  if (daemon.process.status === 'ok') return 'running';
  if (daemon.process.status !== 'absent') return 'unknown';
  return past.goneMonoMs === null ? 'absent' : 'gone';
}
