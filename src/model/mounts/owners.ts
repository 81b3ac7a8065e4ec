import type { ContainersValue, ContainerValue } from '../../sample/containers.ts';
import type { CriValue } from '../../sample/cri.ts';
import type { MountsValue } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import { nameContainer } from '../containers/name.ts';
import type { Tracked } from '../tracked.ts';
import type { MountedFilesystem } from './mount-index.ts';

/** Which container each layer was made for, also of containers that are gone; bounded, the oldest are forgotten. */
export type LayerOwners = ReadonlyMap<string, string>;

const maxOwners = 5000;

/** Learns from the engine's layer database, from the containers' own `/`, from the paths of snapshots, and from inspect. */
export function rememberOwners(
  before: LayerOwners,
  mounts: MountsValue | null,
  containers: ContainersValue | null,
): LayerOwners {
  const news = new Map<string, string>();
  const learn = (layer: string | null | undefined, id: string | null | undefined): void => {
    if (layer != null && id != null && before.get(layer) !== id) news.set(layer, id);
  };
  for (const { layer, containerId } of okValue(mounts?.layers) ?? []) learn(layer, containerId);
  for (const { rootLayer, holders } of mounts?.namespaces ?? []) {
    if (rootLayer !== null) learn(rootLayer, holders.find(({ containerId }) => containerId !== null)?.containerId);
  }
  // containerd keeps no files that name the owner of a snapshot, but the path where it is mounted does.
  for (const { layer, containerId } of mounts?.namespaces.flatMap((one) => okValue(one.mounts) ?? []) ?? []) {
    if (isSnapshot(layer)) learn(layer, containerId);
  }
  for (const { id, inspect } of containers?.containers ?? []) {
    const mergedDir = inspect === null ? null : okValue(inspect)?.mergedDir;
    if (mergedDir != null) learn(/\/overlay2?\/([^/]+)\/merged$/.exec(mergedDir)?.[1], id);
  }
  if (news.size === 0) return before;
  const all = new Map([...before, ...news]);
  for (const layer of all.keys()) {
    if (all.size <= maxOwners) break;
    all.delete(layer);
  }
  return all;
}

/** What is known of the containers at a moment. */
export interface KnownContainers {
  /** As listed. */
  readonly list: readonly ContainerValue[];
  readonly byId: ReadonlyMap<string, ContainerValue>;
  /** The engine answers, so that what it does not list is gone. */
  readonly complete: boolean;
  /** Ids with processes or a shim; null if those were not read. */
  readonly alive: ReadonlySet<string> | null;
  /** What CRI-O lists, where no engine beside it uses the same kind of layers; null elsewhere. */
  readonly crio: CrioContainers | null;
}

interface CrioContainers {
  readonly byId: ReadonlyMap<string, { readonly state: string; readonly label: string }>;
  /** Both of its lists were answered, so that what is not on them is gone. */
  readonly complete: boolean;
}

interface ContainerSources {
  readonly containers: Tracked<ContainersValue>;
  readonly shims: Tracked<ShimsValue>;
  readonly cri: Tracked<CriValue>;
}

/** @param before is given back if nothing of it is new */
export function knowContainers(
  { containers, shims, cri }: ContainerSources,
  before: KnownContainers | null,
): KnownContainers {
  const list = containers.value?.containers ?? none;
  const complete = containers.value !== null && containers.reading.status === 'ok';
  const alive = shims.value === null ? null : aliveIn(shims.value);
  const crio = containers.value === null ? crioContainers(cri.value) : null;
  const isSame = before?.list === list && before.complete === complete && isSameSet(before.alive, alive);
  if (before !== null && isSame && crio === null && before.crio === null) return before;
  return { list, byId: new Map(list.map((container) => [container.id, container])), complete, alive, crio };
}

const none: readonly ContainerValue[] = [];

function aliveIn({ shims, orphans }: ShimsValue): ReadonlySet<string> {
  const alive = new Set(orphans.map(({ containerId }) => containerId));
  for (const { containers, bundleId } of shims) {
    for (const { containerId } of containers) alive.add(containerId);
    if (bundleId !== null) alive.add(bundleId);
  }
  return alive;
}

function isSameSet(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): boolean {
  if (one === null || other === null) return one === other;
  return one.size === other.size && [...one].every((item) => other.has(item));
}

function crioContainers(cri: CriValue | null): CrioContainers | null {
  const runtimes = (cri?.runtimes ?? []).filter(({ kind }) => kind === 'crio');
  if (runtimes.length === 0) return null;
  const sandboxes = runtimes.flatMap((runtime) => runtime.sandboxes);
  const pods = new Map(sandboxes.map(({ id, namespace, name }) => [id, `${namespace}/${name}`]));
  const ofPods = sandboxes.map(
    ({ id, ready, namespace, name }) =>
      [id, { state: ready ? 'running' : 'exited', label: `${namespace}/${name}/(sandbox)` }] as const,
  );
  const listed = runtimes.flatMap(({ containers }) =>
    containers.map(({ id, state, name, sandboxId }) => {
      const pod = sandboxId === null ? undefined : pods.get(sandboxId);
      return [id, { state, label: pod === undefined ? name : `${pod}/${name}` }] as const;
    }),
  );
  return {
    byId: new Map([...ofPods, ...listed]),
    complete: runtimes.every(({ sandboxList, containerList }) =>
      [sandboxList, containerList].every(({ status }) => status === 'ok'),
    ),
  };
}

/** The container whose a filesystem is; `state` is the engine's word, or `gone`, or `unknown`. */
export interface MountOwner {
  readonly containerId: string | null;
  readonly state: string;
  /** The engine lists it. */
  readonly listed: boolean;
  /** Its removal was tried and failed: the list comes from a replica that is not updated then, inspect says dead. */
  readonly removalFailed: boolean;
  /** The engine's words about that, when it has any. */
  readonly error: string | null;
}

const unowned: MountOwner = {
  containerId: null,
  state: 'unknown',
  listed: false,
  removalFailed: false,
  error: null,
};

/** Which container a filesystem belongs to, and how that is doing; unowned where neither its path nor its layer names one. */
export function ownerOf(filesystem: MountedFilesystem, owners: LayerOwners, known: KnownContainers): MountOwner {
  const { layer } = filesystem;
  const containerId = filesystem.containerId ?? (layer === null ? null : (owners.get(layer) ?? null));
  if (containerId === null) return unowned;
  const container = known.byId.get(containerId);
  if (container === undefined) {
    // Only of its own containers does the engine's silence say anything: the CRI's are in no list of Docker's.
    const isEngines = isEnginesLayer(layer) || filesystem.places.some(({ path }) => enginePath.test(path));
    if (known.alive?.has(containerId) === true) return { ...unowned, containerId, state: 'running' };
    const pod = known.crio?.byId.get(containerId);
    if (pod !== undefined) return { ...unowned, containerId, state: pod.state, listed: true };
    const isUnlisted = known.complete || (known.crio?.complete === true && known.alive !== null);
    const isGone = isEngines ? isUnlisted : known.alive !== null;
    return { ...unowned, containerId, state: isGone ? 'gone' : 'unknown' };
  }
  const inspect = container.inspect === null ? null : okValue(container.inspect);
  return {
    containerId,
    state: container.state,
    listed: true,
    removalFailed: container.state === 'dead' || inspect?.status === 'dead',
    error: inspect === null || inspect.error === '' ? null : inspect.error,
  };
}

/** A directory of Docker's storage driver. */
export function isEnginesLayer(layer: string | null | undefined): layer is string {
  return layer != null && !isSnapshot(layer);
}

/** The directory of a snapshot of containerd: of the CRI, or of Docker with containerd's image store. */
export function isSnapshot(layer: string | null): boolean {
  return layer?.startsWith('/') === true;
}

/**
 * `<root>/containers/<id>/…`, a root filesystem of the image store (`<root>/rootfs/<snapshotter>/<id>`), and the bundles of
 * containerd's namespaces that Docker uses.
 */
const enginePath =
  /\/containers\/[0-9a-f]{64}\/|\/rootfs\/[^/]+\/[0-9a-f]{64}$|\/io\.containerd\.runtime\.v[^/]*\/(?:plugins\.)?moby\//;

/** It has processes, or had them a moment ago and will again. */
export function isLive(state: string): boolean {
  return !['created', 'exited', 'removing', 'dead', 'gone', 'unknown'].includes(state);
}

/** What people call the owner of a mount. */
export function nameOwner(containerId: string | null, layer: string | null, { byId, crio }: KnownContainers): string {
  if (containerId === null) return `a removed container${layer === null ? '' : ` (${shortLayer(layer)})`}`;
  const container = byId.get(containerId);
  if (container !== undefined) return nameContainer(container).label;
  return crio?.byId.get(containerId)?.label ?? containerId.slice(0, 12);
}

function shortLayer(layer: string): string {
  return isSnapshot(layer) ? `snapshot ${layer.slice(layer.lastIndexOf('/') + 1)}` : `layer ${layer.slice(0, 12)}`;
}
