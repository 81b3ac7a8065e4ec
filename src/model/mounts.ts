import type { ContainerMount, MountNamespaceValue, MountsValue } from '../sample/mounts.ts';
import { okValue } from '../sample/reading.ts';
import type { Tracked } from './tracked.ts';

/** A mount namespace that holds mounts of containers. */
export interface NamespaceModel extends Omit<MountNamespaceValue, 'mounts'> {
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
}

export function deriveMounts({ value }: Tracked<MountsValue>): MountsModel | null {
  if (value === null) return null;
  const list = value.namespaces
    .map(deriveNamespace)
    .filter(({ mounts, detail }) => mounts.length > 0 || detail !== null)
    .sort(
      (a, b) =>
        Number(b.host) - Number(a.host) || b.mounts.length - a.mounts.length || Number(a.inode) - Number(b.inode),
    );
  return { list, namespaces: value.namespaces.length, unreadable: value.unreadable };
}

function deriveNamespace(namespace: MountNamespaceValue): NamespaceModel {
  const mounts = okValue(namespace.mounts) ?? [];
  const count = (type: ContainerMount['type']): number => mounts.filter((mount) => mount.type === type).length;
  return {
    ...namespace,
    mounts,
    overlays: count('overlay'),
    shms: count('shm'),
    nsfs: count('nsfs'),
    detail: namespace.mounts.status === 'ok' ? null : namespace.mounts.detail,
  };
}
