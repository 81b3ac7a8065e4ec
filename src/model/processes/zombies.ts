import type { ProcessesValue, ProcessValue } from '../../sample/processes.ts';
import type { ShimsValue } from '../../sample/shims.ts';

/** Why a dead process is still there. */
export interface Zombie {
  readonly reaperPid: number;
  /** Null when its parent is gone. */
  readonly reaperComm: string | null;
  /** Its parent is the first process of a container; null if unreadable. */
  readonly parentIsInit: boolean | null;
  /** A thread of it is still in D, and keeps it from being reaped. */
  readonly holds: boolean;
  /** Why, and what to do, in a sentence. */
  readonly advice: string;
}

/** Determines why a zombie is not reaped; null for a process that is not a zombie. */
export function zombieOf(
  process: ProcessValue,
  { processes }: ProcessesValue,
  shims: ShimsValue | null,
): Zombie | null {
  if (process.state !== 'Z') return null;
  const { ppid, parentComm, parentIsInit } = process;
  const holds = process.blocked.length > 0;
  const parent = processes.find(({ pid }) => pid === ppid);
  const shim = shims?.shims.find(({ pid }) => pid === ppid);
  const advice = holds
    ? `it is dead but for ${threadsOf(process)}, which the kernel holds; not its parent’s fault: fix that wait, --init does not help`
    : parent !== undefined && parent.blocked.length > 0
      ? 'its parent is blocked in the kernel itself and cannot reap it: fix that wait'
      : shim !== undefined
        ? shimAdvice(shim.state, shim.waits)
        : ppid === 1
          ? 'its parent is the first process of the node, which reaps it in a moment'
          : parentIsInit === true
            ? 'its parent is the first process of the container and does not call wait(): run the container with --init'
            : 'its parent does not call wait(): repair or restart that program; its zombies go when it exits';
  return { reaperPid: ppid, reaperComm: parentComm, parentIsInit, holds, advice };
}

function threadsOf({ blocked }: ProcessValue): string {
  const tids = blocked.slice(0, 3).map(({ tid }) => tid);
  return tids.length === 1
    ? `its thread ${tids[0]}`
    : `its threads ${tids.join(', ')}${blocked.length > 3 ? ', …' : ''}`;
}

function shimAdvice(state: string, waits: readonly string[]): string {
  if (state === 'T') return 'its shim is stopped (SIGSTOP) and reaps nothing until it gets SIGCONT';
  if (waits.length > 0)
    return `its shim is blocked in the kernel (${waits.join(', ')}) and cannot reap it: fix that wait`;
  return 'its shim ought to reap it, and has not: the shim hangs, or is slow';
}
