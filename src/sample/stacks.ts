import type { Reading } from './reading.ts';

/**
 * What the daemons' goroutines are doing: their stacks, folded, asked for seldom and only while that costs the daemon
 * next to nothing (see `collect/stacks.ts`).
 */
export interface StacksValue {
  readonly daemons: readonly DaemonStacks[];
}

export interface DaemonStacks {
  /** The daemon's name. */
  readonly daemon: string;
  /** Counts the looks at this daemon from 1: the same number is the same look again. */
  readonly look: number;
  /** Absent when it was not asked, with the reason; null when this look was told before. */
  readonly stacks: Reading<FoldedStacks> | null;
}

/** `goroutine?debug=1`, which tells no states, waits or arguments. */
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
