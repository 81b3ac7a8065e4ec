import type { ShimsValue } from '../../sample/shims.ts';

/** The part of a process that the search for its blocker needs. */
interface Waiting {
  readonly pid: number;
  readonly ppid: number;
  readonly containerId: string | null;
  readonly seconds: number;
}

/**
 * Of a process that was killed and waits for its descendants: the one in D that blocks it. Found through parents; and, if
 * the kernel reparented the children of a dead one, in the same container, whose first process waits for all.
 *
 * @param blocked the processes with a task in D
 * @returns the one that has waited longest; null if none is known
 */
export function blockerOf<T extends Waiting>(
  { pid, containerId }: Pick<Waiting, 'pid' | 'containerId'>,
  blocked: readonly T[],
  parents: ReadonlyMap<number, number>,
): T | null {
  const byWait = blocked.toSorted((a, b) => b.seconds - a.seconds);
  return (
    byWait.find((process) => process.pid !== pid && isBelow(process, pid, parents)) ??
    byWait.find((process) => process.pid !== pid && containerId !== null && process.containerId === containerId) ??
    null
  );
}

/** The parent of every process for which it is known: of those listed, and of the containers in trouble. */
export function parentsOf(
  processes: readonly Pick<Waiting, 'pid' | 'ppid'>[],
  shims: ShimsValue | null,
): ReadonlyMap<number, number> {
  const containers = [...(shims?.shims.flatMap((shim) => shim.containers) ?? []), ...(shims?.orphans ?? [])];
  const tasks = containers.flatMap((container) => container.tasks);
  return new Map([...tasks, ...processes].map(({ pid, ppid }) => [pid, ppid]));
}

/** Deeper trees than this do not occur; a circle, of readings at different moments, ends here too. */
const maxDepth = 64;

function isBelow(process: Pick<Waiting, 'ppid'>, pid: number, parents: ReadonlyMap<number, number>): boolean {
  let at: number | undefined = process.ppid;
  for (let depth = 0; at !== undefined && depth < maxDepth; depth++) {
    if (at === pid) return true;
    at = parents.get(at);
  }
  return false;
}
