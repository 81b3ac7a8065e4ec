import type { ContainerModel } from '../../model/containers/container.ts';
import type { Known } from '../known.ts';
import { counts, each, type Metric } from '../metric.ts';

/** Those of Docker, the CRI and Podman that mean something to an alert, `stopping`, which is ours, and `other`. */
const states = [
  'created',
  'running',
  'stopping',
  'paused',
  'restarting',
  'exited',
  'removing',
  'dead',
  'other',
] as const;

/** Why a container is stuck, in few words: the kind of the strongest evidence. */
const reasons = ['blocked-process', 'zombie', 'shim', 'runtime', 'removal', 'log'] as const;
type Reason = (typeof reasons)[number];

const reasonOfKind: Readonly<Record<ContainerModel['evidence'][number]['kind'], Reason>> = {
  'kill-pending': 'blocked-process',
  'task-blocked': 'blocked-process',
  'zombie-leader': 'zombie',
  'shim-stopped': 'shim',
  'shim-blocked': 'shim',
  'kill-unanswered': 'runtime',
  'stop-unanswered': 'runtime',
  'inspect-silent': 'runtime',
  'status-silent': 'runtime',
  'inspect-differs': 'runtime',
  'daemon-blocked': 'runtime',
  removing: 'removal',
  dead: 'removal',
  'removal-failed': 'removal',
  'outlived-sandbox': 'removal',
  log: 'log',
};

/** Of containers with their names. */
const mostContainers = 50;

const stuckOnes = ({ model }: Known): readonly ContainerModel[] =>
  (model.containers?.list ?? []).filter(({ stuck }) => stuck);

export const containerMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_containers',
    type: 'gauge',
    help: 'Containers by state',
    labels: ['state'],
    read: ({ model }) => (model.containers === null ? [] : counts('state', states, model.containers.list.map(stateOf))),
  },
  {
    name: 'rtwatch_containers_stuck',
    type: 'gauge',
    help: 'Containers that should have exited or been removed and still exist, by reason',
    labels: ['reason'],
    read: (known) => (known.model.containers === null ? [] : counts('reason', reasons, stuckOnes(known).map(reasonOf))),
  },
  {
    name: 'rtwatch_container_stuck_seconds',
    type: 'gauge',
    help: 'How long a container is stuck; only with --labels containers',
    labels: ['container', 'reason'],
    most: mostContainers,
    read: (known) =>
      known.labels.includes('containers')
        ? each(
            stuckOnes(known),
            (container) => ({ container: container.label, reason: reasonOf(container) }),
            ({ stuckSeconds }) => stuckSeconds,
          )
        : [],
  },
];

function stateOf({ state }: ContainerModel): (typeof states)[number] {
  return states.find((known) => known === state) ?? 'other';
}

function reasonOf({ evidence: [first] }: ContainerModel): Reason {
  return first === undefined ? 'log' : reasonOfKind[first.kind];
}
