import type { DiskModel } from '../../model/disks/disks.ts';
import type { Known } from '../known.ts';
import { each, type Metric } from '../metric.ts';

const mostDevices = 16;

const perDevice =
  (value: (disk: DiskModel) => number): Metric['read'] =>
  ({ model }: Known) =>
    each(model.disks?.list ?? [], ({ name }) => ({ device: name }), value);

export const deviceMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_device_io_in_flight',
    type: 'gauge',
    help: 'Requests that the block device has and has not completed',
    labels: ['device'],
    most: mostDevices,
    read: perDevice(({ inFlight }) => inFlight),
  },
  {
    name: 'rtwatch_device_stalled_seconds',
    type: 'gauge',
    help: 'How long the block device has completed none of its requests; 0 when it works',
    labels: ['device'],
    most: mostDevices,
    read: perDevice(({ stillSeconds }) => stillSeconds ?? 0),
  },
];
