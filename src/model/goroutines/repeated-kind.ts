import type { GoFrame, Goroutine, RepeatedGoroutine } from '../../sample/goroutines.ts';
import type { LockTracker } from './locks/tracker.ts';
import { type SubjectPlace, type Subjects, subjectOf } from './subjects.ts';

/** What a pattern counts, and where its subject is in the stack. */
interface About {
  readonly tally: { count: number; readonly subjects: Subjects };
  readonly places: readonly SubjectPlace[];
}

/** Goroutines of one stack and state that came again: counted, but for their subjects and locks. */
export class RepeatedKind {
  readonly #first: Goroutine;
  /** Of the stack. */
  readonly key: string;
  readonly #about: readonly About[];
  /** By minutes of waiting; null is -1. */
  readonly #waits = new Map<number, { count: number }>();
  /** The frames with the arguments that say which lock is waited for. */
  readonly #frames: { -readonly [K in keyof GoFrame]: GoFrame[K] }[];
  #mayKnowLocks = true;

  constructor(first: Goroutine, key: string, about: readonly About[]) {
    this.#first = first;
    this.key = key;
    this.#about = about;
    this.#frames = first.frames.map((frame) => ({ ...frame, args: null }));
  }

  add(goroutine: RepeatedGoroutine, locks: LockTracker): void {
    const minutes = goroutine.waitMinutes ?? -1;
    const wait = this.#waits.get(minutes);
    if (wait === undefined) this.#waits.set(minutes, { count: 1 });
    else wait.count++;
    for (const { tally, places } of this.#about) {
      tally.count++;
      if (places.length > 0 && !tally.subjects.isFull) tally.subjects.add(subjectOf(goroutine, places));
    }
    if (this.#mayKnowLocks) this.#addToLocks(goroutine, locks);
  }

  #addToLocks(goroutine: RepeatedGoroutine, locks: LockTracker): void {
    const { id, waitMinutes } = goroutine;
    const wanted = locks.framesOfInterest(this.#first, this.key);
    if (wanted === null) {
      this.#mayKnowLocks = false;
      return;
    }
    for (const index of wanted) {
      const frame = this.#frames[index];
      if (frame !== undefined) frame.args = goroutine.argsOf(index);
    }
    const waiting = { ...this.#first, id, waitMinutes, frames: this.#frames };
    locks.add(waiting, this.key, () => wholeGoroutine(goroutine).frames);
  }

  /** Those that were counted, folded by how long they wait. */
  *counted(): Generator<Goroutine> {
    for (const [minutes, { count }] of this.#waits) {
      yield { ...this.#first, waitMinutes: minutes < 0 ? null : minutes, count };
    }
  }
}

/** A repeated goroutine as the parser would have made it. */
export function wholeGoroutine(goroutine: RepeatedGoroutine): Goroutine {
  const { stack, id, state, waitMinutes, lockedToThread } = goroutine;
  const frames = stack.first.frames.map((frame, index) => ({ ...frame, args: goroutine.argsOf(index) }));
  return { ...stack.first, id, state, waitMinutes, lockedToThread, frames };
}
