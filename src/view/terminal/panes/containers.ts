import type { ContainerModel } from '../../../model/containers.ts';
import { formatSeconds } from '../../format.ts';
import { clean } from '../../text.ts';
import { span } from '../parts/line.tsx';
import type { Tone } from '../tones.ts';
import { detail, pane } from './pane.ts';

export const containersPane = pane<ContainerModel>({
  id: 'containers',
  title: 'Containers',
  source: 'containers',
  rows: (model) => model.containers?.list ?? null,
  key: (container) => container.id,
  columns: [
    {
      id: 'id',
      title: 'id',
      width: 12,
      drop: 3,
      text: (container) => clean(container.id.slice(0, 12)),
      tone: () => 'dim',
    },
    {
      id: 'name',
      title: 'name',
      width: 'flex',
      // Pod and container are at the end, the namespace at the start.
      cut: 'middle',
      text: (container) => clean(container.label),
      by: (container) => container.label,
    },
    {
      id: 'state',
      title: 'state',
      width: 10,
      text: (container) => clean(container.state),
      tone: stateTone,
      by: (container) => container.state,
    },
    {
      id: 'for',
      title: 'for',
      width: 8,
      align: 'right',
      drop: 2,
      text: (container) => (container.stuckSeconds === null ? '' : formatSeconds(container.stuckSeconds)),
      tone: stateTone,
      by: (container) => -(container.stuckSeconds ?? -1),
    },
    {
      id: 'reason',
      title: 'why',
      width: 'flex',
      drop: 1,
      text: (container) => clean(container.reason ?? container.status),
      tone: (container) => (container.reason === null ? 'dim' : 'plain'),
    },
  ],
  summary: ({ containers }) => {
    if (containers === null) return [];
    const total = `${containers.running} running of ${containers.list.length}`;
    return containers.stuck === 0
      ? [span(total, 'dim')]
      : [span(`${containers.stuck} stuck`, 'critical'), span(` of ${containers.list.length}`, 'dim')];
  },
  empty: () => 'no containers',
  containerOf: (container) => container.id,
  details: (container) => [
    detail('id', clean(container.id)),
    detail('name', clean(container.name)),
    ...(container.pod === null ? [] : [detail('pod', clean(`${container.namespace}/${container.pod}`))]),
    detail('image', clean(container.image)),
    detail('state', clean(`${container.state}, “${container.status}”`)),
    ...(container.stuck ? [detail('stuck for', formatSeconds(container.stuckSeconds))] : []),
    ...(container.reason === null ? [] : [detail('because', clean(container.reason))]),
    ...(container.pids.length === 0 ? [] : [detail('pids in D or Z', container.pids.join(' '))]),
  ],
});

function stateTone(container: ContainerModel): Tone {
  if (container.stuck) return 'critical';
  if (container.state === 'running') return 'good';
  return ['stopping', 'removing', 'dead', 'restarting'].includes(container.state) ? 'warning' : 'dim';
}
