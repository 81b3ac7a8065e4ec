import type { ContainersValue, ContainerValue } from '../../sample/containers.ts';
import type { CriValue } from '../../sample/cri.ts';
import { okValue } from '../../sample/reading.ts';
import type { Readings, Sample } from '../../sample/sample.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import type { Tracked } from '../tracked.ts';
import { type LostContainers, lostOf } from './lost.ts';
import { listedSandboxes, strayContainers } from './sandboxes.ts';
import { isBlocked } from './stuck/from-kernel.ts';

/** What is remembered of the containers. */
export interface ContainersHistory {
  readonly states: ReadonlyMap<string, ListedState>;
  /** Doomed tasks, shims in trouble and shims without children, by `taskKey`, `shimKey` and `idleKey`. */
  readonly watched: ReadonlyMap<string, Watched>;
  /** Those that the engine lists as running, and the kernel does not have. */
  readonly lost: LostContainers;
}

/** Since when a container is in the state it is in, as far as rtwatch saw it. */
interface ListedState {
  readonly state: string;
  readonly sinceMonoMs: number;
  /** It was so in the first list: it may have begun long before. */
  readonly beganBefore: boolean;
}

interface Watched {
  readonly sinceMonoMs: number;
  /** At how many polls it was seen. */
  readonly polls: number;
}

export const noContainers: ContainersHistory = {
  states: new Map(),
  watched: new Map(),
  lost: new Map(),
};

/** The newest of the sources that say which containers there are. */
interface Sources {
  readonly containers: Tracked<ContainersValue>;
  readonly cri: Tracked<CriValue>;
  readonly shims: Tracked<ShimsValue>;
}

/** Takes in what one Sample says of states, doomed tasks and shims. */
export function reduceContainers(
  before: ContainersHistory,
  { readings, monoMs }: Sample,
  { containers, cri, shims }: Sources,
): ContainersHistory {
  const isListed = readings.containers?.status === 'ok' || readings.cri?.status === 'ok';
  return {
    states: isListed ? statesOf(before.states, listedStates(containers.value, cri.value), monoMs) : before.states,
    watched: watchedOf(before.watched, readings, monoMs),
    lost:
      readings.containers === undefined && readings.cri === undefined && readings.shims === undefined
        ? before.lost
        : lostOf(before.lost, containers.value, cri.value, shims.value, monoMs),
  };
}

/** By id: of the engine's containers, of the pods of all runtimes, and of containers in a pod that is not listed. */
function listedStates(
  containers: ContainersValue | null,
  cri: CriValue | null,
): Pick<ContainerValue, 'id' | 'state'>[] {
  return [
    ...(containers?.containers ?? []),
    ...listedSandboxes(cri).map(({ sandbox: { id }, state }) => ({ id, state })),
    ...Array.from(strayContainers(cri), (id) => ({ id: strayKey(id), state: 'stray' })),
  ];
}

/** Under which a container is remembered for being in a pod that is not listed. */
export const strayKey = (id: string): string => `stray ${id}`;

function statesOf(
  before: ContainersHistory['states'],
  listed: readonly Pick<ContainerValue, 'id' | 'state'>[],
  monoMs: number,
): ContainersHistory['states'] {
  const isFirstList = before.size === 0;
  return new Map(
    listed.map(({ id, state }) => {
      const known = before.get(id);
      return [id, known?.state === state ? known : { state, sinceMonoMs: monoMs, beganBefore: isFirstList }];
    }),
  );
}

export const taskKey = (task: { readonly pid: number; readonly starttime: number }): string =>
  `task ${task.pid} ${task.starttime}`;
export const shimKey = (shim: { readonly pid: number; readonly starttime: number }): string =>
  `shim ${shim.pid} ${shim.starttime}`;
/** Of a shim below which nothing runs. */
export const idleKey = (shim: { readonly pid: number; readonly starttime: number }): string =>
  `shim without children ${shim.pid} ${shim.starttime}`;

/** A source that is not in this Sample says nothing: its earlier reading stays. */
function watchedOf(
  before: ContainersHistory['watched'],
  { processes, shims }: Readings,
  monoMs: number,
): ContainersHistory['watched'] {
  const sampled = okValue(processes);
  const kernel = okValue(shims);
  if (sampled === null && kernel === null) return before;
  const seen = new Set<string>();
  for (const process of sampled?.processes ?? []) if (process.killPending) seen.add(taskKey(process));
  for (const { tasks } of [
    ...(kernel?.shims.flatMap(({ containers }) => containers) ?? []),
    ...(kernel?.orphans ?? []),
  ]) {
    for (const task of tasks) if (task.killPending) seen.add(taskKey(task));
  }
  for (const shim of kernel?.shims ?? []) {
    if (shim.state === 'T' || isBlocked(shim)) seen.add(shimKey(shim));
    if (shim.childless === true) seen.add(idleKey(shim));
  }
  const kept = [...before].filter(
    ([key]) => !seen.has(key) && (key.startsWith('shim') ? kernel === null : sampled === null),
  );
  const fresh = Array.from(seen, (key): [string, Watched] => {
    const known = before.get(key);
    return [key, { sinceMonoMs: known?.sinceMonoMs ?? monoMs, polls: (known?.polls ?? 0) + 1 }];
  });
  return new Map([...kept, ...fresh]);
}
