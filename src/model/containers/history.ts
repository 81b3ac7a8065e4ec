import type { ContainerValue } from '../../sample/containers.ts';
import { okValue } from '../../sample/reading.ts';
import type { Readings, Sample } from '../../sample/sample.ts';
import type { ContainersModel } from './containers.ts';
import { isBlocked } from './stuck/from-kernel.ts';

/** What is remembered of the containers. */
export interface ContainersHistory {
  /** Since when each is in the state it is in, as far as rtwatch saw it. */
  readonly states: ReadonlyMap<string, { readonly state: string; readonly sinceMonoMs: number }>;
  /** Doomed tasks and shims in trouble, by `taskKey` and `shimKey`. */
  readonly watched: ReadonlyMap<string, Watched>;
  /** The containers that were stuck at the newest look. */
  readonly stuck: ReadonlyMap<string, StuckThen>;
  /** Those that no longer are, the newest first; bounded. */
  readonly resolved: readonly ResolvedContainer[];
}

export interface Watched {
  readonly sinceMonoMs: number;
  /** In how many looks it was seen. */
  readonly looks: number;
}

interface StuckThen {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A container that was stuck and is no more. */
export interface ResolvedContainer {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  readonly how: 'exited' | 'removed' | 'answers again';
}

export const noContainers: ContainersHistory = {
  states: new Map(),
  watched: new Map(),
  stuck: new Map(),
  resolved: [],
};

/** People are told for as long as they may look away. */
const resolvedForMs = 600_000;
const maxResolved = 50;

/** Takes in what one Sample says of states, doomed tasks and shims. */
export function reduceContainers(before: ContainersHistory, { readings, monoMs }: Sample): ContainersHistory {
  const listed = okValue(readings.containers)?.containers;
  return {
    ...before,
    states: listed === undefined ? before.states : statesOf(before.states, listed, monoMs),
    watched: watchedOf(before.watched, readings, monoMs),
  };
}

function statesOf(
  before: ContainersHistory['states'],
  listed: readonly ContainerValue[],
  monoMs: number,
): ContainersHistory['states'] {
  return new Map(
    listed.map(({ id, state }) => {
      const known = before.get(id);
      return [id, known?.state === state ? known : { state, sinceMonoMs: monoMs }];
    }),
  );
}

export const taskKey = (task: { readonly pid: number; readonly starttime: number }): string =>
  `task ${task.pid} ${task.starttime}`;
export const shimKey = (shim: { readonly pid: number; readonly starttime: number }): string =>
  `shim ${shim.pid} ${shim.starttime}`;

/** A source that was not looked at in this Sample says nothing: what it told before stays. */
function watchedOf(
  before: ContainersHistory['watched'],
  { processes, shims }: Readings,
  monoMs: number,
): ContainersHistory['watched'] {
  const told = okValue(processes);
  const kernel = okValue(shims);
  if (told === null && kernel === null) return before;
  const seen = new Set<string>();
  for (const process of told?.processes ?? []) if (process.killPending) seen.add(taskKey(process));
  for (const { tasks } of [
    ...(kernel?.shims.flatMap(({ containers }) => containers) ?? []),
    ...(kernel?.orphans ?? []),
  ]) {
    for (const task of tasks) if (task.killPending) seen.add(taskKey(task));
  }
  for (const shim of kernel?.shims ?? []) if (shim.state === 'T' || isBlocked(shim)) seen.add(shimKey(shim));
  const kept = [...before].filter(
    ([key]) => !seen.has(key) && (key.startsWith('shim') ? kernel === null : told === null),
  );
  const fresh = Array.from(seen, (key): [string, Watched] => {
    const known = before.get(key);
    return [key, { sinceMonoMs: known?.sinceMonoMs ?? monoMs, looks: (known?.looks ?? 0) + 1 }];
  });
  return new Map([...kept, ...fresh]);
}

/** Takes in what was made of the Sample: which containers are stuck now, and what became of those that were. */
export function settleContainers(
  history: ContainersHistory,
  model: ContainersModel | null,
  { readings, at }: Sample,
): ContainersHistory {
  const stuckNow = new Map(
    (model?.list ?? []).flatMap(({ id, label, stuck, stuckSince }): [string, StuckThen][] =>
      stuck ? [[id, { name: label, since: stuckSince ?? at }]] : [],
    ),
  );
  const freed: ResolvedContainer[] = [];
  for (const [id, then] of history.stuck) {
    if (stuckNow.has(id)) continue;
    const container = model?.list.find((one) => one.id === id);
    const how = howEnded(container, readings);
    if (how === null) stuckNow.set(id, then);
    else freed.push({ id, ...then, until: at, how });
  }
  const resolved = [...freed, ...history.resolved].filter(
    ({ id, until }) => at - until <= resolvedForMs && !stuckNow.has(id),
  );
  return { ...history, stuck: stuckNow, resolved: resolved.slice(0, maxResolved) };
}

/** Null when nothing was looked at that could tell: a list that failed frees nobody. */
function howEnded(
  container: ContainersModel['list'][number] | undefined,
  { containers, processes, shims }: Readings,
): ResolvedContainer['how'] | null {
  if (container?.from === 'kernel')
    return processes?.status === 'ok' || shims?.status === 'ok' ? 'answers again' : null;
  if (containers?.status === 'ok') {
    if (container === undefined) return 'removed';
    return container.listState === 'exited' || container.listState === 'created' ? 'exited' : 'answers again';
  }
  // Without an engine only the kernel can tell that its processes are gone.
  return container === undefined && shims?.status === 'ok' && containers?.status === 'absent' ? 'exited' : null;
}
