import { okValue } from '../../sample/reading.ts';
import { each, type Metric } from '../metric.ts';

export const pressureMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_pressure_ratio',
    type: 'gauge',
    help: 'Share of the last ten seconds in which some or all tasks waited for the resource (PSI, avg10); absent without PSI',
    labels: ['resource', 'kind'],
    read: ({ model: { disks } }) => {
      const io = okValue(disks?.pressure);
      return each(
        ['some', 'full'] as const,
        (kind) => ({ resource: 'io', kind }),
        (kind) => (io?.[kind] ? io[kind].avg10 / 100 : null),
      );
    },
  },
];
