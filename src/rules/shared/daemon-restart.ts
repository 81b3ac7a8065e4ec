import { countOf } from '../../base/counts.ts';
import { quote } from '../../base/shell-word.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { Parts } from '../engine/parts.ts';
import type { Remedy } from '../engine/rule.ts';

/** What the words about a restart are taken from. */
export type RestartParts = Parts<'containers' | 'mounts'>;

/**
 * The restart of a daemon, with what it does to the containers of this node. Null for one whose unit is not known.
 *
 * @param why what the restart gives, as a sentence
 */
export function restartRemedy({ name, settings }: DaemonModel, around: RestartParts, why: string): Remedy | null {
  if (name !== 'dockerd' && name !== 'containerd') return null;
  const home = around.mounts?.homes.find((one) => one.name === name) ?? null;
  const outlived = name === 'dockerd' ? (settings?.liveRestore ?? home?.outlived ?? null) : (home?.outlived ?? null);
  const unit = home?.unit?.unit ?? (name === 'dockerd' ? 'docker' : 'containerd');
  return {
    text: `${why} ${name === 'dockerd' ? dockerdText(outlived, running(around)) : containerdText(outlived)}`,
    command: `systemctl restart ${quote(unit)}`,
    risk: outlived === true ? 'low' : 'high',
  };
}

/** `its 12 running containers` */
function running({ containers }: Parts<'containers'>): string {
  const number = containers?.running ?? null;
  return number === null ? 'its running containers' : `its ${countOf(number, 'running container')}`;
}

function dockerdText(liveRestore: boolean | null, containers: string): string {
  if (liveRestore === true) return `Live-restore is on here: ${containers} go on.`;
  if (liveRestore === false) return `Live-restore is off here: a restart stops ${containers}. Drain the node first.`;
  return `Whether ${containers} go on depends on live-restore, which is unknown: check first (docker info).`;
}

function containerdText(outlived: boolean | null): string {
  return outlived === true
    ? 'Its unit has KillMode=process: shims and containers keep running.'
    : 'Containers keep running only if its unit has KillMode=process, as its own packages do: check first (systemctl cat containerd).';
}
