import { each, type Metric, one } from '../metric.ts';

const processes = ['sampler', 'exporter'] as const;

export const ownMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_build_info',
    type: 'gauge',
    help: 'rtwatch itself',
    labels: ['version'],
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    name: 'rtwatch_node_info',
    type: 'gauge',
    help: 'The node: what changes only with a reboot or an upgrade',
    labels: ['hostname', 'kernel', 'distribution'],
    read: ({ model: { host } }) =>
      host === null
        ? []
        : [
            {
              labels: { hostname: host.hostname, kernel: host.kernel, distribution: host.distribution ?? '' },
              value: 1,
            },
          ],
  },
  {
    name: 'rtwatch_own_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time that rtwatch used: the process that reads the node (all of them, after a restart), and the one that answers',
    labels: ['process'],
    read: ({ sampler, exporter }) =>
      each(
        processes,
        (process) => ({ process }),
        (process) => ({ sampler, exporter })[process].cpuSeconds,
      ),
  },
  {
    name: 'rtwatch_own_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of rtwatch',
    labels: ['process'],
    read: ({ model, exporter }) =>
      each(
        processes,
        (process) => ({ process }),
        (process) => (process === 'exporter' ? exporter.rssBytes : model.at === 0 ? null : model.sampler.rssBytes),
      ),
  },
  {
    name: 'rtwatch_sampler_restarts_total',
    type: 'counter',
    help: 'How often the process that reads the node was started again, because it hung or exited',
    labels: [],
    read: ({ sampler }) => one(sampler.restarts),
  },
  {
    name: 'rtwatch_recorder_up',
    type: 'gauge',
    help: 'Whether the flight recorder writes; only with --record',
    labels: [],
    read: ({ recorder }) => one(recorder && Number(recorder.isUp)),
  },
  {
    name: 'rtwatch_recorder_dropped_samples_total',
    type: 'counter',
    help: 'Samples that are not in the recording because the disk was too slow; only with --record',
    labels: [],
    read: ({ recorder }) => one(recorder?.droppedSamples),
  },
];
