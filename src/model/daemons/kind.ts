import type { DaemonValue } from '../../sample/daemons.ts';

/** What a daemon is, whatever it is called beside others of its kind. */
export type DaemonKind = 'dockerd' | 'podman' | 'containerd' | 'crio' | 'kubelet';

/** `containerd` of `containerd-k3s` (see `collect/cri/runtime-name.ts`); null for the NAME of a `--pprof NAME=URL` of another form. */
export function daemonKind(name: string): DaemonKind | null {
  if (name === 'dockerd' || name === 'kubelet') return name;
  if (/^containerd(?:-|$)/.test(name)) return 'containerd';
  return /^crio(?:-|$)/.test(name) ? 'crio' : null;
}

/**
 * The name of its row. The row of the engine is always `dockerd` in a Sample, whatever answers.
 *
 * @param product what it calls itself, where it is not Docker’s
 */
export function daemonName({ name, engine }: Pick<DaemonValue, 'name' | 'engine'>, product: string | null): string {
  if (engine === 'podman' || product?.startsWith('Podman') === true) return 'podman';
  return product ?? name;
}
