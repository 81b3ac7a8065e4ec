import type { FoldedStacks } from '../../sample/stacks.ts';

/** As many as `lock-contention` counts when they are there in two polls in a row. */
const manyWaiters = 10;

/**
 * What many goroutines wait for a lock in: the type whose methods want it, or the function. Without addresses these can be
 * several locks; it is enough to decide whether a whole dump is worth its price.
 */
export function pileUps({ groups }: FoldedStacks): ReadonlySet<string> {
  const waiters = new Map<string, number>();
  for (const { count, funcs } of groups) {
    const wanter = wanterOf(funcs);
    if (wanter !== null) waiters.set(wanter, (waiters.get(wanter) ?? 0) + count);
  }
  return new Set([...waiters].flatMap(([name, count]) => (count >= manyWaiters ? [name] : [])));
}

/** Null when it waits for no lock: a WaitGroup and a Cond wait in the same functions (sync/runtime.go). */
function wanterOf(funcs: readonly string[]): string | null {
  const outside = funcs.findIndex((func) => !/^(?:runtime|(?:internal\/)?sync)\./.test(func));
  if (outside < 0) return null;
  const waits = funcs.slice(0, outside);
  const isLock = waits.some((func) => /sync\.\(\*(?:RW)?Mutex\)\./.test(func));
  if (!isLock || !waits.some((func) => func.includes('sync.runtime_Semacquire'))) return null;
  if (waits.some((func) => /sync\.\(\*(?:WaitGroup|Cond|Once)\)\./.test(func))) return null;
  const wanter = funcs[outside] ?? '';
  return /^.*\.\(\*?[^()]+\)(?=\.)/.exec(wanter)?.[0] ?? wanter;
}
