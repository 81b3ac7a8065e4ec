import { quote } from '../../base/shell-word.ts';
import type { NamespaceHolder } from '../../sample/mounts.ts';
import type { MountHolder } from './holder.ts';
import type { Suspect } from './suspect.ts';

/** One command that would free a mount, and what it breaks. rtwatch never runs it. */
export interface FreeStep {
  readonly text: string;
  /** For a shell on the node; null when there is none to give. */
  readonly command: string | null;
  readonly risk: 'none' | 'low' | 'high';
}

/** So many paths go into one command; the rest is counted. */
const maxPaths = 8;

/**
 * For each namespace that holds mounts, how to take them away there.
 *
 * @param holders of one leak or of several; those of the same namespace become one command
 * @param isListed whether the engine lists a container: it restarts no other
 */
export function freeSteps(
  holders: readonly MountHolder[],
  reason: Suspect['reason'],
  isListed: (containerId: string) => boolean,
): FreeStep[] {
  return [...Map.groupBy(holders, ({ namespace }) => namespace).values()].flatMap((same) => {
    const [holder] = same;
    const inside = holder === undefined ? null : doorOf(holder.processes);
    const paths = [...new Set(same.flatMap(({ staying }) => staying))];
    if (holder === undefined || inside === null || paths.length === 0) return [];
    const more = paths.length - maxPaths;
    const text = `${consequence(holder, reason)}${more > 0 ? ` There are ${more} more.` : ''}`;
    const command = `nsenter -t ${inside.pid} -m -- umount ${paths.slice(0, maxPaths).map(quote).join(' ')}`;
    return [{ text, command, risk: 'low' as const }, ...restart(holder, isListed)];
  });
}

/** A process to enter the namespace by: one that will not end meanwhile. */
function doorOf(processes: readonly NamespaceHolder[]): NamespaceHolder | null {
  const order = ['init', 'daemon', 'shim', 'other'] as const;
  return processes.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.pid - b.pid)[0] ?? null;
}

function consequence({ role, label, isEngine }: MountHolder, reason: Suspect['reason']): string {
  if (reason === 'network') {
    return `Unmount them in the namespace of ${label}. Running containers keep their network: their processes hold it.`;
  }
  if (isEngine) {
    return 'Unmount the copy in the daemon’s own namespace. Only whatever created the copy (a backup, a scan) loses access to these files.';
  }
  switch (role) {
    case 'shims':
    case 'daemon':
      return `Unmount it in the namespace of ${label}. It breaks nothing: the running containers have their own.`;
    case 'container':
      return `Unmount it in ${label}, whose image must have umount. Only that container loses access to these files.`;
    case 'host':
      return 'Unmount it on the host. Only what uses these files there loses access to them.';
    default:
      return `Unmount it in the namespace of ${label}. Only that loses access to these files.`;
  }
}

/** Where umount says that the target is busy, a process of the holder works in it: only its end frees the mount. */
function restart(
  { role, unit, containerId, isEngine }: MountHolder,
  isListed: (containerId: string) => boolean,
): FreeStep[] {
  const text =
    'If umount says that it is busy, or it must not be done by hand: restart the holder, which makes it a new namespace.';
  if (isEngine || role === 'host') return [];
  if (role === 'container' && containerId !== null) {
    const command = isListed(containerId) ? `docker restart ${quote(containerId.slice(0, 12))}` : null;
    return [{ text, command, risk: 'high' }];
  }
  if (role === 'service' && unit !== null) return [{ text, command: `systemctl restart ${quote(unit)}`, risk: 'high' }];
  return [];
}
