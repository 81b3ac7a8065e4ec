import type { CriRuntime, CriValue, PodSandbox } from '../../sample/cri.ts';
import type { ContainersModel } from '../containers/containers.ts';

/** The runtimes that are polled over gRPC, and the contradictions in their lists. */
export interface CriModel {
  readonly runtimes: readonly CriRuntime[];
  /** Pods without any container although their pause process runs: the kubelet could not create one, or removed them all. */
  readonly emptySandboxes: readonly PodSandbox[];
  /** Containers that run in a pod that their runtime does not list. */
  readonly strayContainers: readonly string[];
}

export function deriveCri(value: CriValue | null, containers: ContainersModel | null): CriModel | null {
  if (value === null) return null;
  const listed = value.runtimes.filter(({ containerList }) => containerList.status === 'ok');
  const running = new Set(containers?.list.filter(({ state }) => state === 'running').map(({ id }) => id));
  return {
    runtimes: value.runtimes,
    emptySandboxes: listed.flatMap((runtime) => {
      const used = new Set(runtime.containers.map(({ sandboxId }) => sandboxId));
      return runtime.sandboxes.filter(({ id, ready }) => ready && !used.has(id));
    }),
    strayContainers: listed.flatMap((runtime) => {
      const pods = new Set(runtime.sandboxes.map(({ id }) => id));
      return runtime.containers
        .filter(({ id, sandboxId }) => sandboxId !== null && !pods.has(sandboxId) && running.has(id))
        .map(({ id }) => id);
    }),
  };
}
