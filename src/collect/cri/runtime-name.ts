/** Parts of a socket's path that are the same for every runtime. */
const common = new Set(['run', 'var', 'snap', 'common', 'tmp', 'containerd', 'crio', 'state']);

/**
 * What a runtime is called beside the one that is just `containerd`, by the place of its socket: `containerd-k3s` for
 * `/run/k3s/containerd/containerd.sock`, `containerd-docker`, `containerd-microk8s`. The same after a restart.
 */
export function runtimeName(kind: 'containerd' | 'crio', socket: string): string {
  const own = socket
    .split('/')
    .slice(0, -1)
    .find((part) => part !== '' && !common.has(part));
  const word = own?.replace(/[^\w.-]/g, '') ?? '';
  return kind === 'crio' && word === '' ? 'crio' : `${kind}-${word === '' ? '2' : word}`;
}
