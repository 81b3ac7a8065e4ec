import type { Reading } from './reading.ts';

/**
 * What the daemons' goroutines are doing: their folded stacks, read rarely and only while that costs the daemon next to
 * nothing (see `collect/daemons/stacks.ts`).
 */
export interface StacksValue {
  readonly daemons: readonly DaemonStacks[];
}

export interface DaemonStacks {
  /** The daemon's name. */
  readonly daemon: string;
  /** Counts the reads of this daemon from 1: the same number means the same read again. */
  readonly look: number;
  /** Absent, with the reason, if they were not read; null if this read was sent before. */
  readonly stacks: Reading<FoldedStacks> | null;
}

/** `goroutine?debug=1`, which has no states, waits or arguments. */
export interface FoldedStacks {
  readonly total: number;
  /** The largest first; bounded. */
  readonly groups: readonly FoldedStack[];
  /** Goroutines of the groups beyond that. */
  readonly rest: number;
}

export interface FoldedStack {
  readonly count: number;
  /** Full names of the functions, the callee before its caller. */
  readonly funcs: readonly string[];
}
