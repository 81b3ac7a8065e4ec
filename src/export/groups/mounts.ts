import { type Metric, one } from '../metric.ts';

export const mountMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_mounts_leaked',
    type: 'gauge',
    help: 'Mounts of containers that outlived them',
    labels: [],
    read: ({ model: { mounts } }) => one(mounts && mounts.leaks.length + mounts.moreLeaks),
  },
];
