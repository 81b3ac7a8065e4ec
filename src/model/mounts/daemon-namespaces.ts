import type { ContainersValue } from '../../sample/containers.ts';
import type { DaemonsValue } from '../../sample/daemons.ts';
import type { MountsValue, NamespaceHolder, UnitSettings } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import { dockerNamespaces } from '../../sample/shims.ts';
import type { NamespaceIdentity } from './namespaces.ts';

/** A daemon, its mount namespace, and the shims of its containers that live in another one. */
export interface DaemonHome {
  readonly name: string;
  readonly pid: number;
  readonly namespace: string;
  /** Milliseconds since 1970, to the second. */
  readonly startedAt: number;
  /** Shims in other namespaces; not empty: the daemon was restarted in a new namespace, and cannot unmount what is in the old one. */
  readonly left: readonly LeftShims[];
  /** Shims beside it. */
  readonly beside: number;
  /** Of those left, how many are older than the daemon. */
  readonly older: number;
  /** Its namespace is not the host's: the next restart makes another one. */
  readonly ownNamespace: boolean;
  /** Why it has its own, as the unit files say, e.g. `MountFlags=slave`; null when they do not. */
  readonly unitSetting: string | null;
  readonly unit: UnitSettings | null;
  /** Containers outlive it: live-restore of dockerd, KillMode=process of containerd. Null if unknown. */
  readonly outlived: boolean | null;
}

interface LeftShims {
  readonly namespace: string;
  readonly shims: readonly NamespaceHolder[];
  /** When the first and the last of them were started, milliseconds since 1970, to the second. */
  readonly startedAt: readonly [number, number];
}

interface HomesInput {
  readonly mounts: MountsValue;
  readonly daemons: DaemonsValue | null;
  readonly containers: ContainersValue | null;
  readonly shims: ShimsValue | null;
  readonly identities: ReadonlyMap<string, NamespaceIdentity>;
  /** When the mounts were read, milliseconds since 1970. */
  readonly polledAt: number;
}

const units: Readonly<Record<string, string>> = { dockerd: 'docker.service', containerd: 'containerd.service' };

/** Where dockerd and containerd live, and where their shims do. */
export function findHomes(input: HomesInput): DaemonHome[] {
  const docker = homeOf('dockerd', input);
  const containerd = homeOf('containerd', input);
  return [docker, containerd].filter((home) => home !== null);
}

function homeOf(name: 'dockerd' | 'containerd', input: HomesInput): DaemonHome | null {
  const daemon = input.daemons?.daemons.find((one) => one.name === name);
  const process = okValue(daemon?.process);
  if (daemon === undefined || process === null) return null;
  const { namespaces } = input.mounts;
  const own = namespaces.find(({ holders }) => holders.some(({ pid }) => pid === process.pid));
  const self = own?.holders.find(({ pid }) => pid === process.pid);
  if (own === undefined || self === undefined) return null;
  const isIts = ownershipOf(name, input);
  // Another engine of the node (kind, a second dockerd): the shims beside it are its own, before a list says so.
  const elsewhere = namespaces.filter(
    ({ inode, holders }) =>
      inode !== own.inode && !holders.some(({ kind, comm }) => kind === 'daemon' && comm === self.comm),
  );
  const left = elsewhere.flatMap(({ inode, holders }): LeftShims[] => {
    const shims = holders.filter((holder) => holder.kind === 'shim' && isIts(holder));
    if (shims.length === 0) return [];
    const starts = shims.map((shim) => startOf(shim, input)).sort((a, b) => a - b);
    return [{ namespace: inode, shims, startedAt: [starts[0] ?? 0, starts.at(-1) ?? 0] }];
  });
  const unit = input.mounts.units.find((one) => one.unit === (self.unit ?? units[name])) ?? null;
  // A snap has one namespace for all its life: a restart does not make another.
  const isSnap = self.unit?.startsWith('snap.') === true;
  return {
    name,
    pid: process.pid,
    namespace: own.inode,
    startedAt: startOf(self, input),
    left,
    beside: own.holders.filter((holder) => holder.kind === 'shim' && isIts(holder)).length,
    older: left.flatMap(({ shims }) => shims).filter(({ starttime }) => starttime < self.starttime).length,
    ownNamespace: !own.host && !isSnap && namespaces.some(({ host }) => host),
    unitSetting: settingOf(unit),
    unit,
    outlived:
      name === 'dockerd' ? (okValue(daemon.settings)?.liveRestore ?? null) : unit && unit.killMode === 'process',
  };
}

/**
 * Which shims are the daemon's: dockerd's by the engine's list, or where that is not known by containerd's namespace in the
 * bundle. containerd's are the rest, unless they live with another daemon (kind, docker in docker).
 */
function ownershipOf(
  name: string,
  { containers, shims, identities, mounts }: HomesInput,
): (shim: NamespaceHolder) => boolean {
  const listed = new Set((containers?.containers ?? []).map(({ id }) => id));
  const runtimeOf = new Map((shims?.shims ?? []).map(({ pid, runtimeNamespace }) => [pid, runtimeNamespace]));
  const isDockers = ({ pid, containerId }: NamespaceHolder): boolean =>
    containers === null
      ? /^(?:plugins\.)?moby$/.test(runtimeOf.get(pid) ?? '')
      : containerId !== null && listed.has(containerId);
  if (name === 'dockerd') return isDockers;
  const inContainers = new Set(
    mounts.namespaces
      .filter(({ inode }) => identities.get(inode)?.role === 'container')
      .flatMap(({ holders }) => holders.map(({ pid }) => pid)),
  );
  return (shim) =>
    !isDockers(shim) && !dockerNamespaces.has(runtimeOf.get(shim.pid) ?? 'moby') && !inContainers.has(shim.pid);
}

function startOf({ ageSeconds }: NamespaceHolder, { polledAt }: HomesInput): number {
  return Math.round((polledAt - ageSeconds * 1000) / 1000) * 1000;
}

/** systemd gives a unit its own namespace for any of these (systemd.exec(5), exec_needs_mount_namespace). */
function settingOf(unit: UnitSettings | null): string | null {
  if (unit === null) return null;
  const flags = unit.mountFlags !== null && unit.mountFlags !== 'shared' ? [`MountFlags=${unit.mountFlags}`] : [];
  const all = [...flags, ...unit.namespaced];
  return all.length === 0 ? null : all.join(', ');
}
