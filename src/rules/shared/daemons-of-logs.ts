import type { CriModel } from '../../model/cri/cri.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { LogsModel } from '../../model/logs/logs.ts';
import type { OtherDaemon } from '../../sample/daemons.ts';
import { type LogTrouble, recentMs } from './log-trouble.ts';

/** The daemons of systemd's units: `docker.service` is dockerd's. */
export function daemonsOfUnits(units: readonly string[]): string[] {
  const names = units.map((unit) => unit.replace(/\.(?:service|socket)$/, ''));
  return [...new Set(names.map((name) => (name === 'docker' ? 'dockerd' : name)))];
}

interface Around {
  readonly logs: LogsModel;
  readonly daemons: readonly DaemonModel[] | null;
  readonly cri: CriModel | null;
  readonly otherDaemons: readonly OtherDaemon[] | null;
  readonly at: number;
}

/**
 * The runtime that a kubelet's lines are about: the one that lists pods; else the node's one containerd, which is also below dockerd.
 * Empty for lines that are old or of a log from elsewhere, and where it can be several.
 */
export function runtimeOf({ lastAt }: LogTrouble, { logs, daemons, cri, otherDaemons, at }: Around): string[] {
  const isNow = lastAt !== null && at - lastAt <= recentMs;
  const withPods = (cri?.runtimes ?? []).filter(({ sandboxes }) => sandboxes.length > 0);
  const ofPods = withPods.flatMap(
    ({ pid }) => daemons?.find(({ process }) => process !== null && process.pid === pid)?.name ?? [],
  );
  if (isNow && withPods.length === 1 && ofPods.length === 1) return ofPods;
  const isOne = daemons?.some(({ name, process }) => name === 'containerd' && process !== null) === true;
  const others = otherDaemons?.some(({ name }) => name === 'containerd') !== false;
  const isCrio = logs.lines.some(({ unit }) => unit === 'crio');
  return isNow && isOne && !others && !isCrio ? ['containerd'] : [];
}
