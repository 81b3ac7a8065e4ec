import type { MountNamespaceValue, NamespaceHolder } from '../../sample/mounts.ts';

/** Who a mount namespace belongs to. */
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
    return { ...base, role: 'daemon', label: list([...new Set(daemons.map(({ comm }) => comm))]), containerId: null };
  }
  if (shims.length > 0) {
    const others = processes - shims.length;
    const label = `${count(shims.length, 'shim')}${others > 0 ? ` and ${count(others, 'other process', 'es')}` : ''}`;
    return { ...base, role: 'shims', label, containerId: null };
  }
  if (unit !== null) return { ...base, role: 'service', label: unit, containerId: null };
  return { ...base, role: 'other', label: processesText(holders, processes), containerId: null };
}

function processesText(holders: readonly NamespaceHolder[], processes: number): string {
  const [first] = holders;
  if (first === undefined) return count(processes, 'process', 'es');
  return `${first.comm} ${first.pid}${processes > 1 ? ` and ${count(processes - 1, 'other')}` : ''}`;
}

/** `1 shim`, `4 shims` */
export function count(number: number, noun: string, plural = 's'): string {
  return `${number} ${noun}${number === 1 ? '' : plural}`;
}

/** `a`, `a and b`, `a, b and 3 more` */
export function list(words: readonly string[], most = 4): string {
  const told = words.length <= most ? words : [...words.slice(0, most - 1), `${words.length - most + 1} more`];
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`;
}
