import type { CriContainer, PodSandbox } from '../../sample/cri.ts';
import { keptLabels } from '../kept-labels.ts';
import type { ContainerdContainerList, CriContainerList, PodSandboxList } from './messages.ts';

/** The namespace of containerd that the CRI works in. */
export const criNamespace = 'k8s.io';

/** SANDBOX_READY of runtime.v1 */
const ready = 0;
/** The states of a container of runtime.v1, by number. */
const states = ['created', 'running', 'exited', 'unknown'] as const;

/** The pods of `ListPodSandbox`. An entry without an id is skipped. */
export function readSandboxes({ items }: PodSandboxList): PodSandbox[] {
  return items
    .filter(({ id }) => id !== '')
    .map(({ id, metadata, state, createdAt }) => ({
      id,
      name: metadata?.name ?? '',
      namespace: metadata?.namespace ?? '',
      uid: metadata?.uid ?? '',
      attempt: metadata?.attempt ?? 0,
      ready: state === ready,
      createdAt: secondsOf(createdAt),
    }));
}

/** The containers of `ListContainers`. An entry without an id is skipped. */
export function readContainers({ containers }: CriContainerList): CriContainer[] {
  return containers
    .filter(({ id }) => id !== '')
    .map(({ id, podSandboxId, metadata, image, imageRef, state, createdAt, labels }) => ({
      id,
      sandboxId: podSandboxId === '' ? null : podSandboxId,
      runtimeNamespace: criNamespace,
      name: metadata?.name ?? id,
      // The kubelet asks for an image by its digest; `userSpecifiedImage` is the name that the pod gave.
      image: image?.userSpecifiedImage || image?.image || imageRef,
      state: states[state] ?? 'unknown',
      createdAt: secondsOf(createdAt),
      restarts: metadata?.attempt ?? null,
      labels: keptLabels(labels),
    }));
}

/** The containers of one namespace outside the CRI, of `containers.v1/List`: it does not say whether they run. */
export function readContainerdContainers(
  { containers }: ContainerdContainerList,
  runtimeNamespace: string,
): CriContainer[] {
  return containers
    .filter(({ id }) => id !== '')
    .map(({ id, image, createdAt, labels }) => ({
      id,
      sandboxId: null,
      runtimeNamespace,
      name: labels['nerdctl/name'] || (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id),
      image,
      state: 'unknown',
      createdAt: Number(createdAt?.seconds ?? 0n),
      restarts: null,
      labels: keptLabels(labels),
    }));
}

/** Nanoseconds since 1970, as seconds. A time that no date can hold gives 0. */
function secondsOf(nanoseconds: bigint): number {
  const seconds = Number(nanoseconds / 1_000_000_000n);
  return Math.abs(seconds) <= 8.64e12 ? seconds : 0;
}
