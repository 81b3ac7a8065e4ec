/** What a daemon is, whatever it is called beside others of its kind. */
export type DaemonKind = 'dockerd' | 'containerd' | 'crio' | 'kubelet';

/** `containerd` of `containerd-k3s` (see `collect/cri/runtime-name.ts`); null for the NAME of a `--pprof NAME=URL` of another form. */
export function daemonKind(name: string): DaemonKind | null {
  if (name === 'dockerd' || name === 'kubelet') return name;
  if (/^containerd(?:-|$)/.test(name)) return 'containerd';
  return /^crio(?:-|$)/.test(name) ? 'crio' : null;
}
