import type { ContainersValue, ContainerValue } from '../sample/containers.ts';
import { okValue, type Reading } from '../sample/reading.ts';
import { type ContainerName, nameContainer } from './container-name.ts';
import { isHolding, type ProcessModel } from './processes.ts';
import type { Tracked } from './tracked.ts';

/** Since when each container is in the state it is in, as far as rtwatch saw it. */
export type ContainersHistory = ReadonlyMap<string, { readonly state: string; readonly sinceMonoMs: number }>;

export const noContainers: ContainersHistory = new Map();

export function reduceContainers(
  before: ContainersHistory,
  reading: Reading<ContainersValue> | undefined,
  monoMs: number,
): ContainersHistory {
  const value = okValue(reading);
  if (value === null) return before;
  return new Map(
    value.containers.map(({ id, state }) => {
      const known = before.get(id);
      return [id, known?.state === state ? known : { state, sinceMonoMs: monoMs }];
    }),
  );
}

/** A container as rules and views see it. */
export interface ContainerModel extends ContainerName {
  readonly id: string;
  readonly image: string;
  /** As the engine tells it, with `stopping` for one that was told to end and has not. */
  readonly state: string;
  /** The engine's own words. */
  readonly status: string;
  readonly createdAt: number;
  /** It ought to have ended or gone, and has not. */
  readonly stuck: boolean;
  readonly stuckSeconds: number | null;
  /** What keeps it, or what is odd about it. */
  readonly reason: string | null;
  /** Its processes in D or Z. */
  readonly pids: readonly number[];
}

export interface ContainersModel {
  readonly list: readonly ContainerModel[];
  readonly listMs: number;
  readonly events: ContainersValue['events'];
  readonly running: number;
  readonly stuck: number;
}

/** A stop takes ten seconds by default, and an engine since 20.10.10 gives up fourteen after that. */
const slowStopSeconds = 30;
/** A removal of a large layer takes seconds. */
const slowRemovalSeconds = 30;

export interface ContainersInput {
  readonly tracked: Tracked<ContainersValue>;
  readonly history: ContainersHistory;
  readonly at: number;
  readonly monoMs: number;
}

/** What people call each container, by id. */
export function nameContainers({ tracked }: ContainersInput): ReadonlyMap<string, ContainerName> {
  return new Map((tracked.value?.containers ?? []).map((container) => [container.id, nameContainer(container)]));
}

export function deriveContainers(input: ContainersInput, processes: readonly ProcessModel[]): ContainersModel | null {
  const { value } = input.tracked;
  if (value === null) return null;
  const names = nameContainers(input);
  const inside = Map.groupBy(processes, (process) => process.containerId);
  const list = value.containers
    .map((container) =>
      derive(container, names.get(container.id) ?? nameContainer(container), inside.get(container.id) ?? [], input),
    )
    .sort(byAttention);
  return {
    list,
    listMs: value.listMs,
    events: value.events,
    running: value.containers.filter(({ state }) => state === 'running').length,
    stuck: list.filter(({ stuck }) => stuck).length,
  };
}

function derive(
  container: ContainerValue,
  name: ContainerName,
  processes: readonly ProcessModel[],
  input: ContainersInput,
): ContainerModel {
  const killSeconds = container.kill === null ? null : Math.max(0, (input.at - container.kill.firstAt) / 1000);
  const stateSeconds = (input.monoMs - (input.history.get(container.id)?.sinceMonoMs ?? input.monoMs)) / 1000;
  const holding = processes.filter(isHolding);
  const doomed = holding.find(({ killPending }) => killPending);
  // The list comes from a replica that a failed removal does not update: it says removing for ever, inspect says dead.
  const failedRemoval = container.inspect?.status === 'ok' && container.inspect.value.status === 'dead';
  const leaving = container.state === 'removing' || container.state === 'dead';
  const stuck =
    doomed !== undefined ||
    container.state === 'dead' ||
    failedRemoval ||
    (container.state === 'removing' && stateSeconds > slowRemovalSeconds) ||
    (killSeconds !== null && killSeconds > slowStopSeconds);
  return {
    ...name,
    id: container.id,
    image: container.image,
    state:
      container.state === 'running' && (container.kill !== null || doomed !== undefined) ? 'stopping' : container.state,
    status: container.status,
    createdAt: container.createdAt,
    stuck,
    stuckSeconds: stuck ? (killSeconds ?? (leaving ? stateSeconds : (doomed?.seconds ?? null))) : null,
    reason: reasonOf(container, doomed ?? holding[0]),
    pids: processes.map(({ pid }) => pid),
  };
}

function reasonOf(container: ContainerValue, holding: ProcessModel | undefined): string | null {
  if (holding !== undefined) {
    const where = holding.wchan === null ? '' : ` (${holding.wchan})`;
    return `${holding.killPending ? 'SIGKILL pending on' : 'blocked:'} ${holding.comm} ${holding.pid} in D${where}`;
  }
  const { inspect, kill } = container;
  if (inspect?.status === 'pending' || inspect?.status === 'failed') return `inspect: ${inspect.detail}`;
  if (inspect?.status === 'ok') {
    if (inspect.value.error !== '') return inspect.value.error;
    if (inspect.value.status !== container.state) return `inspect says ${inspect.value.status}`;
  }
  return kill === null ? null : `${kill.count === 1 ? 'signal' : `${kill.count} signals`} sent, no exit yet`;
}

/** Stuck ones first, the longest first; then what is on its way out; then by name. */
function byAttention(a: ContainerModel, b: ContainerModel): number {
  const rank = (container: ContainerModel): number =>
    container.stuck ? 0 : container.reason !== null ? 1 : container.state === 'running' ? 2 : 3;
  return rank(a) - rank(b) || (b.stuckSeconds ?? 0) - (a.stuckSeconds ?? 0) || compare(a.label, b.label);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
