import { sum } from '../../base/counts.ts';
import type { WriterCounters, WritersValue } from '../../sample/writers.ts';
import type { Tracked } from '../tracked.ts';

/** A process and how fast it moves bytes. */
export interface WriterModel {
  readonly pid: number;
  readonly starttime: number;
  readonly comm: string;
  readonly containerId: string | null;
  /** What people call the container; null when in none, or not listed by the engine. */
  readonly containerName: string | null;
  readonly readBytesPerSec: number;
  /** Bytes made dirty: they reach the device later. */
  readonly writeBytesPerSec: number;
}

/** The processes of one container, of those listed, together. */
interface ContainerWriters {
  /** Null for the processes in no container. */
  readonly containerId: string | null;
  readonly containerName: string | null;
  readonly readBytesPerSec: number;
  readonly writeBytesPerSec: number;
  readonly pids: readonly number[];
}

/**
 * The processes that move the most bytes, for rules and views. The bytes of short-lived programs are attributed to the
 * parent that ran them.
 */
export interface WritersModel {
  /** The fastest first. */
  readonly list: readonly WriterModel[];
  readonly containers: readonly ContainerWriters[];
  /** Processes whose `io` may not be read. */
  readonly unreadable: number;
}

/** @param nameOf what people call a container, by id */
export function deriveWriters(
  { value }: Tracked<WritersValue>,
  nameOf: (containerId: string) => string | null,
): WritersModel | null {
  if (value === null) return null;
  const list = value.processes.map((writer) => derive(writer, nameOf)).sort(byRate);
  const containers = [...Map.groupBy(list, ({ containerId }) => containerId)].map(([containerId, writers]) => ({
    containerId,
    containerName: writers[0]?.containerName ?? null,
    readBytesPerSec: sum(writers.map(({ readBytesPerSec }) => readBytesPerSec)),
    writeBytesPerSec: sum(writers.map(({ writeBytesPerSec }) => writeBytesPerSec)),
    pids: writers.map(({ pid }) => pid),
  }));
  return { list, containers: containers.sort(byRate), unreadable: value.unreadable };
}

function derive(
  { pid, starttime, comm, containerId, readDelta, writeDelta, overMs }: WriterCounters,
  nameOf: (containerId: string) => string | null,
): WriterModel {
  const perSec = (bytes: number): number => (bytes / Math.max(overMs, 1)) * 1000;
  return {
    pid,
    starttime,
    comm,
    containerId,
    containerName: containerId === null ? null : nameOf(containerId),
    readBytesPerSec: perSec(readDelta),
    writeBytesPerSec: perSec(writeDelta),
  };
}

interface Rates {
  readonly readBytesPerSec: number;
  readonly writeBytesPerSec: number;
}

function byRate(a: Rates, b: Rates): number {
  return b.readBytesPerSec + b.writeBytesPerSec - (a.readBytesPerSec + a.writeBytesPerSec);
}
