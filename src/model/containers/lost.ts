import type { ContainersValue } from '../../sample/containers.ts';
import type { CriRuntime, CriValue } from '../../sample/cri.ts';
import type { ShimsValue } from '../../sample/shims.ts';

/**
 * What is gone of a container that the engine lists as running: its shim, its first process with all others, or both; or its shim is
 * there and does not reap the dead process.
 */
export type LostPart = 'shim' | 'init' | 'both' | 'unreaped';

/** A list comes every ten seconds; one that waits for longer is of before. */
const staleListMs = 30_000;

/** The namespace of containerd that the CRI works in. */
const criNamespace = 'k8s.io';

/** By id. Each exit looks like this for a moment: only what stays so is lost. */
export type LostContainers = ReadonlyMap<string, { readonly part: LostPart; readonly sinceMonoMs: number }>;

/**
 * Compares the engine's list with the kernel. Where no running container has a shim, shims are not to be seen from here, or
 * this engine has none (podman): then only a container whose processes are seen without one has lost it.
 */
export function lostOf(
  before: LostContainers,
  containers: ContainersValue | null,
  cri: CriValue | null,
  shims: ShimsValue | null,
  monoMs: number,
): LostContainers {
  if (shims === null) return new Map();
  const parts = [
    ...(containers === null ? [] : lostOfEngine(containers, shims)),
    ...(cri?.runtimes ?? []).flatMap((runtime) => lostOfRuntime(runtime, shims)),
  ];
  return new Map(
    parts.map(([id, part]) => {
      const known = before.get(id);
      return [id, { part, sinceMonoMs: known?.part === part ? known.sinceMonoMs : monoMs }];
    }),
  );
}

function lostOfEngine(containers: ContainersValue, shims: ShimsValue): [string, LostPart][] {
  const running = containers.containers.filter(({ state }) => state === 'running').map(({ id }) => id);
  const byBundle = new Map(shims.shims.flatMap((shim) => (shim.bundleId === null ? [] : [[shim.bundleId, shim]])));
  const housed = new Set(shims.shims.flatMap((shim) => shim.containers.map(({ containerId }) => containerId)));
  const alone = new Set(shims.orphans.filter(({ count }) => count > 0).map(({ containerId }) => containerId));
  const dead = unreapedIn(shims);
  const hasShim = (id: string): boolean => byBundle.has(id) || housed.has(id);
  const seesShims = running.some(hasShim);
  return running.flatMap((id): [string, LostPart][] => {
    if (dead.has(id)) return [[id, 'unreaped']];
    if (hasShim(id)) return byBundle.get(id)?.initGone === true ? [[id, 'init']] : [];
    if (alone.has(id)) return seesShims ? [[id, 'shim']] : [];
    return seesShims ? [[id, 'both']] : [];
  });
}

/**
 * The CRI has one shim for a pod: what of a container is gone shows only where the pause process beside it is seen, which says
 * that the control groups can be read. CRI-O has no shims.
 */
function lostOfRuntime({ kind, containerList, containers }: CriRuntime, shims: ShimsValue): [string, LostPart][] {
  const isFresh =
    containerList.status === 'ok' || (containerList.status === 'pending' && containerList.forMs < staleListMs);
  if (kind !== 'containerd' || !isFresh) return [];
  const byPod = new Map(shims.shims.flatMap((shim) => (shim.bundleId === null ? [] : [[shim.bundleId, shim]])));
  const housed = new Set(shims.shims.flatMap((shim) => shim.containers.map(({ containerId }) => containerId)));
  const alone = new Set(shims.orphans.filter(({ count }) => count > 0).map(({ containerId }) => containerId));
  const dead = unreapedIn(shims);
  const seesShims = shims.shims.some(({ runtimeNamespace }) => runtimeNamespace === criNamespace);
  return containers.flatMap(({ id, sandboxId, state }): [string, LostPart][] => {
    if (state !== 'running' || sandboxId === null) return [];
    if (dead.has(id)) return [[id, 'unreaped']];
    if (housed.has(id)) return [];
    const shim = byPod.get(sandboxId);
    if (alone.has(id)) return shim === undefined && seesShims ? [[id, 'shim']] : [];
    // A shim that is stopped or held reaps nothing, which is found as that. In a sandbox of its own (Kata, gVisor) only the pod has
    // processes on the node.
    const isWell = shim !== undefined && shim.ownSandbox !== true && !'TtD'.includes(shim.state);
    return isWell && housed.has(sandboxId) ? [[id, 'init']] : [];
  });
}

/** Containers below a shim that could reap, of which nothing but dead processes is left: no thread of them is in D either. */
function unreapedIn({ shims }: ShimsValue): ReadonlySet<string> {
  const able = shims.filter(({ state, waits }) => !'TtD'.includes(state) && waits.length === 0);
  const dead = able.flatMap(({ containers }) =>
    containers.filter(
      ({ count, tasks }) =>
        tasks.length > 0 &&
        tasks.length === count &&
        tasks.every(({ state, blockedThreads }) => state === 'Z' && blockedThreads === 0),
    ),
  );
  return new Set(dead.map(({ containerId }) => containerId));
}
