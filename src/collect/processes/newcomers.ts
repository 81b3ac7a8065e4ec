import type { Tasks } from '../../parse/proc/loadavg.ts';
import type { World } from '../world.ts';

/** Trying so many numbers costs less than a list of all processes: a share of them, and a few where there are few. */
const share = 1 / 4;
const few = 16;

/**
 * The processes among the tasks that came since, by the numbers that the kernel gave out; null when there are too many to try. Most are gone
 * by now: the runtime of a probe makes some twenty tasks, and ends within the second.
 */
export function newcomersSince(world: World, before: Tasks, now: Tasks, known: number): number[] | null {
  const count = now.newest - before.newest;
  // Below zero the numbers began anew at pid_max.
  if (count < 0 || count > Math.max(few, known * share)) return null;
  const pids = Array.from({ length: count }, (_, index) => before.newest + 1 + index);
  return pids.filter((pid) => isProcess(world, pid));
}

/** A thread has files below its own number too, which no list of /proc has. */
function isProcess(world: World, pid: number): boolean {
  // Asked first because it throws nothing: an error costs more than the call.
  if (world.trySize(world.proc(`${pid}`)) === null) return false;
  return /^Tgid:\t(\d+)$/m.exec(world.tryRecord(world.proc(`${pid}/status`)) ?? '')?.[1] === `${pid}`;
}
