import type { CriValue } from '../../sample/cri.ts';
import type { DaemonsValue } from '../../sample/daemons.ts';
import type { MountNamespaceValue, MountsValue } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';
import type { KnownContainers } from './owners.ts';

/** The daemon that mounts the containers' filesystems, and where it lives. */
export interface EngineHome {
  /** Inode of its mount namespace. */
  readonly namespace: string;
  /** The data root of the engine; null if neither the engine nor the mounts show it. */
  readonly root: string | null;
  /** All its mounts are in the Sample: what is not among them does not exist. */
  readonly complete: boolean;
}

/** Where dockerd lives, else containerd, else CRI-O; null when none does, or when its mounts are not known. */
export function findEngine(
  { namespaces }: MountsValue,
  daemons: DaemonsValue | null,
  known: KnownContainers,
  cri: CriValue | null,
): EngineHome | null {
  const ranked = ['dockerd', 'containerd', 'crio'].flatMap(
    (name) => daemons?.daemons.find((daemon) => daemon.name === name) ?? [],
  );
  for (const daemon of ranked) {
    const process = okValue(daemon.process);
    if (process === null) continue;
    const home = namespaces.find(
      ({ inode, holders }) =>
        inode === process.mountNamespace ||
        (process.mountNamespace === null && holders.some(({ pid }) => pid === process.pid)),
    );
    if (home === undefined || home.mounts.status !== 'ok') return null;
    const root =
      daemon.name === 'crio'
        ? storageRoot(cri, process.pid)
        : (okValue(daemon.settings)?.rootDir ?? guessRoot(home, known));
    return { namespace: home.inode, root, complete: (home.more ?? 0) === 0 };
  }
  return null;
}

/** Whether both are the same data root in the same mount namespace. */
export function isSameHome(one: EngineHome | null, other: EngineHome | null): boolean {
  if (one === null || other === null) return one === other;
  return one.namespace === other.namespace && one.root === other.root && one.complete === other.complete;
}

/** From inspect, or from where a container's root filesystem is mounted; else the usual place when something is mounted there. */
function guessRoot({ mounts }: MountNamespaceValue, { byId }: KnownContainers): string | null {
  for (const { inspect } of byId.values()) {
    const mergedDir = inspect === null ? null : okValue(inspect)?.mergedDir;
    const root = mergedDir == null ? undefined : /^(.+)\/overlay2?\/[^/]+\/merged$/.exec(mergedDir)?.[1];
    if (root !== undefined) return root;
  }
  const mounted = okValue(mounts) ?? [];
  for (const { path, containerId } of mounted) {
    // With the image store of containerd the inspect names no directory.
    const root = /^(.+)\/rootfs\/[^/]+\/[0-9a-f]{64}$/.exec(path)?.[1];
    if (root !== undefined && containerId !== null && byId.has(containerId)) return root;
  }
  const usual = '/var/lib/docker';
  return mounted.some(({ path }) => path.startsWith(`${usual}/`)) ? usual : null;
}

/** As CRI-O says it; else the usual place. */
function storageRoot(cri: CriValue | null, pid: number): string {
  const own = cri?.runtimes.find((runtime) => runtime.kind === 'crio' && runtime.pid === pid);
  return own?.storage?.root ?? '/var/lib/containers/storage';
}
