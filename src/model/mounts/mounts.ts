import type { ContainerMount, MountNamespaceValue, MountsValue } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';
import type { LogsModel } from '../logs/logs.ts';
import { type DaemonHome, findHomes } from './daemon-namespaces.ts';
import { explainLeaks, type LeakReport } from './explanation.ts';
import type { MountSources, MountsHistory } from './history.ts';
import { deriveLeaks, type LeakedMount } from './leaks.ts';
import type { NamespaceIdentity } from './namespaces.ts';

/** A mount namespace that holds mounts of containers. */
export interface NamespaceModel extends Omit<MountNamespaceValue, 'mounts'>, Pick<NamespaceIdentity, 'role' | 'label'> {
  readonly mounts: readonly ContainerMount[];
  readonly overlays: number;
  readonly shms: number;
  readonly nsfs: number;
  /** Why its mounts are not known; null when they are. */
  readonly detail: string | null;
}

export interface MountsModel {
  /** Those with mounts of containers in them, and those that could not be read. */
  readonly list: readonly NamespaceModel[];
  /** All there are. */
  readonly namespaces: number;
  readonly unreadable: number;
  /** `fs.may_detach_mounts` of RHEL 7's 3.10; null where the kernel has no such switch. */
  readonly mayDetachMounts: boolean | null;
  /** Mounts that ought to be gone, the worst first. */
  readonly leaks: readonly (LeakedMount & LeakReport)[];
  /** How many more leaks there are than are listed. */
  readonly moreLeaks: number;
  /** Where the daemons live, and where their shims do. */
  readonly homes: readonly DaemonHome[];
}

interface MountsInput {
  readonly sources: MountSources;
  readonly history: MountsHistory;
  readonly logs: LogsModel | null;
  readonly at: number;
  readonly monoMs: number;
}

/** The mounts as rules and views see them; null before the first reading. */
export function deriveMounts({ sources, history, logs, at, monoMs }: MountsInput): MountsModel | null {
  const { value, valueMonoMs } = sources.mounts;
  const { scene } = history;
  if (value === null || scene === null) return null;
  const polledAt = at - (monoMs - (valueMonoMs ?? monoMs));
  const homes = findHomes({
    mounts: value,
    daemons: sources.daemons.value,
    containers: sources.containers.value,
    shims: sources.shims.value,
    identities: scene.identities,
    polledAt,
  });
  const { leaks, more } = deriveLeaks(history, sources.host.value?.kernel ?? null, monoMs, valueMonoMs ?? monoMs);
  return {
    list: deriveNamespaces(value, scene.identities),
    namespaces: value.namespaces.length,
    unreadable: value.unreadable,
    mayDetachMounts: value.mayDetachMounts,
    leaks: explainLeaks(leaks, { homes, logs, polledAt, kernel: sources.host.value?.kernel ?? null }),
    moreLeaks: more,
    homes,
  };
}

function deriveNamespaces(
  { namespaces }: MountsValue,
  identities: ReadonlyMap<string, NamespaceIdentity>,
): NamespaceModel[] {
  return namespaces
    .filter(({ mounts }) => mounts.status !== 'ok' || mounts.value.length > 0)
    .map((namespace) => deriveNamespace(namespace, identities.get(namespace.inode)))
    .sort(
      (a, b) =>
        Number(b.host) - Number(a.host) || b.mounts.length - a.mounts.length || Number(a.inode) - Number(b.inode),
    );
}

function deriveNamespace(namespace: MountNamespaceValue, identity: NamespaceIdentity | undefined): NamespaceModel {
  const mounts = okValue(namespace.mounts) ?? [];
  const counts = { overlay: 0, shm: 0, nsfs: 0, secret: 0, volume: 0 };
  for (const { type } of mounts) counts[type]++;
  return {
    ...namespace,
    role: identity?.role ?? 'other',
    label: identity?.label ?? '',
    mounts,
    overlays: counts.overlay,
    shms: counts.shm,
    nsfs: counts.nsfs,
    detail: namespace.mounts.status === 'ok' ? null : namespace.mounts.detail,
  };
}
