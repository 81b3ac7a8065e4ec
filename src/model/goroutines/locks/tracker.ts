import type { GoFrame, Goroutine } from '../../../sample/goroutines.ts';
import type { StackFrame } from '../frames.ts';
import { Waits } from '../waits.ts';
import { type LockShape, lockAddress, lockShape } from './lock-wait.ts';
import { receiverType } from './owner.ts';
import { exactAddresses } from './pointers.ts';

/** Goroutines of one stack that are kept as possible holders. */
const maxOfStack = 256;
/** Of one stack that wait for one lock: any of them can hold another. */
const maxOfWaiters = 8;
/** Of all: with some twenty words each, a few megabytes, however large the dump. */
const maxKept = 20_000;
const maxLocks = 10_000;
const maxStacks = 20_000;
/** A struct with its lock farther from its beginning is rare. */
const maxOwnerBytes = 8192;

/** A goroutine that may hold a lock. */
export interface KeptGoroutine {
  readonly id: number | null;
  readonly count: number;
  readonly state: string | null;
  readonly waitMinutes: number | null;
  readonly frames: readonly StackFrame[];
  /** The exact addresses in the arguments of each frame. */
  readonly addresses: readonly (readonly number[])[];
  /** The lock it waits for. */
  readonly waitsFor: LockTally | null;
  /** Index of the first frame that is not part of its own wait for a lock. */
  readonly outside: number;
}

/** What wants a lock: the function, how often, and the line of its Lock call. */
interface Wanter {
  readonly func: string;
  count: number;
  line: number | null;
  /** The functions further out, of the first one that was seen. */
  readonly frames: readonly StackFrame[];
}

/** One lock that is waited for. */
export interface LockTally {
  readonly address: number | null;
  /** Objects that hold it: the receiver or an argument of what wants it, at or shortly below its address. */
  readonly owners: Set<number>;
  /** The types of which what wants it are methods. */
  readonly types: Set<string>;
  waiters: number;
  readers: number;
  writers: number;
  readonly waits: Waits;
  readonly wanters: Map<string, Wanter>;
  readonly ids: number[];
  /** A goroutine that waits for it for writing: readers wait behind it. */
  pendingWriter: number | null;
  /** Locks without an address that turned out to be this one. */
  readonly merged: Set<LockTally>;
}

interface SeenStack {
  readonly frames: readonly StackFrame[];
  readonly shapes: Map<string | null, LockShape | null>;
  kept: number;
  readonly waiting: Map<LockTally, number>;
}

/**
 * Takes note of locks that are waited for, and of what may hold them, while goroutines stream by. In one pass nothing is
 * known yet of the locks to come, so a bounded number of goroutines of each stack is kept with the addresses in their
 * arguments: a holder is one of few of its kind, the thousands are waiters and leaks.
 */
export class LockTracker {
  readonly #stacks = new Map<string, SeenStack>();
  readonly #locks = new Map<string, LockTally>();
  readonly kept: KeptGoroutine[] = [];
  /** There were more goroutines than are kept, so that a holder may be missing. */
  isSampled = false;

  get locks(): readonly LockTally[] {
    return [...this.#locks.values()];
  }

  /**
   * `key` is the same for equal stacks.
   *
   * @param framesOf the frames with all their arguments, where `goroutine` has only those of `framesOfInterest`
   */
  add(goroutine: Goroutine, key: string, framesOf: () => readonly GoFrame[] = () => goroutine.frames): void {
    const stack = this.#stackOf(goroutine, key);
    if (stack === null) return;
    const shape = this.#shapeOf(goroutine, stack);
    const lock = shape === null ? null : this.#wait(goroutine, shape);
    this.#keep(goroutine, stack, lock, shape?.wanter ?? 0, framesOf);
  }

  /**
   * The frames of whose arguments `add` makes use when it does not keep a goroutine of this stack and state; null when
   * goroutines of this kind no longer make a difference.
   */
  framesOfInterest(goroutine: Goroutine, key: string): readonly number[] | null {
    const stack = this.#stackOf(goroutine, key);
    if (stack === null) return null;
    const shape = this.#shapeOf(goroutine, stack);
    if (shape !== null) return [shape.wanter, ...shape.places.map(({ frame }) => frame)];
    return this.isSampled && this.#isFull(stack) ? null : [];
  }

  #shapeOf({ frames, state }: Goroutine, { shapes }: SeenStack): LockShape | null {
    const known = shapes.get(state);
    if (known !== undefined) return known;
    const shape = lockShape(
      frames.map(({ func }) => func),
      state,
    );
    shapes.set(state, shape);
    return shape;
  }

  #isFull({ kept }: SeenStack): boolean {
    return kept >= maxOfStack || this.kept.length >= maxKept;
  }

  #stackOf({ frames }: Goroutine, key: string): SeenStack | null {
    const known = this.#stacks.get(key);
    if (known !== undefined) return known;
    if (this.#stacks.size >= maxStacks) return null;
    const own = frames.map(({ func, file, line }) => ({ func, file, line }));
    const stack: SeenStack = { frames: own, shapes: new Map(), kept: 0, waiting: new Map() };
    this.#stacks.set(key, stack);
    return stack;
  }

  #wait(goroutine: Goroutine, shape: LockShape): LockTally | null {
    const { frames, count, id, waitMinutes } = goroutine;
    const address = lockAddress(frames, shape);
    const wanting = frames[shape.wanter];
    const type = wanting === undefined ? null : receiverType(wanting.func);
    const words = exactAddresses(wanting?.args ?? null);
    const owner = ownerOf(words, address, type !== null);
    const key = String(address ?? `${type ?? wanting?.func ?? ''} ${owner ?? ''}`);
    const lock = this.#locks.get(key) ?? this.#newLock(key, address);
    if (lock === null) return null;
    if (owner !== null) lock.owners.add(owner);
    if (type !== null && (address === null || owner === words[0])) lock.types.add(type);
    lock.waiters += count;
    if (shape.mode === 'read') lock.readers += count;
    if (shape.mode === 'write') {
      lock.writers += count;
      lock.pendingWriter ??= id;
    }
    lock.waits.add(waitMinutes, count);
    if (id !== null && lock.ids.length < 5) lock.ids.push(id);
    const wanter = lock.wanters.get(wanting?.func ?? '');
    if (wanter !== undefined) {
      wanter.count += count;
      if (wanting?.line != null) wanter.line = Math.min(wanter.line ?? wanting.line, wanting.line);
    } else if (lock.wanters.size < 50) {
      const outer = frames.slice(shape.wanter).map(({ func, file, line }) => ({ func, file, line }));
      lock.wanters.set(wanting?.func ?? '', {
        func: wanting?.func ?? '',
        count,
        line: wanting?.line ?? null,
        frames: outer,
      });
    }
    return lock;
  }

  #newLock(key: string, address: number | null): LockTally | null {
    if (this.#locks.size >= maxLocks) return null;
    const lock: LockTally = {
      address,
      owners: new Set(),
      types: new Set(),
      waiters: 0,
      readers: 0,
      writers: 0,
      waits: new Waits(),
      wanters: new Map(),
      ids: [],
      pendingWriter: null,
      merged: new Set(),
    };
    this.#locks.set(key, lock);
    return lock;
  }

  #keep(
    { id, count, state, waitMinutes }: Goroutine,
    stack: SeenStack,
    lock: LockTally | null,
    outside: number,
    framesOf: () => readonly GoFrame[],
  ): void {
    const waiting = lock === null ? 0 : (stack.waiting.get(lock) ?? 0);
    if (waiting >= maxOfWaiters) return;
    if (this.#isFull(stack)) {
      this.isSampled = true;
      return;
    }
    if (lock !== null) stack.waiting.set(lock, waiting + 1);
    stack.kept++;
    const addresses = framesOf().map(({ args }) => exactAddresses(args));
    this.kept.push({ id, count, state, waitMinutes, frames: stack.frames, addresses, waitsFor: lock, outside });
  }
}

/** The object that holds the lock: the nearest at or below its address; the receiver where that is not known. */
function ownerOf(words: readonly number[], address: number | null, isMethod: boolean): number | null {
  if (address === null) return isMethod ? words[0] || null : null;
  const below = words.filter((word) => word > 0 && word <= address && address - word < maxOwnerBytes);
  return below.length === 0 ? null : Math.max(...below);
}
