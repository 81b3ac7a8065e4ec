import { quote } from '../../base/shell-word.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { Remedy } from '../engine/rule.ts';
import { reasons } from './crash-signs.ts';
import { isUnit, journalsOf } from './crash-units.ts';
import { journalOf, startUnitOf } from './daemon-units.ts';
import { has, type LogTrouble } from './log-trouble.ts';
import { startRemedies } from './start-remedies.ts';

/** What to read, and what helps, by the signs that the logs hold. */
export function crashRemedies(
  trouble: LogTrouble,
  units: readonly string[],
  daemons: readonly DaemonModel[] | null,
): Remedy[] {
  // A panic does not say whose it is, and lines of another daemon would show nothing.
  const unit =
    units.find((name) => isUnit.test(name) || name in journalsOf) ?? (units.length > 0 ? 'containerd.service' : null);
  return [
    {
      text: 'Read its last log lines before each restart.',
      command: has(trouble, 'talos-service-exited')
        ? `talosctl logs ${quote(units[0] ?? '')}`
        : lastLines(unit, daemons),
      risk: 'none',
    },
    ...startRemedies(
      trouble.tallies.flatMap(({ sign, example }) =>
        reasons.has(sign) || sign === 'unit-start-failed' ? (example ?? []) : [],
      ),
    ),
    ...(has(trouble, 'database-damaged')
      ? [
          {
            text: 'Find which file it is: the dump below the panic names the package (metadata or snapshots of containerd, libnetwork or volumes of dockerd).',
            command:
              'ls -l /var/lib/containerd/io.containerd.*/meta*.db /var/lib/docker/network/files/local-kv.db /var/lib/docker/volumes/metadata.db',
            risk: 'none' as const,
          },
          {
            text: 'Move that file away with the daemon stopped, and start it again. Without its metadata database, containerd has no containers and images any more; the others are made anew.',
            command: null,
            risk: 'high' as const,
          },
        ]
      : []),
    ...(has(trouble, 'thread-limit', 'go-fatal', 'go-panic', 'kubernetes-panic', 'unit-watchdog')
      ? [
          {
            text: 'Read the dump in the log: it shows what each goroutine did.',
            command: 'rtwatch goroutines FILE',
            risk: 'none' as const,
          },
        ]
      : []),
    ...(has(trouble, 'go-panic', 'kubernetes-panic') && !has(trouble, 'database-damaged')
      ? [
          {
            text: 'A panic is a defect of the program: look for a newer version, and report it with its stack if there is none.',
            command: null,
            risk: 'none' as const,
          },
        ]
      : []),
    ...(has(trouble, 'unit-gave-up')
      ? [
          {
            text: 'When the cause is fixed, start it again.',
            command: unit === null ? null : `systemctl reset-failed ${quote(unit)} && systemctl start ${quote(unit)}`,
            risk: 'low' as const,
          },
        ]
      : []),
  ];
}

function lastLines(unit: string | null, daemons: readonly DaemonModel[] | null): string | null {
  if (unit === null) return null;
  const journals = journalsOf[unit];
  if (journals !== undefined) return `journalctl ${journals} -n 200 --no-pager`;
  const runs = (name: string): boolean => daemons?.some((daemon) => daemon.name === name) === true;
  if (unit === 'containerd.service' && runs('containerd-k3s') && !runs('containerd')) {
    return journalOf('containerd-k3s', 200);
  }
  // The only containerd of a node has no further name, also where a distribution of Kubernetes started it.
  const only = daemons?.find(({ name }) => name === 'containerd');
  const socket = only?.socket ?? only?.endpoint ?? null;
  if (unit === 'containerd.service' && startUnitOf('containerd', socket) !== 'containerd') {
    return journalOf('containerd', 200, socket);
  }
  return `journalctl -u ${quote(unit)} -n 200 --no-pager`;
}
