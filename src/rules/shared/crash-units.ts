import type { LogUnit } from '../../sample/logs.ts';
import { aborts, reasons } from './crash-signs.ts';
import { has, type LogTrouble } from './log-trouble.ts';

export const isUnit = /\.(?:service|socket)$/;

/** Which of the two it is, and whether a server or an agent, no line says. */
const ofK3s = 'k3s or RKE2';

/** They share these words. */
const ofLxd = 'LXD or Incus';

/** The datastore of MicroK8s, in the process of its API server up to 1.22. */
const ofDqlite = 'The datastore of MicroK8s (dqlite)';

/** Where each of those may write. */
export const journalsOf: Readonly<Record<string, string>> = {
  [ofK3s]: "-u 'k3s*' -u 'rke2*'",
  [ofLxd]: '-u lxd -u snap.lxd.daemon -u incus',
  [ofDqlite]: '-u snap.microk8s.daemon-k8s-dqlite -u snap.microk8s.daemon-apiserver',
};

/** The units that wrote the last words of a program, where no line names one. */
export function writersOf(trouble: LogTrouble): string[] {
  const { tallies } = trouble;
  const writers = tallies.flatMap(({ sign, unit }) =>
    aborts.has(sign) || reasons.has(sign) || sign === 'thread-limit' ? (unit ?? []) : [],
  );
  const known: Readonly<Partial<Record<LogUnit, string>>> = {
    dockerd: 'docker.service',
    containerd: 'containerd.service',
    kubelet: 'kubelet.service',
    crio: 'crio.service',
  };
  const units = writers.flatMap((unit) => known[unit] ?? []);
  if (has(trouble, 'lxd-start-failed')) units.push(ofLxd);
  else if (has(trouble, 'dqlite-start-failed')) units.push(ofDqlite);
  // The kubelet itself has no such level: it is in a program that has.
  const isHeld = tallies.some(({ sign, unit }) => sign === 'daemon-fatal' && unit === 'kubelet');
  return [...new Set(units.map((unit) => (isHeld && unit === known.kubelet ? ofK3s : unit)))];
}
