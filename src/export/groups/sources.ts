import type { SourceModel } from '../../model/model.ts';
import type { Known } from '../known.ts';
import { each, type Metric, one } from '../metric.ts';

/** All but those that this node does not have, and those that the user disabled. */
const wanted = ({ model, disabled }: Known): readonly SourceModel[] =>
  model.sources.filter(({ name, status }) => status !== 'absent' && !disabled.includes(name));

export const sourceMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_sampler_up',
    type: 'gauge',
    help: 'Whether the process that reads the node responds; 0: rtwatch sees nothing of the node',
    labels: [],
    read: ({ sampler }) => one(Number(sampler.isUp)),
  },
  {
    name: 'rtwatch_last_sample_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time of the newest sample; absent before the first',
    labels: [],
    read: ({ model }) => one(model.at === 0 ? null : model.at / 1000),
  },
  {
    name: 'rtwatch_source_up',
    type: 'gauge',
    help: 'Whether this source of facts answers; 0: what it says is old or unknown. Absent for a source that the node does not have, and with --disable',
    labels: ['source'],
    read: (known) =>
      each(
        wanted(known),
        ({ name }) => ({ source: name }),
        ({ status }) => Number(known.sampler.isUp && status === 'ok'),
      ),
  },
  {
    name: 'rtwatch_source_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time of the newest answer of this source; absent before the first',
    labels: ['source'],
    read: (known) =>
      each(
        wanted(known),
        ({ name }) => ({ source: name }),
        ({ ageMs }) => (ageMs === null ? null : (known.model.at - ageMs) / 1000),
      ),
  },
];
