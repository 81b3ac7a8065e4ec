import { quote } from '../../base/shell-word.ts';

/** k3s and RKE2 have their containerd at one place, and the units of servers and agents have names of their own. */
const patterns: Readonly<Record<string, readonly string[]>> = { 'containerd-k3s': ['k3s*', 'rke2*'] };

/** The unit that starts a daemon; null where several may. */
export function startUnitOf(daemon: string): string | null {
  if (Object.hasOwn(patterns, daemon)) return null;
  if (daemon === 'dockerd' || daemon === 'containerd-docker') return 'docker';
  return daemon.replace(/^containerd-(?=.)/, '');
}

/** `journalctl -u docker -n 100 --no-pager` */
export function journalOf(daemon: string, lines: number): string {
  const units = patterns[daemon] ?? [startUnitOf(daemon) ?? daemon];
  return `journalctl ${units.map((unit) => `-u ${quote(unit)}`).join(' ')} -n ${lines} --no-pager`;
}
