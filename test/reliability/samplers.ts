import { argumentsOf, descendantsOf, isRunning, type Process } from '../engine/proc.ts';

/** The processes that run `rtwatch sample` below a process. */
export function samplersOf(pid: number): Process[] {
  return descendantsOf(pid).filter((child) => argumentsOf(child.pid).includes('sample'));
}

/** Those of them that a signal could still end: what is in D can only be forgotten. */
export function endable(all: Iterable<Process>): Process[] {
  return [...all].filter((process) => isRunning(process));
}
