import type { Reading } from './reading.ts';

/** Disk I/O: counters as the kernel keeps them; rates are the model's work. */
export interface DisksValue {
  readonly pressure: Reading<IoPressure>;
  /** Whole devices, without ram disks and without partitions. */
  readonly disks: readonly DiskCounters[];
  /** Dirty of /proc/meminfo, in bytes; null when it is not told. */
  readonly dirtyBytes: number | null;
  readonly writebackBytes: number | null;
  /** procs_blocked of /proc/stat: tasks that wait for I/O (not every task in D does). */
  readonly procsBlocked: number | null;
}

/** /proc/pressure/io: shares of time in percent, totals in microseconds. */
export interface IoPressure {
  readonly some: PressureLine;
  readonly full: PressureLine | null;
}

export interface PressureLine {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly totalMicros: number;
}

/** One line of /proc/diskstats (kernel Documentation/admin-guide/iostats.rst). All but `inFlight` only grow, and wrap. */
export interface DiskCounters {
  readonly name: string;
  /** `major:minor` */
  readonly device: string;
  readonly reads: number;
  readonly readSectors: number;
  readonly readMs: number;
  readonly writes: number;
  readonly writtenSectors: number;
  readonly writeMs: number;
  readonly inFlight: number;
  /** Time with at least one request in flight. */
  readonly busyMs: number;
  /** Time weighted by the requests in flight: its rate is the mean queue length. */
  readonly weightedMs: number;
}
