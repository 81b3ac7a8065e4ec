import { compare } from '../../base/compare.ts';
import type { ContainerChurn } from '../../sample/containers.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import { type ContainerModel, deriveContainer } from './container.ts';
import { type CriListed, listedByRuntimes, nameSandboxes, namesOfBundles } from './from-cri.ts';
import { diskStatuses, withDiskStatus } from './from-disk.ts';
import { joinKernel, type KernelContainer } from './from-shims.ts';
import { churnOf, type ListState, listStateOf, listsOf } from './list-state.ts';
import { type ContainerName, nameByKernel, nameContainer } from './name.ts';
import { sandboxFacts } from './sandbox-facts.ts';
import { type ListedSandbox, listedSandboxes, sandboxAsContainer } from './sandboxes.ts';
import type { ContainersInput, ContainersJoin } from './stuck-facts.ts';
import { type Worker, workersOf } from './workers.ts';

export interface ContainersModel extends ListState {
  readonly list: readonly ContainerModel[];
  readonly churn: ContainerChurn | null;
  readonly running: number;
  readonly stuck: number;
  /** Asked to exit and not gone yet: not for long enough, or not proven enough, to be stuck. */
  readonly stopping: number;
}

/** What people call each container, by id. */
export function nameContainers(
  { tracked, cri, at }: ContainersInput,
  shims: ShimsValue | null,
): ReadonlyMap<string, ContainerName> {
  const byEngine = tracked.value?.containers ?? [];
  const byRuntimes = [...listedByRuntimes(cri.value, new Set(byEngine.map(({ id }) => id)), new Map(), at).values()];
  const listed = [...byRuntimes.map(({ container }) => container), ...byEngine];
  return new Map([
    ...namesOfBundles(shims),
    ...nameSandboxes(cri.value),
    ...listed.map((container): [string, ContainerName] => [container.id, nameContainer(container)]),
  ]);
}

/** Null if neither an engine nor the kernel ever reported one. */
export function deriveContainers(input: ContainersInput, join: ContainersJoin): ContainersModel | null {
  const { value } = input.tracked;
  const kernel = joinKernel({ ...join, history: input.history, monoMs: input.monoMs });
  const byEngine = value?.containers ?? [];
  const byRuntimes = listedByRuntimes(input.cri.value, new Set(byEngine.map(({ id }) => id)), kernel, input.at);
  const listed = [...byEngine, ...[...byRuntimes.values()].map(({ container }) => container)];
  const seenSeconds = new Map(join.models.map(({ pid, seconds }) => [pid, seconds]));
  const pods = listedSandboxes(input.cri.value);
  const ended = [
    ...[...byRuntimes.values()].map(({ container }) => container).filter(({ state }) => state === 'exited'),
    ...pods.filter(({ state }) => state === 'not ready').map((pod) => sandboxAsContainer(pod, input.at)),
  ];
  const workers = workersOf({ ...join, containers: byEngine, ended, seenSeconds });
  const known = new Set([...listed.map(({ id }) => id), ...pods.map(({ sandbox }) => sandbox.id)]);
  const hasList = value !== null || listsOf(input.cri.value).length > 0;
  const named = new Map([...namesOfBundles(join.shims), ...nameSandboxes(input.cri.value)]);
  const statuses = diskStatuses(input.cri.value);
  const unlisted = [...kernel.values()]
    .filter(({ id }) => !known.has(id))
    .map(({ id, ...rest }) => {
      const name = named.get(id) ?? nameByKernel(id);
      const model = deriveContainer({ ...unknown, id, name, kernel: { id, ...rest } }, input, join);
      return withDiskStatus(model, statuses.get(id), input.at);
    })
    // Beside a list that answers they are another runtime's, or the pause processes of pods: only of interest in trouble.
    .filter(({ stuck }) => !hasList || stuck);
  if (!hasList && unlisted.length === 0) return null;
  const containers = listed.map((one) => {
    const { id } = one;
    const cri = byRuntimes.get(id) ?? null;
    const [worker, name] = [workers.get(id) ?? null, nameContainer(one)];
    return deriveContainer(
      { ...unknown, id, name, listed: one, kernel: kernel.get(id) ?? null, worker, cri },
      input,
      join,
    );
  });
  const list = [...containers, ...oddSandboxes(pods, { containers, kernel, workers }, input, join), ...unlisted].sort(
    byAttention,
  );
  return {
    list,
    ...listStateOf(input),
    churn: value?.churn ?? churnOf(input.cri.value),
    running: listed.filter(({ state }) => state === 'running').length,
    stuck: list.filter(({ stuck }) => stuck).length,
    stopping: list.filter(({ stuck, state }) => !stuck && state === 'stopping').length,
  };
}

interface PodParts {
  readonly containers: readonly ContainerModel[];
  readonly kernel: ReadonlyMap<string, KernelContainer>;
  readonly workers: ReadonlyMap<string, Worker>;
}

/** Sandboxes that are stuck, empty for long, or below a shim in trouble of which no container is left to show it. */
function oddSandboxes(
  pods: readonly ListedSandbox[],
  { containers, kernel, workers }: PodParts,
  input: ContainersInput,
  join: ContainersJoin,
): ContainerModel[] {
  const shown = new Set(containers.flatMap(({ shim }) => shim?.pid ?? []));
  // The pause process of a pod with one PID namespace waits for every task in it (zap_pid_ns_processes).
  const blockers = new Set(
    containers.flatMap(({ stuck, blocker }) => (stuck && blocker !== null ? [blocker.pid] : [])),
  );
  return pods
    .map((pod) => {
      const { runtime, sandbox } = pod;
      const listed = sandboxAsContainer(pod, input.at);
      const own = kernel.get(sandbox.id) ?? null;
      const cri: CriListed = { container: listed, runtime, restarts: null };
      const name = { ...nameContainer(listed), name: listed.name };
      const worker = workers.get(sandbox.id) ?? null;
      const known = { ...unknown, worker, id: sandbox.id, name, listed, kernel: own, cri, pod };
      return deriveContainer({ ...known, left: sandboxFacts(pod, kernel, own) }, input, join);
    })
    .filter(({ stuck, stuckIn, reason, evidence, shim, blocker }) => {
      if (blocker !== null && blockers.has(blocker.pid) && !stuckIn.includes('removal')) return false;
      if (stuck || evidence.length === 0) return stuck || reason !== null;
      return shim === null || !shown.has(shim.pid);
    });
}

const unknown = { listed: null, kernel: null, worker: null, cri: null, pod: null, left: null } as const;

/** Stuck ones first, the longest first; then what is on its way out; then by name. */
function byAttention(a: ContainerModel, b: ContainerModel): number {
  const rank = (container: ContainerModel): number =>
    container.stuck ? 0 : container.reason !== null ? 1 : container.state === 'running' ? 2 : 3;
  return rank(a) - rank(b) || (b.stuckSeconds ?? 0) - (a.stuckSeconds ?? 0) || compare(a.label, b.label);
}
