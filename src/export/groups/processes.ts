import { isHolding, type ProcessModel } from '../../model/processes/processes.ts';
import type { Known } from '../known.ts';
import { each, type Metric, one } from '../metric.ts';

/** The processes in D or Z; null if unknown. */
const listed = ({ model }: Known): readonly ProcessModel[] | null => model.processes?.list ?? null;

export const processMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_processes_blocked',
    type: 'gauge',
    help: 'Processes with a task in D state (uninterruptible sleep); of a very crowded node at least so many',
    labels: [],
    read: (known) => one(listed(known)?.filter(isHolding).length),
  },
  {
    name: 'rtwatch_processes_zombie',
    type: 'gauge',
    help: 'Processes in Z state that were not reaped',
    labels: [],
    read: (known) => one(listed(known)?.filter(({ state }) => state === 'Z').length),
  },
  {
    name: 'rtwatch_process_blocked_seconds',
    type: 'gauge',
    help: 'How long the process that is blocked longest has been in D state; 0 when none is',
    labels: [],
    read: (known) => {
      const blocked = listed(known)?.filter(isHolding);
      return one(blocked && Math.max(0, ...blocked.map(({ seconds }) => seconds)));
    },
  },
  {
    name: 'rtwatch_processes_unreadable',
    type: 'gauge',
    help: 'Processes of which this part cannot be read, most often because rtwatch does not run as root: what is wrong there is not seen',
    labels: ['part'],
    read: ({ model: { processes, mounts, writers } }) =>
      each(
        [
          { part: 'state', count: processes?.unreadable ?? null },
          { part: 'mounts', count: mounts?.unreadable ?? null },
          { part: 'io', count: writers?.unreadable ?? null },
        ],
        ({ part }) => ({ part }),
        ({ count }) => count,
      ),
  },
];
