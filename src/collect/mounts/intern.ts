import type { ContainerMount } from '../../sample/mounts.ts';

/**
 * Keeps one copy of mounts that are the same in many namespaces: a service's namespace is a copy of the host's, so a node
 * with 300 of each would else hold 90,000. Its strings are its own: those of a parser are windows that keep the whole
 * text alive.
 */
export class MountPool {
  #mounts = new Map<string, ContainerMount>();
  #used = new Map<string, ContainerMount>();

  /** The pool's copy. */
  take(mount: ContainerMount): ContainerMount {
    const { path, device, propagation, netNamespace, layer, deleted } = mount;
    const key = `${device} ${path} ${propagation} ${netNamespace} ${layer} ${deleted}`;
    const pooled =
      this.#used.get(key) ?? this.#mounts.get(key) ?? (JSON.parse(JSON.stringify(mount)) as ContainerMount);
    this.#used.set(key, pooled);
    return pooled;
  }

  /** Forgets what was not taken since the call before the last one: those that hold it have its copies anyway. */
  sweep(): void {
    this.#mounts = this.#used;
    this.#used = new Map();
  }
}
