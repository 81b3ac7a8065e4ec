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

/** Whether a name may be a shim's. comm is cut to 15 characters: `containerd-shim-runc-v2`, `docker-containerd-shim`. */
export function isShim(comm: string): boolean {
  return comm.startsWith('containerd-shim') || isDaemonOrShim(comm);
}

/**
 * Whether a command line (words that end in a zero byte) is that of the shim for runc: others hold a virtual machine, or run the
 * workload themselves.
 */
export function isRuncShim(cmdline: string): boolean {
  return /(?:^|\/)(?:docker-|balena-(?:engine-)?)?containerd-shim(?:-runc-v\d)?$/.test(cmdline.split('\0')[0] ?? '');
}

/**
 * Whether a name is that of a containerd and of its shims, which the kernel cuts to the same word: `docker-containerd` (until
 * Docker 18.06), `balena-engine-containerd` and `balena-containerd` (balenaOS).
 */
export const isDaemonOrShim = (comm: string): boolean =>
  comm === 'docker-containe' || comm === 'balena-engine-c' || comm === 'balena-containe';

/** Whether a name is that of Docker's daemon: of docker-ce and Debian, of Red Hat, of balenaOS. */
export const isDockerd = (comm: string): boolean => dockerds.has(comm);
const dockerds: ReadonlySet<string> = new Set(['dockerd', 'dockerd-current', 'balenad', 'balena-engine-d']);
