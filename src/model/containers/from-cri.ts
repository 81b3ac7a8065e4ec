import { countOf } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import type { ContainerValue } from '../../sample/containers.ts';
import type { CriContainer, CriRuntime, CriValue } from '../../sample/cri.ts';
import { pending } from '../../sample/reading.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import type { KernelContainer } from './from-shims.ts';
import type { ContainerName } from './name.ts';

/** A container that a containerd or CRI-O lists, in the form of the engine's. */
export interface CriListed {
  readonly container: ContainerValue;
  readonly runtime: CriRuntime;
  readonly restarts: number | null;
}

/** The containers of all runtimes but those that the engine lists itself: Docker's lie in a containerd too. */
export function listedByRuntimes(
  cri: CriValue | null,
  listed: ReadonlySet<string>,
  kernel: ReadonlyMap<string, KernelContainer>,
  at: number,
): ReadonlyMap<string, CriListed> {
  const found = new Map<string, CriListed>();
  for (const runtime of cri?.runtimes ?? []) {
    const held = new Map(runtime.heldStatuses.map(({ containerId, forMs }) => [containerId, forMs]));
    const pods = new Map(runtime.sandboxes.map((sandbox) => [sandbox.id, sandbox]));
    for (const one of runtime.containers) {
      if (listed.has(one.id) || found.has(one.id)) continue;
      const pod = one.sandboxId === null ? undefined : pods.get(one.sandboxId);
      const forMs = held.get(one.id);
      found.set(one.id, {
        runtime,
        restarts: one.restarts,
        container: {
          id: one.id,
          name: one.name,
          image: one.image,
          state: stateOf(one, kernel.get(one.id)),
          status: statusOf(one, at),
          createdAt: one.createdAt,
          labels: {
            ...(pod === undefined
              ? {}
              : { 'io.kubernetes.pod.name': pod.name, 'io.kubernetes.pod.namespace': pod.namespace }),
            ...(pod === undefined ? {} : { 'io.kubernetes.container.name': one.name }),
            ...one.labels,
          },
          kill: null,
          inspect: forMs === undefined ? null : pending(forMs, 'no answer yet from ContainerStatus'),
        },
      });
    }
  }
  return found;
}

/** `created 3h ago, 2 restarts` */
function statusOf({ createdAt, restarts }: CriContainer, at: number): string {
  const age = createdAt === 0 ? [] : [`created ${formatSeconds(Math.max(0, at / 1000 - createdAt))} ago`];
  return [...age, ...(restarts ? [countOf(restarts, 'restart')] : [])].join(', ');
}

/** Outside the CRI the list does not say whether a container runs: one with a task does. */
function stateOf({ state, sandboxId }: CriContainer, kernel: KernelContainer | undefined): string {
  if (state !== 'unknown' || sandboxId !== null) return state;
  return kernel !== undefined && kernel.initPid !== null ? 'running' : 'exited';
}

/** What the sandboxes of pods are called, by id: their pause processes are in no list of containers. */
export function nameSandboxes(cri: CriValue | null): ReadonlyMap<string, ContainerName> {
  const sandboxes = cri?.runtimes.flatMap((runtime) => runtime.sandboxes) ?? [];
  return new Map(
    sandboxes.map(({ id, name, namespace }) => [
      id,
      { name: id.slice(0, 12), pod: name, namespace, label: `${namespace}/${name}/(sandbox)` },
    ]),
  );
}

/** What the tasks of pods, and the containers of Podman and nerdctl, are called where no runtime answers, by id. */
export function namesOfBundles(shims: ShimsValue | null): ReadonlyMap<string, ContainerName> {
  const plain = (shims?.plainNames ?? []).map(
    ({ id, name, engine }) => [id, { name, pod: null, namespace: null, label: `${name} (${engine})` }] as const,
  );
  const ofPods = (shims?.names ?? []).map(
    ({ id, pod, namespace, container }) =>
      [
        id,
        {
          name: container ?? id.slice(0, 12),
          pod,
          namespace,
          label: `${namespace}/${pod}/${container ?? '(sandbox)'}`,
        },
      ] as const,
  );
  return new Map<string, ContainerName>([...plain, ...ofPods]);
}
