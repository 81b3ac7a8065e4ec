import { formatCount } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import type { Model } from '../../model/model.ts';
import type { LeakReport } from '../../model/mounts/explanation.ts';
import type { MountHolder } from '../../model/mounts/holder.ts';
import type { LeakedMount } from '../../model/mounts/leaks.ts';
import type { NamespaceRole } from '../../model/mounts/namespaces.ts';

type Leak = LeakedMount & LeakReport;

/** A leaked mount in `check --json`. Fields only get added. */
export function mountJson(leak: Leak): object {
  return {
    path: leak.paths[0] ?? '',
    type: leak.type,
    containerId: leak.containerId,
    containerState: leak.containerState,
    holders: leak.holders.map((holder) => ({
      namespace: holder.namespace,
      pids: holder.processes.map(({ pid }) => pid),
      role: roleWord(holder),
      label: holder.label,
      propagation: holder.propagation,
      paths: holder.paths,
    })),
    paths: leak.paths,
    morePlaces: leak.morePlaces,
    device: leak.device,
    reason: leak.reason,
    seconds: Math.round(leak.seconds),
    blocks: leak.blocks,
    confidence: leak.confidence,
    atLeast: leak.atLeast,
    why: leak.why,
    consequence: leak.consequence,
    free: leak.free,
  };
}

/** The role names that the JSON promises. */
function roleWord(holder: MountHolder): 'shim' | 'container' | 'daemon' | 'service' | 'other' {
  const words: Readonly<Record<NamespaceRole, ReturnType<typeof roleWord>>> = {
    host: holder.isEngine ? 'daemon' : 'other',
    daemon: 'daemon',
    shims: 'shim',
    container: 'container',
    service: 'service',
    other: 'other',
  };
  return words[holder.role];
}

/** Leaked mounts only: mounts of running containers are normal and numerous. */
export function mountLines({ mounts }: Model): string[] {
  if (mounts === null || mounts.leaks.length === 0) return [];
  const { leaks, moreLeaks, list, namespaces } = mounts;
  return [
    `mounts       ${formatCount(leaks.length + moreLeaks)} leaked, container mounts in ${list.length} of ${formatCount(namespaces)} namespaces`,
    ...leaks.map(
      (leak) =>
        `  ${leakName(leak)} (${leak.containerState}), held by ${leak.holders.map(({ label }) => label).join(', ')}${heldFor(leak)}: ${leak.paths[0] ?? ''}${leak.paths.length > 1 ? ` and ${leak.paths.length - 1} more` : ''}`,
    ),
  ];
}

/** The name of a leaked mount in a list. */
export function leakName({ reason, label, atLeast, paths, type }: LeakedMount): string {
  if (reason !== 'network') return type === 'overlay' ? label : `${type} of ${label}`;
  const of = atLeast < paths.length ? ` of ${paths.length}` : '';
  return `${atLeast}${of} network namespace${atLeast === 1 && of === '' ? '' : 's'}`;
}

/** ` for 4m 10s`; empty within the first second. */
function heldFor({ seconds, fromStart }: LeakedMount): string {
  return seconds < 1 ? '' : ` for ${fromStart ? '≥' : ''}${formatSeconds(seconds)}`;
}
