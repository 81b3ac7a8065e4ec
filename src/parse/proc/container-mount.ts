import type { ContainerMount } from '../../sample/mounts.ts';
import { type Mount, parseMount } from './mountinfo.ts';

/** The containers' mounts in one `mountinfo`. */
interface ContainerMounts {
  readonly mounts: ContainerMount[];
  /** Number of mounts of all kinds. */
  readonly total: number;
  /** The layer that is `/`: the namespace is a container's own. */
  readonly rootLayer: string | null;
  /** The storage drivers' directories that layers were seen in, e.g. `/var/lib/docker/overlay2`. */
  readonly storages: readonly string[];
}

/** More than this many in one namespace are counted only. */
const maxMounts = 20_000;
const maxStorages = 16;

/**
 * The mounts of `mountinfo` that a container runtime or the kubelet made: overlay filesystems of a layer or a snapshot,
 * wherever they are mounted; a container's `shm` and secrets; network namespaces kept open by path (nsfs); pods' volumes.
 *
 * A container's own `/` is not among them: it is not a place that someone else could leave behind. It is `rootLayer`.
 */
export function parseContainerMounts(text: string): ContainerMounts {
  const mounts: ContainerMount[] = [];
  const storages = new Set<string>();
  let total = 0;
  let root: Mount | null = null;
  const dash = new Mark(text, ' - ');
  const marks = [' / r', '/volume', '/shm ', '/secrets '].map((mark) => new Mark(text, mark));
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    // A node has thousands of lines, and most are cgroups, proc and bind mounts: only those in question are taken apart.
    if (isOverlayOrNsfs(text, dash.next(from)) || marks.some((mark) => mark.next(from) < end)) {
      const mount = parseMount(text.slice(from, end));
      if (mount?.path === '/') root = mount;
      const found = mount === null ? null : containerMount(mount);
      if (found !== null && mounts.length < maxMounts) mounts.push(found);
      const storage = mount === null || found?.layer == null ? null : storageOf(mount);
      if (storage !== null && storages.size < maxStorages) storages.add(storage);
    }
    if (end > from) total++;
    from = end + 1;
  }
  return {
    mounts,
    total,
    rootLayer: root === null ? null : rootLayerOf(root),
    storages: [...storages],
  };
}

/** Where a text occurs next, for ascending positions: one pass over the whole, also if it never occurs. */
class Mark {
  readonly #text: string;
  readonly #mark: string;
  #at = -1;

  constructor(text: string, mark: string) {
    this.#text = text;
    this.#mark = mark;
  }

  next(from: number): number {
    if (this.#at < from) {
      const at = this.#text.indexOf(this.#mark, from);
      this.#at = at < 0 ? Number.POSITIVE_INFINITY : at;
    }
    return this.#at;
  }
}

/** The first dash between spaces comes before the type: the kernel writes the spaces of paths in octal digits. */
function isOverlayOrNsfs(text: string, dash: number): boolean {
  return text.startsWith('overlay ', dash + 3) || text.startsWith('nsfs ', dash + 3);
}

function containerMount(mount: Mount): ContainerMount | null {
  if (mount.path === '/') return null;
  const found = volumeOf(mount) ?? ofRuntime(mount);
  if (found === null) return null;
  return {
    path: mount.path,
    type: found.type,
    device: mount.device,
    propagation: mount.propagation,
    containerId: found.containerId ?? null,
    layer: found.layer ?? null,
    podUid: found.podUid ?? null,
    netNamespace: found.netNamespace ?? null,
    // dentry_path() of fs/d_path.c.
    deleted: mount.root.endsWith('//deleted'),
  };
}

interface Found {
  readonly type: ContainerMount['type'];
  readonly containerId?: string | null;
  readonly layer?: string | null;
  readonly podUid?: string | null;
  readonly netNamespace?: string | null;
}

/** `<kubelet root>/pods/<uid>/volumes/<plugin>/<name>`, or `volume-subpaths/<volume>/<container>/<index>` (pkg/kubelet/config). */
function volumeOf({ path }: Mount): Found | null {
  const podUid = /\/pods\/([0-9a-f-]{32,36})\/(?:volumes|volume-subpaths)\/[^/]+\/[^/]+/.exec(path)?.[1];
  return podUid === undefined ? null : { type: 'volume', podUid };
}

function ofRuntime(mount: Mount): Found | null {
  const { type, path, root } = mount;
  if (type === 'overlay') return overlayOf(mount);
  if (type === 'nsfs') {
    // snapd keeps mount namespaces (mnt:[…]) open in the same way.
    const netNamespace = /^net:\[(\d+)\]/.exec(root)?.[1];
    return netNamespace === undefined ? null : { type: 'nsfs', netNamespace };
  }
  if (type !== 'tmpfs') return null;
  // docker: <root>/containers/<id>/mounts/shm (17.x: /shm); the CRI: <state>/…/sandboxes/<sandbox id>/shm
  const shm = /\/([0-9a-f]{64})\/(?:mounts\/)?shm$/.exec(path)?.[1];
  if (shm !== undefined) return { type: 'shm', containerId: shm };
  // docker's swarm secrets: <root>/containers/<id>/mounts/secrets (17.x: /secrets)
  const secret = /\/([0-9a-f]{64})\/(?:mounts\/)?secrets$/.exec(path)?.[1];
  return secret === undefined ? null : { type: 'secret', containerId: secret };
}

/** An overlay filesystem that no runtime knows is someone else's (a live system, systemd-sysext). */
function overlayOf({ path, superOptions }: Mount): Found | null {
  const layer = layerOf(path, superOptions) ?? snapshotOf(superOptions);
  const containerId = containerOf(path);
  const ours = layer !== null || containerId !== null;
  return ours ? { type: 'overlay', layer, containerId } : null;
}

/**
 * A bundle of containerd (`…/io.containerd.runtime.v2.task/<namespace>/<id>/rootfs`; ctr's ids are names), or a root
 * filesystem of Docker's with containerd's image store (`<root>/rootfs/overlayfs/<id>`).
 */
function containerOf(path: string): string | null {
  return (
    /\/io\.containerd\.runtime\.v(?:1\.linux|2\.task)\/[^/]+\/([^/]+)\/rootfs$/.exec(path)?.[1] ??
    /\/([0-9a-f]{64})(?:\/rootfs)?$/.exec(path)?.[1] ??
    null
  );
}

/**
 * The upper directory names the layer wherever it is mounted: `<root>/overlay2/<layer>/diff`, relative if the options would
 * not fit a page (`<layer>/diff`). Otherwise the end of the path does.
 */
function layerOf(path: string, superOptions: string): string | null {
  return (
    /(?:^|\/overlay2?\/)([^/]+)\/(?:diff|upper)$/.exec(upperDirectory(superOptions))?.[1] ??
    /\/overlay2?\/([^/]+)\/merged$/.exec(path)?.[1] ??
    null
  );
}

/**
 * The directory of a writable snapshot, `<root>/io.containerd.snapshotter.v1.overlayfs/snapshots/<n>`: whole, because two
 * containerds use the same numbers.
 */
function snapshotOf(superOptions: string): string | null {
  return /^(\/.+\/snapshots\/\d+)\/fs$/.exec(upperDirectory(superOptions))?.[1] ?? null;
}

/** A layer or a snapshot at `/`: the namespace is a container's own. */
function rootLayerOf({ type, path, superOptions }: Mount): string | null {
  return type === 'overlay' ? (layerOf(path, superOptions) ?? snapshotOf(superOptions)) : null;
}

function storageOf({ path, superOptions }: Mount): string | null {
  return (
    /^(\/.*\/overlay2?)\/[^/]+\/(?:diff|upper)$/.exec(upperDirectory(superOptions))?.[1] ??
    /^(\/.*\/overlay2?)\/[^/]+\/merged$/.exec(path)?.[1] ??
    null
  );
}

function upperDirectory(superOptions: string): string {
  const at = superOptions.startsWith('upperdir=') ? 0 : superOptions.indexOf(',upperdir=') + 1;
  if (!superOptions.startsWith('upperdir=', at)) return '';
  const from = at + 'upperdir='.length;
  const comma = superOptions.indexOf(',', from);
  return superOptions.slice(from, comma < 0 ? superOptions.length : comma);
}
