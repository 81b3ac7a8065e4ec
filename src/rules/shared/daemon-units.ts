import { quote } from '../../base/shell-word.ts';

/**
 * Distributions of Kubernetes bring a containerd, by the place of its state. k3s and RKE2 have theirs at one place, and the units of
 * servers and agents have names of their own.
 */
const distributions: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^containerd-k3s$|\/run\/k3s\//, ['k3s*', 'rke2*']],
  [/^containerd-k0s$|\/run\/k0s\//, ['k0scontroller', 'k0sworker']],
  [/^containerd-microk8s$|\/snap\/microk8s\//, ['snap.microk8s.daemon-containerd']],
];

/**
 * The unit that starts a daemon; null where several may, and where none is known.
 *
 * @param bundle of a shim that it started
 */
export function startUnitOf(daemon: string, bundle: string | null = null): string | null {
  const [unit, ...others] = unitsOf(daemon, bundle);
  return others.length > 0 ? null : (unit ?? null);
}

function unitsOf(daemon: string, bundle: string | null): readonly string[] {
  const own = distributions.find(
    ([place]) => place.test(daemon) || (daemon === 'containerd' && place.test(bundle ?? '')),
  );
  if (own !== undefined) return own[1];
  if (daemon === 'dockerd' || daemon === 'containerd-docker') return ['docker'];
  // Named by the place of its socket, which is the name of no unit.
  return placed.test(daemon) ? [] : [daemon];
}

const placed = /^(containerd|crio)-/;

/** k3s and RKE2 write what their containerd says to a file beside its data, and not to the journal. */
const k3sLog = '/var/lib/rancher/*/agent/containerd/containerd.log';

/** `journalctl -u docker -n 100 --no-pager` */
export function journalOf(daemon: string, lines: number, bundle: string | null = null): string {
  const units = unitsOf(daemon, bundle);
  if (units.includes('k3s*')) return `tail -n ${lines} ${k3sLog}`;
  if (units.length === 0) return `journalctl _COMM=${placed.exec(daemon)?.[1] ?? daemon} -n ${lines} --no-pager`;
  return `journalctl ${units.map((unit) => `-u ${quote(unit)}`).join(' ')} -n ${lines} --no-pager`;
}
