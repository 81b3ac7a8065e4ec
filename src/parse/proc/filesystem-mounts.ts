import { type Mount, parseMount } from './mountinfo.ts';

/** A mount, and which of the directories asked for lie on it. */
export interface HoldingMount extends Pick<Mount, 'path' | 'device' | 'type' | 'source' | 'superOptions'> {
  readonly holds: readonly string[];
}

/**
 * From a `mountinfo` (proc_pid_mountinfo(5)): the mount that each of these directories lies on, the mount point itself too. Of
 * mounts over each other the last one is seen.
 */
export function parseHoldingMounts(text: string, directories: readonly string[]): HoldingMount[] {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const mount = parseMount(line);
    if (mount !== null && directories.some((directory) => isBelow(directory, mount.path)))
      mounts.set(mount.path, mount);
  }
  const sorted = [...mounts.values()].sort((a, b) => b.path.length - a.path.length);
  const holders = Map.groupBy(directories, (directory) => sorted.find(({ path }) => isBelow(directory, path)));
  return [...holders].flatMap(([mount, holds]) => {
    if (mount === undefined) return [];
    const { path, device, type, source, superOptions } = mount;
    return { path, device, type, source, superOptions, holds };
  });
}

function isBelow(directory: string, path: string): boolean {
  return path === '/' || directory === path || directory.startsWith(`${path}/`);
}
