import { detach } from '../../base/detach.ts';
import type { Goroutine } from '../../sample/goroutines.ts';
import { type StackFrame, stackName } from './frames.ts';
import { type StateCount, StateCounts } from './states.ts';
import { type WaitMinutes, Waits } from './waits.ts';

/** Goroutines with the same stack: the same functions at the same lines, started by the same function. */
export interface GoroutineGroup {
  readonly count: number;
  /** The most frequent first; empty if the form has none. */
  readonly states: readonly StateCount[];
  /** Null when none is known to have waited a minute. */
  readonly waitMinutes: WaitMinutes | null;
  /** The callee before its caller. */
  readonly frames: readonly StackFrame[];
  readonly createdBy: string | null;
  /** How many are locked to a thread. */
  readonly lockedToThread: number;
  /** Go left frames out of the stack. */
  readonly elided: boolean;
  /** Not one stack: all goroutines that came after more distinct stacks than are kept. It has no frames. */
  readonly isRest: boolean;
}

/** More distinct stacks than any healthy or sick daemon has; it bounds the memory that a hostile dump can take. */
const defaultMaxStacks = 20_000;

/** Folds goroutines with equal stacks while they stream by, in memory bounded by the number of distinct stacks. */
export class GoroutineGroups {
  readonly #tallies = new Map<string, Tally>();
  readonly #texts = new Map<string, string>();
  readonly #maxStacks: number;
  #rest: Tally | null = null;

  constructor(maxStacks = defaultMaxStacks) {
    this.#maxStacks = maxStacks;
  }

  /** `key` is {@link stackKey} of it, for a caller that has made it already. */
  add(goroutine: Goroutine, key = stackKey(goroutine)): void {
    this.#tallyOf(goroutine, key).add(goroutine);
  }

  #tallyOf(goroutine: Goroutine, key: string): Tally {
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    if (this.#tallies.size >= this.#maxStacks) {
      this.#rest ??= new Tally({ frames: [], createdBy: null, elided: false }, true);
      return this.#rest;
    }
    const tally = new Tally(this.#ownStack(goroutine), false);
    this.#tallies.set(key, tally);
    return tally;
  }

  /** Text cut out of a chunk of the dump keeps the whole chunk in memory; each text is copied out of it, once. */
  #ownStack({ frames, createdBy, elided }: Goroutine): Stack {
    return {
      frames: frames.map(({ func, file, line }) => ({
        func: this.#own(func),
        file: file === null ? null : this.#own(file),
        line,
      })),
      createdBy: createdBy === null ? null : this.#own(createdBy),
      elided,
    };
  }

  #own(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const copy = detach(text);
    this.#texts.set(copy, copy);
    return copy;
  }

  /** The largest first, equal ones by name. */
  finish(): GoroutineGroup[] {
    const tallies = [...this.#tallies].map(([key, tally]) => ({ key, group: tally.finish() }));
    if (this.#rest !== null) tallies.push({ key: '', group: this.#rest.finish() });
    return tallies
      .map((entry) => ({ ...entry, name: stackName(entry.group.frames) }))
      .sort((a, b) => b.group.count - a.group.count || compareTexts(a.name, b.name) || compareTexts(a.key, b.key))
      .map(({ group }) => group);
  }
}

/** Equal for goroutines that belong together: functions, lines and creator, without addresses and arguments. */
export function stackKey({ frames, createdBy, elided }: StackIdentity): string {
  let key = `${elided ? '…' : ''}${createdBy ?? ''}`;
  for (const { func, line } of frames) key += `\n${func}:${line ?? ''}`;
  return key;
}

interface StackIdentity {
  readonly frames: readonly Pick<StackFrame, 'func' | 'line'>[];
  readonly createdBy: string | null;
  readonly elided: boolean;
}

/** By code units: the same everywhere, whatever the locale. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

type Stack = Pick<GoroutineGroup, 'frames' | 'createdBy' | 'elided'>;

class Tally {
  readonly #stack: Stack;
  readonly #isRest: boolean;
  readonly #states = new StateCounts();
  readonly #waits = new Waits();
  #count = 0;
  #lockedToThread = 0;

  constructor(stack: Stack, isRest: boolean) {
    this.#stack = stack;
    this.#isRest = isRest;
  }

  add({ count, state, waitMinutes, lockedToThread }: Goroutine): void {
    this.#count += count;
    this.#states.add(state, count);
    this.#waits.add(waitMinutes, count);
    if (lockedToThread) this.#lockedToThread += count;
  }

  finish(): GoroutineGroup {
    return {
      count: this.#count,
      states: this.#states.finish(),
      waitMinutes: this.#waits.finish(),
      ...this.#stack,
      lockedToThread: this.#lockedToThread,
      isRest: this.#isRest,
    };
  }
}
