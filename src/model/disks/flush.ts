import type { ProcessesValue } from '../../sample/processes.ts';
import type { DisksHistory } from './history.ts';
import { type FlushCall, flushCallOf } from './waits.ts';

/** Dirty memory and how fast it is written. */
export interface DirtyModel {
  readonly dirtyBytes: number | null;
  readonly writebackBytes: number | null;
  /** Bytes of page cache made dirty, and written, per second over the last ten seconds; null until there are two polls. */
  readonly dirtiedBytesPerSec: number | null;
  readonly writtenBytesPerSec: number | null;
  /** How long the rates were measured, in milliseconds. */
  readonly overMs: number;
  /** Where writers are throttled, and where the kernel begins writeback; null if unknown. */
  readonly limitBytes: number | null;
  readonly backgroundBytes: number | null;
}

/** Dirty memory in the newest reading, and the rates of the last ten seconds. */
export function dirtyOf({ last, writeBack }: DisksHistory): DirtyModel {
  const oldest = writeBack[0];
  const newest = writeBack.at(-1);
  const overMs = oldest === undefined || newest === undefined ? 0 : newest.monoMs - oldest.monoMs;
  const rate = (field: 'dirtiedBytes' | 'writtenBytes'): number | null =>
    oldest === undefined || newest === undefined || overMs <= 0
      ? null
      : ((newest.counters[field] - oldest.counters[field]) / overMs) * 1000;
  return {
    dirtyBytes: last?.value.dirtyBytes ?? null,
    writebackBytes: last?.value.writebackBytes ?? null,
    dirtiedBytesPerSec: rate('dirtiedBytes'),
    writtenBytesPerSec: rate('writtenBytes'),
    overMs,
    limitBytes: newest?.counters.limitBytes ?? null,
    backgroundBytes: newest?.counters.backgroundBytes ?? null,
  };
}

/** A process whose call ends only when dirty memory is written. */
export interface FlushWaiter {
  readonly pid: number;
  readonly tid: number;
  readonly comm: string;
  readonly call: FlushCall;
  readonly containerId: string | null;
}

/**
 * The processes that wait for dirty memory to be written, and for how much longer. It is an estimate for the node as a
 * whole: the kernel does not report how much of it belongs to one filesystem.
 */
export interface FlushModel {
  readonly waiters: readonly FlushWaiter[];
  /** How many more there are. */
  readonly more: number;
  /** Dirty and under write-back now. */
  readonly leftBytes: number;
  readonly bytesPerSec: number | null;
  /** At the present rate; null if nothing is written, or it is unknown. */
  readonly secondsLeft: number | null;
  /**
   * `draining`, `refilling` (more is made dirty than is written), `stalled` (nothing is written), `stuck` (a device
   * completes none of its requests: a process that waits for it waits forever), `measuring` (not polled for long enough).
   */
  readonly state: 'draining' | 'refilling' | 'stalled' | 'stuck' | 'measuring';
  /** The device that is stuck. */
  readonly device: string | null;
}

const maxWaiters = 10;
/** Write-back comes in bursts: nothing written for less than this says nothing. */
const leastMs = 3000;

/** @param stuck the device that has completed nothing for a while; null if all make progress */
export function flushOf(dirty: DirtyModel, processes: ProcessesValue | null, stuck: string | null): FlushModel | null {
  const waiters = waitersOf(processes);
  const { dirtyBytes, writebackBytes, writtenBytesPerSec, dirtiedBytesPerSec, overMs } = dirty;
  if (waiters.length === 0 || dirtyBytes === null) return null;
  const leftBytes = dirtyBytes + (writebackBytes ?? 0);
  const state = ((): FlushModel['state'] => {
    if (stuck !== null && (writebackBytes ?? 0) > 0) return 'stuck';
    if (writtenBytesPerSec === null || overMs < leastMs) return 'measuring';
    if (writtenBytesPerSec === 0) return 'stalled';
    return (dirtiedBytesPerSec ?? 0) > writtenBytesPerSec ? 'refilling' : 'draining';
  })();
  const rate = overMs < leastMs ? null : writtenBytesPerSec;
  return {
    waiters: waiters.slice(0, maxWaiters),
    more: Math.max(0, waiters.length - maxWaiters),
    leftBytes,
    bytesPerSec: rate,
    secondsLeft: rate === null || rate === 0 ? null : leftBytes / rate,
    state,
    device: state === 'stuck' ? stuck : null,
  };
}

function waitersOf(processes: ProcessesValue | null): FlushWaiter[] {
  return (processes?.processes ?? []).flatMap(({ pid, comm, kernelThread, containerId, blocked }) =>
    kernelThread
      ? []
      : blocked.flatMap((task) => {
          const call = flushCallOf(task);
          return call === null ? [] : [{ pid, tid: task.tid, comm, call, containerId }];
        }),
  );
}
