import { parseDiskStatus } from '../../parse/cri/disk-status.ts';
import type { DiskStatus } from '../../sample/cri.ts';
import type { World } from '../world.ts';

/** Where a containerd keeps its data, by its socket; the status of a pod’s container lies below. */
const roots: Readonly<Record<string, readonly string[]>> = {
  '/run/containerd/containerd.sock': ['/var/lib/containerd'],
  '/run/k3s/containerd/containerd.sock': [
    '/var/lib/rancher/k3s/agent/containerd',
    '/var/lib/rancher/rke2/agent/containerd',
  ],
  '/run/k0s/containerd.sock': ['/var/lib/k0s/containerd'],
  '/var/snap/microk8s/common/run/containerd.sock': ['/var/snap/microk8s/common/var/lib/containerd'],
};
/** Read in one poll; the others come with the next ones. */
const maxReads = 16;
const maxStatuses = 1000;

/**
 * The status files of containers, for a containerd that gave no list since rtwatch started. They lie on the disk, which may be why it is
 * silent: each read is announced, and once one has hung none is read again.
 */
export class DiskStatuses {
  readonly #world: World;
  readonly #folders: readonly string[];
  readonly #known = new Map<string, DiskStatus | null>();

  /** @param socket of its API, as the node itself names it */
  constructor(world: World, socket: string) {
    this.#world = world;
    this.#folders = (roots[socket.replace(/^\/var\/run\//, '/run/')] ?? []).map((root) =>
      world.host(`${root}/io.containerd.grpc.v1.cri/containers`),
    );
  }

  /** Reads some more of these, and forgets the others. */
  read(ids: readonly string[]): void {
    const wanted = new Set(ids);
    for (const id of this.#known.keys()) if (!wanted.has(id)) this.#known.delete(id);
    if (this.#hasHung) return;
    const unread = ids.filter((id) => !this.#known.has(id) && /^[0-9a-f]{64}$/.test(id));
    for (const id of unread.slice(0, Math.min(maxReads, maxStatuses - this.#known.size)))
      this.#known.set(id, this.#of(id));
  }

  get list(): DiskStatus[] {
    return [...this.#known.values()].filter((status) => status !== null);
  }

  get #hasHung(): boolean {
    return this.#folders.some((folder) => this.#world.avoided.some((path) => path.startsWith(`${folder}/`)));
  }

  #of(id: string): DiskStatus | null {
    for (const folder of this.#folders) {
      const text = this.#world.tryText(`${folder}/${id}/status`, true);
      if (text !== null) return tryParse(id, text);
    }
    return null;
  }
}

/** A file that is being replaced is whole, but a damaged disk may hold anything. */
function tryParse(id: string, text: string): DiskStatus | null {
  try {
    return parseDiskStatus(id, text);
  } catch {
    return null;
  }
}
