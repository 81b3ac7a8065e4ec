import type { ContainersValue } from '../../sample/containers.ts';
import type { ShimsValue } from '../../sample/shims.ts';

/** What is gone of a container that the engine lists as running: its shim, its first process with all others, or both. */
export type LostPart = 'shim' | 'init' | 'both';

/** By id. Each exit looks like this for a moment: only what stays so is lost. */
export type LostContainers = ReadonlyMap<string, { readonly part: LostPart; readonly sinceMonoMs: number }>;

/**
 * Compares the engine's list with the kernel. Where no running container has a shim, shims are not to be seen from here, or
 * this engine has none (podman): then only a container whose processes are seen without one has lost it.
 */
export function lostOf(
  before: LostContainers,
  containers: ContainersValue | null,
  shims: ShimsValue | null,
  monoMs: number,
): LostContainers {
  if (containers === null || shims === null) return new Map();
  const running = containers.containers.filter(({ state }) => state === 'running').map(({ id }) => id);
  const byBundle = new Map(shims.shims.flatMap((shim) => (shim.bundleId === null ? [] : [[shim.bundleId, shim]])));
  const housed = new Set(shims.shims.flatMap((shim) => shim.containers.map(({ containerId }) => containerId)));
  const alone = new Set(shims.orphans.filter(({ count }) => count > 0).map(({ containerId }) => containerId));
  const hasShim = (id: string): boolean => byBundle.has(id) || housed.has(id);
  const seesShims = running.some(hasShim);
  const parts = running.flatMap((id): [string, LostPart][] => {
    if (hasShim(id)) return byBundle.get(id)?.initGone === true ? [[id, 'init']] : [];
    if (alone.has(id)) return seesShims ? [[id, 'shim']] : [];
    return seesShims ? [[id, 'both']] : [];
  });
  return new Map(
    parts.map(([id, part]) => {
      const known = before.get(id);
      return [id, { part, sinceMonoMs: known?.part === part ? known.sinceMonoMs : monoMs }];
    }),
  );
}
