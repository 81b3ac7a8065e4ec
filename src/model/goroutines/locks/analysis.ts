import { kindOf, shortName, stackName } from '../frames.ts';
import {
  type Candidate,
  candidatesAmongWaiters,
  candidatesByAddress,
  candidatesByFunction,
  margin,
  sure,
} from './holders.ts';
import { lockName } from './names.ts';
import type { ChainLink, LockHolder, LockReport } from './report.ts';
import type { KeptGoroutine, LockTally, LockTracker } from './tracker.ts';

/** So many at once are no coincidence; fewer count from a wait of a minute on, the shortest that Go reports. */
const manyWaiters = 10;
const longMinutes = 1;
const maxReported = 20;
const maxCandidates = 5;
const maxChain = 12;
const maxPath = 8;

interface DumpKind {
  /** Few goroutines that a person chose: each wait in them is there for a reason. */
  readonly isExcerpt: boolean;
}

/** The locks with many or long waiters, most waiters first. Short waits are normal and omitted. */
export function reportLocks(tracker: LockTracker, { isExcerpt }: DumpKind): LockReport[] {
  const locks = merged(tracker.locks);
  const holders = new Holders(tracker.kept);
  return locks
    .filter((lock) => isExcerpt || isTrouble(lock))
    .sort((a, b) => b.waiters - a.waiters || maxWait(b) - maxWait(a) || (b.address ?? 0) - (a.address ?? 0))
    .slice(0, maxReported)
    .map((lock) => reportLock(lock, holders, tracker.isSampled));
}

function isTrouble(lock: LockTally): boolean {
  return lock.waiters >= manyWaiters || maxWait(lock) >= longMinutes;
}

function maxWait(lock: LockTally): number {
  return lock.waits.finish()?.max ?? 0;
}

/** Readers of Go 1.17 and newer have no address: they belong to the lock of the object whose writers do. */
function merged(locks: readonly LockTally[]): LockTally[] {
  return locks.filter((lock) => {
    if (lock.address !== null || lock.owners.size === 0) return true;
    const same = locks.find(
      (other) =>
        other.address !== null &&
        [...lock.owners].some((owner) => other.owners.has(owner)) &&
        [...lock.types].some((type) => other.types.has(type)),
    );
    if (same === undefined) return true;
    same.waiters += lock.waiters;
    same.readers += lock.readers;
    same.writers += lock.writers;
    same.pendingWriter ??= lock.pendingWriter;
    same.waits.addAll(lock.waits);
    for (const [func, wanter] of lock.wanters) if (!same.wanters.has(func)) same.wanters.set(func, wanter);
    same.merged.add(lock);
    return false;
  });
}

/** The holder of each lock, found once for each. */
class Holders {
  readonly #kept: readonly KeptGoroutine[];
  readonly #found = new Map<LockTally, readonly Candidate[]>();

  constructor(kept: readonly KeptGoroutine[]) {
    this.#kept = kept;
  }

  of(lock: LockTally): readonly Candidate[] {
    const known = this.#found.get(lock);
    if (known !== undefined) return known;
    const isWaiter = ({ waitsFor }: KeptGoroutine): boolean =>
      waitsFor !== null && (waitsFor === lock || lock.merged.has(waitsFor));
    const others = this.#kept.filter((one) => !isWaiter(one));
    const byAddress = candidatesByAddress(lock, others);
    const itself = byAddress.length > 0 ? [] : candidatesAmongWaiters(lock, this.#kept.filter(isWaiter));
    const guessed = itself.length > 0 ? itself : candidatesByFunction(lock, others);
    const found = byAddress.length > 0 ? byAddress : guessed.map(lessSure);
    this.#found.set(lock, found);
    return found;
  }

  /** Null when several are as likely. */
  theOne(lock: LockTally): Candidate | null {
    const [first, second] = this.of(lock);
    if (first === undefined || first.goroutine.count > 1) return null;
    return second === undefined || first.score - second.score >= margin ? first : null;
  }
}

/** Functions alone prove nothing. */
function lessSure(candidate: Candidate): Candidate {
  return { ...candidate, score: Math.min(candidate.score, sure - 1) };
}

function reportLock(lock: LockTally, holders: Holders, isSampled: boolean): LockReport {
  const one = holders.theOne(lock);
  const all = holders.of(lock);
  const { chain, deadlock } = follow(lock, holders);
  const wanters = [...lock.wanters.values()].sort((a, b) => b.count - a.count);
  return {
    address: hex(lock.address),
    kind: lock.readers + lock.writers > 0 ? 'rwmutex' : 'mutex',
    name: lockName(lock),
    waiters: lock.waiters,
    readers: lock.readers,
    pendingWriter: lock.readers > 0 ? lock.pendingWriter : null,
    waitMinutes: lock.waits.finish(),
    ids: lock.ids,
    wanted: wanters.slice(0, 3).map(({ count, frames }) => ({ count, path: pathOf(frames) })),
    holder: one === null ? null : holderOf(one),
    candidates: one !== null || all.length > maxCandidates ? [] : all.map(holderOf),
    chain,
    deadlock,
    isSampled,
    isFolded: lock.ids.length === 0,
  };
}

/** Goes from a lock to its holder, to the lock that one waits for, and so on. */
function follow(start: LockTally, holders: Holders): Pick<LockReport, 'chain' | 'deadlock'> {
  const chain: ChainLink[] = [];
  const seen: LockTally[] = [start];
  const ids: (number | null)[] = [holders.theOne(start)?.goroutine.id ?? null];
  let next = waitOf(start, holders);
  while (next !== null && chain.length < maxChain) {
    const before = seen.indexOf(next);
    if (before >= 0) return { chain, deadlock: ids.slice(before).filter((id) => id !== null) };
    seen.push(next);
    const one = holders.theOne(next);
    ids.push(one?.goroutine.id ?? null);
    chain.push({ lock: hex(next.address) ?? '', name: lockName(next), holder: one === null ? null : holderOf(one) });
    next = waitOf(next, holders);
  }
  return { chain, deadlock: [] };
}

/** The lock that the holder waits for; of several possible ones only when all of them wait for the same. */
function waitOf(lock: LockTally, holders: Holders): LockTally | null {
  const one = holders.theOne(lock);
  if (one !== null) return one.goroutine.waitsFor;
  const all = holders.of(lock);
  const [first] = all;
  return first !== undefined && all.every(({ goroutine }) => goroutine.waitsFor === first.goroutine.waitsFor)
    ? first.goroutine.waitsFor
    : null;
}

function holderOf({ goroutine, frame, score }: Candidate): LockHolder {
  const { id, state, waitMinutes, frames, waitsFor } = goroutine;
  return {
    goroutine: id,
    state,
    waitMinutes,
    doing: stackName(frames),
    path: pathOf(frames.slice(0, frame + 1)),
    waitsFor: waitsFor === null ? null : (hex(waitsFor.address) ?? lockName(waitsFor)),
    probably: score < sure,
  };
}

function pathOf(frames: readonly { readonly func: string }[]): string[] {
  const own = frames.filter(({ func }) => kindOf(func) === 'program');
  return (own.length === 0 ? frames : own).slice(0, maxPath).map(({ func }) => shortName(func));
}

function hex(address: number | null): string | null {
  return address === null ? null : `0x${address.toString(16)}`;
}
