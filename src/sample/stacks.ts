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
  /** Read once for a pile-up behind a lock; missing where there is none, and when it was sent before. */
  readonly whole?: Reading<WholeDump>;
}

/** `goroutine?debug=2`: each goroutine with its state, its wait and the arguments of its calls. */
export interface WholeDump {
  readonly total: number;
  /** Something is missing. */
  readonly partial: boolean;
  readonly stacks: readonly WholeStack[];
}

/** Goroutines with the same calls, the callee before its caller. */
export interface WholeStack {
  readonly frames: readonly { readonly func: string; readonly line: number | null }[];
  readonly goroutines: readonly WholeGoroutine[];
}

export interface WholeGoroutine {
  readonly id: number | null;
  readonly state: string | null;
  /** A lower bound; null below a minute. */
  readonly waitMinutes: number | null;
  /** Of each frame, as Go writes them. */
  readonly args: readonly (string | null)[];
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
