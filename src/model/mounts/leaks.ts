import type { ContainerMount, MountNamespaceValue } from '../../sample/mounts.ts';
import type { HeldSuspect, MountsHistory } from './history.ts';
import type { MountHolder } from './holder.ts';
import { detachesMounts } from './kernel.ts';
import type { Place } from './mount-index.ts';
import { nameOwner } from './owners.ts';
import type { MountScene, Suspect } from './suspect.ts';
import { type FreeStep, freeSteps } from './unmount-steps.ts';

/** A mount that outlived its container, or that the daemon which must unmount it cannot see. */
export interface LeakedMount {
  readonly key: string;
  readonly reason: Suspect['reason'];
  /** Where it is held; more than one when several copies are. */
  readonly paths: readonly string[];
  readonly type: ContainerMount['type'];
  /** `major:minor` */
  readonly device: string;
  readonly layer: string | null;
  readonly containerId: string | null;
  /** What people call its container. */
  readonly label: string;
  /** The engine's word, or `gone`. */
  readonly containerState: string;
  /** The request that lists its kind of containers. */
  readonly listedBy: 'GET /containers/json' | 'ListContainers';
  readonly holders: readonly MountHolder[];
  /** In how many more places it is held. */
  readonly morePlaces: number;
  /** How many mounts are leaked; for network namespaces at least so many of `paths`. */
  readonly atLeast: number;
  /** For how long rtwatch has seen it so. */
  readonly seconds: number;
  /** It was there when rtwatch started: `seconds` is a lower bound. */
  readonly fromStart: boolean;
  /** What it does: makes the removal fail, keeps disk space or a network namespace, or nothing yet. */
  readonly blocks: 'removal' | 'space' | 'network' | 'nothing';
  readonly confidence: 'certain' | 'likely';
  /** The engine's words when it could not remove the container; null when it said none. */
  readonly error: string | null;
  /** Empty while its container runs: it would lose its files. */
  readonly free: readonly FreeStep[];
}

/** A mount may outlive its container for a moment while it is taken down. */
const patienceSeconds = 60;
/** A removal takes its mounts down in its first moments. */
const removalPatienceSeconds = 10;
/** A removal ends when all is unmounted; with this, a poll of the mounts has confirmed it since. */
const gonePatienceSeconds = 15;
/** libnetwork takes away the files of network namespaces once a minute (osl, gpmCleanupPeriod), the mounts on them go along. */
const networkPatienceSeconds = 90;
const maxLeaks = 200;
const maxPaths = 16;
const maxHolders = 24;

/**
 * Those suspects that have stayed, the worst first.
 * @param readMonoMs when the mounts were last read, in milliseconds of CLOCK_MONOTONIC
 */
export function deriveLeaks(
  { suspects, moreSuspects, scene }: MountsHistory,
  kernel: string | null,
  monoMs: number,
  readMonoMs: number,
): { readonly leaks: LeakedMount[]; readonly more: number } {
  if (scene === null) return { leaks: [], more: 0 };
  const detaches = detachesMounts(kernel, scene.value.mayDetachMounts);
  const namespaces = new Map(scene.value.namespaces.map((one) => [one.inode, one]));
  const staleMs = ({ namespace }: Place): number => namespaces.get(namespace)?.ageMs ?? 0;
  const ripe = [...suspects.values()].filter((held) => {
    // Up to the last read, not up to now: runc's init has a copy of all mounts for a moment, and on a busy node the next read
    // is late. A crowded node's namespaces take turns: what was read a while ago may be gone already.
    const seenMs = readMonoMs - held.sinceMonoMs - Math.max(...held.suspect.places.map(staleMs));
    return isRipe(held, scene, seenMs / 1000);
  });
  const networks = ripe.filter(({ suspect }) => suspect.reason === 'network');
  const others = ripe.filter(({ suspect }) => suspect.reason !== 'network');
  const all = [...others.map((one) => [one]), ...networkGroups(networks)]
    .map((group) => leakOf(group, { scene, namespaces, detaches, monoMs }))
    .sort((a, b) => rank(a) - rank(b) || b.seconds - a.seconds);
  return { leaks: all.slice(0, maxLeaks), more: Math.max(0, all.length - maxLeaks) + moreSuspects };
}

/** Reported together, because it is known how many of them are leaked but not always which. */
function networkGroups(networks: readonly HeldSuspect[]): HeldSuspect[][] {
  const mayBeLive = networks[0]?.suspect.mayBeLive ?? 0;
  return networks.length > mayBeLive ? [[...networks]] : [];
}

function isRipe({ suspect, fromStart }: HeldSuspect, { identities }: MountScene, seconds: number): boolean {
  const { reason, owner, places } = suspect;
  // The daemon was restarted elsewhere: nothing that its shims hold will go away by itself.
  const left = places.some(({ namespace }) => identities.get(namespace)?.role === 'shims');
  if (reason === 'network') return left || seconds >= networkPatienceSeconds;
  if (reason === 'astray') return left || seconds >= patienceSeconds;
  if (owner.state === 'exited') return seconds >= patienceSeconds;
  // A report has only one poll, and what rtwatch finds at its first has usually existed for long.
  if (owner.removalFailed || fromStart) return true;
  if (owner.state === 'removing') return seconds >= removalPatienceSeconds;
  const isKnownGone = owner.state === 'gone' && owner.containerId !== null;
  return seconds >= (isKnownGone ? gonePatienceSeconds : patienceSeconds);
}

interface LeakContext {
  readonly scene: MountScene;
  readonly namespaces: ReadonlyMap<string, MountNamespaceValue>;
  readonly detaches: boolean;
  readonly monoMs: number;
}

function leakOf(group: readonly HeldSuspect[], context: LeakContext): LeakedMount {
  const { scene, detaches, monoMs } = context;
  const [first] = group as readonly [HeldSuspect, ...HeldSuspect[]];
  const { suspect } = first;
  const { filesystem, owner, reason, mayBeLive } = suspect;
  const since = Math.min(...group.map(({ sinceMonoMs }) => sinceMonoMs));
  const seconds = Math.max(0, (monoMs - since) / 1000);
  const holders = holdersOf(group, context);
  const blocks = blocksOf(suspect, holders, detaches);
  const isProven = (owner.error !== null && isBusyError(owner.error)) || (owner.removalFailed && blocks === 'removal');
  return {
    key: reason === 'network' ? 'network namespaces' : suspect.key,
    reason,
    paths: [...new Set(holders.flatMap(({ paths }) => paths))].slice(0, maxPaths),
    type: filesystem.type,
    device: filesystem.device,
    layer: filesystem.layer,
    containerId: owner.containerId,
    label: nameOwner(owner.containerId, filesystem.layer, scene.known),
    containerState: owner.state,
    listedBy: scene.known.crio === null ? 'GET /containers/json' : 'ListContainers',
    holders,
    morePlaces: group.reduce((sum, held) => sum + held.suspect.morePlaces, 0),
    atLeast: Math.max(1, group.length - mayBeLive),
    seconds,
    fromStart: group.some(({ fromStart }) => fromStart),
    blocks,
    confidence: isProven || seconds >= patienceSeconds ? 'certain' : 'likely',
    error: owner.error,
    free: reason === 'astray' ? [] : freeSteps(holders, reason, (id) => scene.known.byId.has(id)),
  };
}

function holdersOf(
  group: readonly HeldSuspect[],
  { scene: { identities, engine }, namespaces, detaches }: LeakContext,
): MountHolder[] {
  const { filesystem, owner } = group[0]?.suspect ?? {};
  // The same directory seen from another namespace, whatever its path there: rmdir takes such mounts along.
  const directory = new RegExp(`/(?:${filesystem?.layer}/merged|rootfs/[^/]+/${owner?.containerId})$`);
  const goes = (path: string): boolean => detaches && owner?.state !== 'gone' && directory.test(path);
  const places = Map.groupBy(
    group.flatMap(({ suspect }) => suspect.places),
    ({ namespace }) => namespace,
  );
  return [...places].slice(0, maxHolders).flatMap(([inode, held]) => {
    const namespace = namespaces.get(inode);
    const identity = identities.get(inode);
    const [place] = held;
    if (namespace === undefined || identity === undefined || place === undefined) return [];
    const paths = [...new Set(held.map(({ path }) => path))].slice(0, maxPaths);
    return {
      role: identity.role,
      label: identity.label,
      unit: identity.unit,
      namespace: inode,
      containerId: identity.containerId,
      isEngine: inode === engine?.namespace,
      blocksRemoval: !detaches || inode === engine?.namespace,
      count: namespace.processes,
      processes: namespace.holders,
      propagation: place.propagation,
      paths,
      staying: inode === engine?.namespace ? paths : paths.filter((path) => !goes(path)),
    };
  });
}

/** rmdir gives EBUSY where the directory is a mountpoint in the caller's own namespace; on old kernels, in any. */
function blocksOf(
  { reason, owner }: Suspect,
  holders: readonly MountHolder[],
  detaches: boolean,
): LeakedMount['blocks'] {
  if (reason === 'network') return 'network';
  if (owner.state === 'gone') return 'space';
  if (!detaches || holders.some(({ blocksRemoval }) => blocksRemoval)) return 'removal';
  return reason === 'astray' ? 'nothing' : 'space';
}

/** It makes a removal fail now: not one that the engine says fails in another way. */
export function isBlocking(leak: LeakedMount): boolean {
  const { blocks, containerState } = leak;
  return blocks === 'removal' && isBeingRemoved(containerState) && !failsOtherwise(leak);
}

/** The engine's error about the removal is not EBUSY: something else stops it first. */
export function failsOtherwise({ error, containerState }: LeakedMount): boolean {
  return error !== null && isBeingRemoved(containerState) && !isBusyError(error);
}

/** Whether the message is that of EBUSY, as Go and libc write it. */
export function isBusyError(error: string): boolean {
  return error.includes('device or resource busy');
}

function isBeingRemoved(state: string): boolean {
  return state === 'removing' || state === 'dead';
}

function rank(leak: LeakedMount): number {
  return isBlocking(leak) ? 0 : ['removal', 'space', 'network', 'nothing'].indexOf(leak.blocks) + 1;
}
