import { countOf } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import type { ContainerValue } from '../../sample/containers.ts';
import type { CriContainer, CriRuntime, CriValue, PodSandbox } from '../../sample/cri.ts';

/** A pod sandbox as its runtime lists it, with the containers in it. */
export interface ListedSandbox {
  readonly sandbox: PodSandbox;
  readonly runtime: CriRuntime;
  /** `not ready`: its pause process has exited. `empty`: that one runs, and no container is listed in it. */
  readonly state: 'ready' | 'not ready' | 'empty';
  readonly containers: readonly CriContainer[];
}

/** A pull of the first image, or the kubelet between two containers: an empty pod is normal for so long. */
const emptyPatienceMs = 60_000;

/** All pods that runtimes list, with their containers. One is `empty` only where its runtime gave the list of containers. */
export function listedSandboxes(cri: CriValue | null): ListedSandbox[] {
  return (cri?.runtimes ?? []).flatMap((runtime) => {
    const byPod = Map.groupBy(runtime.containers, ({ sandboxId }) => sandboxId);
    return runtime.sandboxes.map((sandbox): ListedSandbox => {
      const containers = byPod.get(sandbox.id) ?? [];
      const isEmpty = containers.length === 0 && runtime.containerList.status === 'ok';
      return { sandbox, runtime, containers, state: !sandbox.ready ? 'not ready' : isEmpty ? 'empty' : 'ready' };
    });
  });
}

/** In the form of the engine's containers. */
export function sandboxAsContainer({ sandbox, containers, state }: ListedSandbox, at: number): ContainerValue {
  const { id, name, namespace, createdAt, attempt } = sandbox;
  const age = createdAt === 0 ? [] : [`created ${formatSeconds(Math.max(0, at / 1000 - createdAt))} ago`];
  return {
    id,
    name: id.slice(0, 12),
    image: '',
    state,
    // As `crictl pods` has it: how often the kubelet made it anew.
    status: [
      ...age,
      ...(attempt === 0 ? [] : [`attempt ${attempt}`]),
      ...(containers.length === 0 ? [] : [countOf(containers.length, 'container')]),
    ].join(', '),
    createdAt,
    labels: {
      'io.kubernetes.pod.name': name,
      'io.kubernetes.pod.namespace': namespace,
      'io.kubernetes.container.name': 'POD',
    },
    kill: null,
    inspect: null,
  };
}

/** Why a sandbox that is well otherwise is shown beside the containers; null when it is not. */
export function sandboxNote({ state }: ListedSandbox, forMs: number): string | null {
  if (state !== 'empty' || forMs < emptyPatienceMs) return null;
  return `no container in this pod for ${formatSeconds(forMs / 1000)}`;
}

/** Containers that run in a pod that their runtime does not list, by id. */
export function strayContainers(cri: CriValue | null): ReadonlySet<string> {
  const stray = (cri?.runtimes ?? [])
    .filter(({ containerList, sandboxList }) => containerList.status === 'ok' && sandboxList.status === 'ok')
    .flatMap((runtime) => {
      const pods = new Set(runtime.sandboxes.map(({ id }) => id));
      return runtime.containers
        .filter(({ sandboxId, state }) => state === 'running' && sandboxId !== null && !pods.has(sandboxId))
        .map(({ id }) => id);
    });
  return new Set(stray);
}
