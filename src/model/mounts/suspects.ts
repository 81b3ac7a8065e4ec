import type { EngineHome } from './engine-home.ts';
import type { MountedFilesystem, Place } from './mount-index.ts';
import { suspectNetNamespaces } from './network-namespaces.ts';
import { isEnginesLayer, isLive, isSnapshot, type MountOwner, ownerOf } from './owners.ts';
import { type MountScene, maxPlaces, type Suspect } from './suspect.ts';

/**
 * Every mount that would be a leak if it stayed. What is normal is not among them: the daemon's own mounts, a container's own
 * namespace, and copies of running containers (node exporters, services with PrivateTmp, snaps).
 */
export function findSuspects(scene: MountScene): Suspect[] {
  const { engine, filesystems } = scene;
  if (engine === null) return [];
  const allKnown = everyLayerKnown(scene);
  const leaked = filesystems.flatMap((filesystem) => judge(filesystem, scene, engine, allKnown) ?? []);
  return [...leaked, ...suspectNetNamespaces(scene, engine)];
}

function judge(
  filesystem: MountedFilesystem,
  scene: MountScene,
  engine: EngineHome,
  allKnown: boolean,
): Suspect | null {
  const { type, places, key } = filesystem;
  if (type === 'nsfs') return null;
  const owner = type === 'volume' ? ownerOfVolume(filesystem, scene) : ownerOf(filesystem, scene.owners, scene.known);
  const isInEngine = ({ namespace }: Place): boolean => namespace === engine.namespace;
  // The usual case first: nearly all are of this kind.
  if (isLive(owner.state) && places.some(isInEngine)) return null;
  const inEngine = places.filter(isInEngine);
  const own = inEngine.filter((place) => isOwnPath(place.path, filesystem, engine));
  const elsewhere = places.filter((place) => !isInEngine(place) && mayLeak(place, owner, scene));
  const copies = inEngine.filter((place) => !own.includes(place));
  const reason = reasonOf(filesystem, owner, own.length > 0, { ...scene, engine }, allKnown);
  const held = reason === 'astray' ? elsewhere : [...copies, ...elsewhere];
  if (reason === null || held.length === 0) return null;
  return {
    key,
    reason,
    filesystem,
    owner: owner.state === 'unknown' ? { ...owner, state: 'gone' } : owner,
    places: held.slice(0, maxPlaces),
    morePlaces: Math.max(0, held.length - maxPlaces),
    mayBeLive: 0,
  };
}

/** @param mountedByDaemon it is mounted where the daemon itself mounts it */
function reasonOf(
  filesystem: MountedFilesystem,
  owner: MountOwner,
  mountedByDaemon: boolean,
  scene: MountScene & { readonly engine: EngineHome },
  allKnown: boolean,
): Suspect['reason'] | null {
  const { type, layer, places } = filesystem;
  const { engine } = scene;
  if (isLive(owner.state)) {
    const isCertain = engine.complete && type === 'overlay' && layer !== null && owner.listed;
    // Where the daemon has the layer under another device number the container was restarted since the copy was made.
    return isCertain && !isMountedIn(engine.namespace, layer, scene) ? 'astray' : null;
  }
  // A container on its way up or down, `docker cp`, an image build.
  if (mountedByDaemon && !owner.removalFailed) return null;
  switch (owner.state) {
    case 'created':
      return null;
    case 'unknown': {
      const isNobodys = owner.containerId === null && type === 'overlay' && isEnginesLayer(layer) && allKnown;
      if (isRemovedSnapshot(filesystem, owner, scene)) return 'left-behind';
      const isOurs = !places.some((place) => place.namespace === engine.namespace || belongsToOthers(place, scene));
      return isNobodys && isOurs ? 'left-behind' : null;
    }
    case 'exited':
      // The directory of its /dev/shm and secrets goes when it is removed, and takes private copies along.
      return type === 'overlay' ? 'left-behind' : null;
    default:
      return !owner.listed && isAnotherEngines(filesystem, scene) ? null : 'left-behind';
  }
}

/**
 * Without the container's name: it was removed before rtwatch was started. Beside another daemon the directory of the same
 * name is another one.
 */
function isRemovedSnapshot(
  { type, layer, places }: MountedFilesystem,
  { containerId }: MountOwner,
  { value, engine, identities }: MountScene & { readonly engine: EngineHome },
): boolean {
  if (containerId !== null || type !== 'overlay' || layer === null) return false;
  const isBesideOthers = places.some(
    ({ namespace }) => namespace !== engine.namespace && identities.get(namespace)?.hasDaemon === true,
  );
  return !isBesideOthers && value.goneSnapshots?.includes(layer) === true;
}

/**
 * Several engines can share a node, and the list is only one's. What is in place below another root in the same namespace is
 * another engine's: a copy of ours there (`/mnt/backup/overlay2/<layer>/merged`) would have made the removal fail, and the
 * container would be on the list. What is not Docker's at all may be any daemon's.
 */
function isAnotherEngines(
  { layer, places }: MountedFilesystem,
  { engine, identities }: MountScene & { readonly engine: EngineHome },
): boolean {
  return places.some(({ namespace, path }) => {
    if (namespace === engine.namespace && inPlace.test(path)) return true;
    const identity = identities.get(namespace);
    if (layer === null) return identity?.hasDaemon === true;
    if (isSnapshot(layer)) return identity?.hasDaemon === true && namespace !== engine.namespace;
    return identity?.hasEngine === true && namespace !== engine.namespace;
  });
}

/** As engines mount it, whatever their root. */
const inPlace = /\/overlay2?\/[^/]+\/merged$|\/containers\/[0-9a-f]{64}\/|\/rootfs\/[^/]+\/[0-9a-f]{64}$/;

/** A copy in the container's own namespace ends with it; one beside another engine is that engine's affair. */
function mayLeak({ namespace }: Place, owner: MountOwner, { identities }: MountScene): boolean {
  const identity = identities.get(namespace);
  if (identity?.role !== 'container') return true;
  return !identity.hasDaemon && (owner.containerId === null || identity.containerId !== owner.containerId);
}

/** Another daemon's, or another tool's (podman and buildah keep theirs in `containers/storage/overlay`). */
function belongsToOthers({ namespace, path }: Place, { identities }: MountScene): boolean {
  return identities.get(namespace)?.hasDaemon === true || /\/overlay\/[^/]+\/merged$|\/storage\/overlay/.test(path);
}

function isMountedIn(namespace: string, layer: string | null, { filesystems }: MountScene): boolean {
  return filesystems.some((one) => one.layer === layer && one.places.some((place) => place.namespace === namespace));
}

/** Below the engine's root; a snapshot where Docker or containerd mounts it. */
function isOwnPath(path: string, { layer, type }: MountedFilesystem, { root }: EngineHome): boolean {
  if (isSnapshot(layer)) return snapshotPath.test(path);
  const isEngines = isEnginesLayer(layer) || (type !== 'overlay' && path.includes('/containers/'));
  return !isEngines || root === null || path.startsWith(`${root}/`);
}

/** A task's root filesystem, Docker's with the image store, and what containerd mounts for an unpack or a build. */
const snapshotPath =
  /\/io\.containerd\.runtime\.v[^/]*\/[^/]+\/[^/]+\/rootfs$|\/rootfs\/[^/]+\/[0-9a-f]{64}$|\/(?:tmpmounts\/|containerd-mount)/;

/** With every listed container's layer known, a layer that none of them has belongs to none. */
function everyLayerKnown({ known, owners, engine }: MountScene): boolean {
  if (!known.complete || engine?.complete !== true) return false;
  const withLayer = new Set(owners.values());
  return [...known.byId.keys()].every((id) => withLayer.has(id));
}

/** A pod's volume, where the kubelet's containers are Docker's: their names carry the pod's uid. */
function ownerOfVolume({ podUid }: MountedFilesystem, { known }: MountScene): MountOwner {
  const names = [...known.byId.values()].map(({ name }) => name).filter((name) => name.startsWith('k8s_'));
  const owner = { containerId: null, listed: false, removalFailed: false, error: null };
  if (podUid === null || !known.complete || names.length === 0) return { ...owner, state: 'unknown' };
  return { ...owner, state: names.some((name) => name.includes(`_${podUid}_`)) ? 'running' : 'gone' };
}
