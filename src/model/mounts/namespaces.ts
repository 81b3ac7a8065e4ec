import { countOf } from '../../base/counts.ts';
import { listOf } from '../../base/words.ts';
import type { MountNamespaceValue, NamespaceHolder } from '../../sample/mounts.ts';

/** The owner of a mount namespace. */
export type NamespaceRole = 'host' | 'daemon' | 'shims' | 'container' | 'service' | 'other';

export interface NamespaceIdentity {
  readonly role: NamespaceRole;
  /** For people: `the host`, `4 shims`, `container web-1`, `chrony.service`. */
  readonly label: string;
  /** The container whose own it is. */
  readonly containerId: string | null;
  readonly unit: string | null;
  /** A daemon lives in it: it may be the home of containers that the watched engine does not know (docker in docker, kind). */
  readonly hasDaemon: boolean;
  /** A dockerd lives in it. */
  readonly hasEngine: boolean;
}

/** @param nameOf what people call a container */
export function identifyNamespace(
  { host, holders, processes, rootLayer }: MountNamespaceValue,
  nameOf: (containerId: string) => string,
  layerOwner: (layer: string) => string | null,
): NamespaceIdentity {
  const daemons = holders.filter(({ kind }) => kind === 'daemon');
  const shims = holders.filter(({ kind }) => kind === 'shim');
  // A shim's container is the one it works for; the shim does not live in it.
  const inside = holders.find(({ kind, containerId }) => kind !== 'shim' && containerId !== null);
  const containerId = inside?.containerId ?? (rootLayer === null ? null : layerOwner(rootLayer));
  const unit = holders.find((holder) => holder.unit !== null)?.unit ?? null;
  const hasEngine = daemons.some(({ comm }) => comm.startsWith('dockerd'));
  const base = { unit, hasDaemon: daemons.length > 0, hasEngine };
  if (host) return { ...base, role: 'host', label: 'the host', containerId: null };
  if (containerId !== null || rootLayer !== null) {
    const label = containerId === null ? 'a container' : `container ${nameOf(containerId)}`;
    return { ...base, role: 'container', label, containerId };
  }
  if (daemons.length > 0) {
    return { ...base, role: 'daemon', label: listOf([...new Set(daemons.map(({ comm }) => comm))]), containerId: null };
  }
  if (shims.length > 0) {
    const others = processes - shims.length;
    const label = `${countOf(shims.length, 'shim')}${others > 0 ? ` and ${countOf(others, 'other process', 'other processes')}` : ''}`;
    return { ...base, role: 'shims', label, containerId: null };
  }
  if (unit !== null) return { ...base, role: 'service', label: unit, containerId: null };
  return { ...base, role: 'other', label: processesText(holders, processes), containerId: null };
}

function processesText(holders: readonly NamespaceHolder[], processes: number): string {
  const [first] = holders;
  if (first === undefined) return countOf(processes, 'process', 'processes');
  return `${first.comm} ${first.pid}${processes > 1 ? ` and ${countOf(processes - 1, 'other')}` : ''}`;
}
