import type { GoFrame } from '../../../sample/goroutines.ts';
import { exactAddress } from './pointers.ts';

/** How a lock is wanted: a Mutex, or an RWMutex for reading or for writing. */
type LockMode = 'mutex' | 'read' | 'write';

/** What the functions of a stack say about the lock its goroutine waits for. */
export interface LockShape {
  readonly mode: LockMode;
  /** Index of the frame that wants it: the first outside of package sync. */
  readonly wanter: number;
  /** Where its address stands, the best place first. */
  readonly places: readonly { readonly frame: number; readonly offset: number }[];
}

/** The semaphores of sync.Mutex and sync.RWMutex, from the beginning of each (sync/mutex.go, sync/rwmutex.go). */
const semaphoreOffset: Readonly<Record<LockMode, number>> = { mutex: 4, write: 8, read: 12 };

/**
 * Null when the goroutine waits for no lock. Go up to 1.7 (Mutex) and 1.10 (RWMutex) wait in `runtime_Semacquire`, newer
 * ones in `runtime_SemacquireMutex` or `…RWMutex`; before Go 1.13 there is no `lockSlow`, and up to 1.4 the semaphore is
 * hidden. A WaitGroup and a Cond wait in the same functions and are no locks.
 */
export function lockShape(functions: readonly string[], state: string | null): LockShape | null {
  let leaf = 0;
  while (functions[leaf]?.startsWith('runtime.') === true) leaf++;
  let wanter = leaf;
  while (isSync(functions[wanter])) wanter++;
  const locks = functions.slice(leaf, wanter);
  const semaphore = locks.findIndex((func) => func.includes('sync.runtime_Semacquire'));
  const first = locks.find((func) => func.includes('.(*'));
  if (first !== undefined && !/sync\.\(\*(?:RW)?Mutex\)\.\w+$/.test(first)) return null;
  if (first === undefined && state?.startsWith('sync.') !== true) return null;
  // Without the semaphore a goroutine can be about to get the lock; then its state decides.
  if (semaphore < 0 && !/^(?:semacquire|sync\.(?:RW)?Mutex\.)/.test(state ?? '')) return null;
  const mode = modeOf(locks, state);
  const methods = locks.flatMap((func, at) => (/sync\.\(\*(?:RW)?Mutex\)\./.test(func) ? [{ func, at }] : []));
  const places = methods
    .toSorted((a, b) => Number(b.func.includes('RWMutex')) - Number(a.func.includes('RWMutex')))
    .map(({ at }) => ({ frame: leaf + at, offset: 0 }));
  if (semaphore >= 0) {
    const offset = locks.some((func) => func.includes('sync.(*Mutex).'))
      ? semaphoreOffset.mutex
      : semaphoreOffset[mode];
    places.push({ frame: leaf + semaphore, offset });
  }
  return { mode, wanter, places };
}

/** The address of the lock itself; null if no exact word has it. */
export function lockAddress(frames: readonly GoFrame[], { places }: LockShape): number | null {
  for (const { frame, offset } of places) {
    const address = exactAddress(frames[frame]?.args ?? null);
    if (address !== null) return address - offset;
  }
  return null;
}

function isSync(func: string | undefined): boolean {
  return func !== undefined && /^(?:internal\/)?sync\./.test(func);
}

function modeOf(locks: readonly string[], state: string | null): LockMode {
  if (state?.startsWith('sync.RWMutex.R') === true) return 'read';
  if (state?.startsWith('sync.RWMutex.') === true) return 'write';
  const outer = locks.findLast((func) => /\(\*RWMutex\)\./.test(func));
  if (outer === undefined) return 'mutex';
  return /\.[Rr][Ll]ock/.test(outer) ? 'read' : 'write';
}
