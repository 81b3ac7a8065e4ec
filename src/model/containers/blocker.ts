import { okValue } from '../../sample/reading.ts';
import type { Wait } from '../processes/waits.ts';
import type { StuckFacts } from './stuck/evidence.ts';
import { byWait, waitWords } from './stuck/from-kernel.ts';

/** A task in D that keeps its container from ending. */
export interface Blocker {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly killPending: boolean;
  readonly wchan: string | null;
  readonly waits: Wait | null;
  /** What it waits for, in words; empty when not known. */
  readonly waitsText: string;
  /** The directory of the node behind the mount, when inspect gives it. */
  readonly hostPath: string | null;
}

/** The task in D that holds a container up; null where there is none. */
export function blockerOf({ tasks, inspect }: StuckFacts): Blocker | null {
  const [task] = tasks.filter(({ inD }) => inD).toSorted(byWait);
  if (task === undefined) return null;
  const mounts = okValue(inspect ?? undefined)?.mounts ?? [];
  const mountPoint = task.waits?.mount?.mountPoint;
  return {
    pid: task.pid,
    comm: task.comm,
    state: task.state,
    killPending: task.killPending,
    wchan: task.wchan,
    waits: task.waits,
    waitsText: waitWords(task),
    hostPath: mounts.find(({ destination }) => destination === mountPoint)?.source ?? null,
  };
}
