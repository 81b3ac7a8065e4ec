/** The processes that move the most bytes to and from devices: two reads, some seconds apart, make a rate. */
export interface WritersValue {
  /** Those whose counters grew most since the poll before; bounded. */
  readonly processes: readonly WriterCounters[];
  /** Processes whose `io` file is unreadable. */
  readonly unreadable: number;
}

/** `/proc/PID/io` (proc_pid_io(5)). Counters only grow while the process lives. */
export interface WriterCounters {
  readonly pid: number;
  readonly starttime: number;
  readonly comm: string;
  readonly containerId: string | null;
  /** Bytes fetched from the storage layer, and bytes made dirty: those reach it later, or never. */
  readonly readBytes: number;
  readonly writeBytes: number;
  /** The bytes since the poll before, and how long that was, in milliseconds. */
  readonly readDelta: number;
  readonly writeDelta: number;
  readonly overMs: number;
}
