/** Where a shim works: the directory of the container, or pod, that it was started for. */
export interface ShimBundle {
  /** The namespace of containerd: `moby`, `plugins.moby`, `k8s.io`, `default`, … */
  readonly namespace: string;
  /** The container of Docker's and `ctr`'s shims, the sandbox of the CRI's. */
  readonly id: string;
}

/**
 * Parses the path of a bundle: `<state>/io.containerd.runtime.v2.task/<namespace>/<id>` (core/runtime/v2 of containerd) or
 * `…/io.containerd.runtime.v1.linux/<namespace>/<id>` (runtime/v1/linux, until 1.7).
 *
 * @returns null for another path: the shims of containerd 0.2 (Docker until 17.10) work elsewhere
 */
export function shimBundle(path: string): ShimBundle | null {
  const [, namespace, id] = /\/io\.containerd\.runtime\.v\d\.(?:task|linux)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  return namespace === undefined || id === undefined ? null : { namespace, id };
}

/**
 * Whether a name may be a shim's. comm is cut to 15 characters: `containerd-shim-runc-v2`, `docker-containerd-shim`. Until
 * Docker 18.06 the daemon `docker-containerd` is cut to the same word.
 */
export function isShim(comm: string): boolean {
  return comm.startsWith('containerd-shim') || comm === oldShim;
}

/**
 * Whether a command line (words that end in a zero byte) is that of the shim for runc: others hold a virtual machine, or run the
 * workload themselves.
 */
export function isRuncShim(cmdline: string): boolean {
  return /(?:^|\/)(?:docker-)?containerd-shim(?:-runc-v\d)?$/.test(cmdline.split('\0')[0] ?? '');
}

/** `docker-containerd-shim`, and `docker-containerd` itself. */
export const oldShim = 'docker-containe';
