import { kindOf } from '../frames.ts';
import { isFunction, normalizeFunction } from '../function-name.ts';
import { namedLock } from './names.ts';
import { packageOf, receiverType } from './owner.ts';
import type { KeptGoroutine, LockTally } from './tracker.ts';

/** A goroutine that may hold a lock, and how much speaks for it. */
export interface Candidate {
  readonly goroutine: KeptGoroutine;
  /** The outermost frame that speaks for it. */
  readonly frame: number;
  readonly score: number;
}

/** Points. A receiver of the lock's own type proves most; what only passes by, or loops, must not reach the threshold. */
const ofType = 5;
const ofPackage = 3;
const asArgument = 2;
const pastItsLock = 2;
const beforeItsLock = -4;
const loop = -5;
const worker = -2;
const asOld = 1;
const tooYoung = -1;
/** From here on it counts. */
const enough = 3;
/** From here on "probably" is left away. */
export const sure = 5;
/** So far ahead of the next one, it is the holder. */
export const margin = 2;

/** Those that have the lock's object in their frames and wait for something else; the most likely first. */
export function candidatesByAddress(lock: LockTally, kept: readonly KeptGoroutine[]): Candidate[] {
  const addresses = new Set(lock.owners);
  if (lock.address !== null) addresses.add(lock.address);
  if (addresses.size === 0) return [];
  const packages = new Set([...lock.wanters.keys()].map(packageOf));
  const calledWith = [...lock.wanters.keys()].flatMap((func) => namedLock(func)?.calledWith ?? []);
  return ranked(
    lock,
    kept.filter(({ waitsFor }) => waitsFor !== lock),
    (goroutine, frame) => byAddress(goroutine, frame, lock, { addresses, packages, calledWith }),
  );
}

/**
 * Those that wait for a lock that they have themselves: further out in their stack a method of the same object is past a
 * place where it takes the lock, as other waiters show it, or as is known of its source.
 */
export function candidatesAmongWaiters(lock: LockTally, waiters: readonly KeptGoroutine[]): Candidate[] {
  const heldBelow = heldBelowOf(lock);
  const candidates: Candidate[] = [];
  for (const goroutine of waiters) {
    const { frames, addresses, outside } = goroutine;
    const frame = frames.findIndex(({ func, line }, at) => {
      if (at <= outside || !lock.owners.has(addresses[at]?.[0] ?? 0)) return false;
      const taken = lock.wanters.get(func)?.line ?? null;
      const isPast = taken !== null && line !== null && line > taken;
      return isPast || heldBelow.some((name) => isFunction(normalizeFunction(func), name));
    });
    if (frame >= 0) candidates.push({ goroutine, frame, score: enough });
  }
  return candidates;
}

const heldBelowOf = (lock: LockTally): string[] =>
  [...lock.wanters.keys()].flatMap((func) => namedLock(func)?.heldBelow ?? []);

/** Those inside what takes the lock, by their functions alone. */
export function candidatesByFunction(lock: LockTally, kept: readonly KeptGoroutine[]): Candidate[] {
  const heldBelow = heldBelowOf(lock);
  const oldest = lock.waits.finish()?.max ?? 0;
  return ranked(
    lock,
    // Another object of the same kind has the same frames: only a goroutine that waits as long as the waiters can be the
    // holder.
    kept.filter(({ waitsFor, state, waitMinutes }) => {
      return waitsFor !== lock && (state === null || oldest < 2 || (waitMinutes ?? 0) >= oldest - 3);
    }),
    (goroutine, frame) => byFunction(goroutine, frame, lock, heldBelow),
  );
}

function ranked(
  lock: LockTally,
  kept: readonly KeptGoroutine[],
  scoreOf: (goroutine: KeptGoroutine, frame: number) => number,
): Candidate[] {
  const oldest = lock.waits.finish()?.max ?? 0;
  const candidates: Candidate[] = [];
  for (const goroutine of kept) {
    let best: Candidate | null = null;
    for (let frame = goroutine.outside; frame < goroutine.frames.length; frame++) {
      const score = scoreOf(goroutine, frame);
      if (score > 0 && score >= (best?.score ?? 0)) best = { goroutine, frame, score };
    }
    if (best === null) continue;
    const score = best.score + ofRole(best) + ofAge(goroutine, oldest);
    if (score >= enough) candidates.push({ ...best, score });
  }
  return candidates.sort(
    (a, b) => b.score - a.score || (b.goroutine.waitMinutes ?? 0) - (a.goroutine.waitMinutes ?? 0),
  );
}

/** Of a lock: its object, the packages of what wants it, and what is only called while it is held. */
interface Sought {
  readonly addresses: ReadonlySet<number>;
  readonly packages: ReadonlySet<string>;
  readonly calledWith: readonly string[];
}

function byAddress(
  { frames, addresses }: KeptGoroutine,
  at: number,
  lock: LockTally,
  { addresses: wanted, packages, calledWith }: Sought,
): number {
  const [receiver = 0, ...others] = addresses[at] ?? [];
  const func = frames[at]?.func ?? '';
  // An address that is free again is most often seen in the standard library, as a buffer.
  const type = receiverType(func);
  const isOwner = type !== null && lock.types.has(type) && wanted.has(receiver);
  if (kindOf(func) === 'runtime' || !(isProgram(func) || isOwner)) return 0;
  const isOfObject = wanted.has(receiver) || others.some((word) => wanted.has(word));
  if (isOfObject && calledWith.some((name) => isFunction(normalizeFunction(func), name))) return ofType;
  let score = 0;
  if (type !== null && wanted.has(receiver)) {
    if (lock.types.has(type)) score = ofType;
    else score = packages.has(packageOf(func)) ? ofPackage : 0;
  } else if (others.some((word) => wanted.has(word)) || (type === null && wanted.has(receiver))) score = asArgument;
  return score === 0 ? 0 : score + ofPlace(func, frames[at]?.line ?? null, lock);
}

function byFunction(
  { frames, addresses, state }: KeptGoroutine,
  at: number,
  lock: LockTally,
  heldBelow: readonly string[],
): number {
  const func = frames[at]?.func ?? '';
  const type = receiverType(func);
  const receiver = addresses[at]?.[0] ?? 0;
  // It is another object of this type.
  if (type !== null && lock.types.has(type) && receiver !== 0 && lock.owners.size > 0 && !lock.owners.has(receiver))
    return 0;
  const normal = normalizeFunction(func);
  if (heldBelow.some((name) => isFunction(normal, name))) return ofPackage + 1;
  // If addresses are known and none is the same, the names of functions add nothing.
  if (state !== null && lock.owners.size > 0) return 0;
  if (lock.wanters.has(func)) return Math.max(0, ofPackage + ofPlace(func, frames[at]?.line ?? null, lock));
  return type !== null && lock.types.has(type) ? ofPackage : 0;
}

/** Past the call of Lock in a function that takes it, or before it. */
function ofPlace(func: string, line: number | null, lock: LockTally): number {
  const wanter = lock.wanters.get(func);
  if (wanter === undefined) return 0;
  if (line === null || wanter.line === null) return pastItsLock;
  return line >= wanter.line ? pastItsLock : beforeItsLock;
}

/** A goroutine that lives in a method of the object is most often a worker of it, not inside its lock. */
function ofRole({ goroutine: { frames, outside, waitsFor }, frame }: Candidate): number {
  if (frame < frames.length - 1) return 0;
  if (waitsFor !== null && frame > outside) return worker;
  const inside = frames.slice(0, frame).filter(({ func }) => isProgram(func));
  return inside.length === 0 ? loop : worker;
}

/** The holder has had the lock since before the oldest waiter came; one that retries has a shorter wait. */
function ofAge({ waitMinutes, state }: KeptGoroutine, oldest: number): number {
  if (state === null || oldest < 2) return 0;
  if ((waitMinutes ?? 0) >= oldest - 3 && waitMinutes !== null) return asOld;
  return waitMinutes === null && /^(?:chan|select|sync|semacquire)/.test(state) ? tooYoung : 0;
}

/** Not of the standard library: its import path has a domain, or it is main. */
function isProgram(func: string): boolean {
  const first = /^[^/(]*\//.exec(func)?.[0] ?? '';
  return first.includes('.') || func.startsWith('main.') || (first === '' && kindOf(func) === 'program');
}
