import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import { daemonKind } from '../../model/daemons/kind.ts';
import type { StacksModel } from '../../model/daemons/stacks.ts';
import type { Parts } from '../engine/parts.ts';
import type { Evidence, Remedy } from '../engine/rule.ts';
import { type RestartParts, restartRemedy } from './daemon-restart.ts';

export type RestartDockerdParts = RestartParts & Parts<'daemons'>;

/** The daemon of that row; null where there is none. */
export function daemonNamed(daemons: readonly DaemonModel[] | null, name: string): DaemonModel | null {
  return daemons?.find((daemon) => daemon.name === name) ?? null;
}

/** The goroutines of the daemon of that row; null where they were not read. */
export function stacksOf(stacks: readonly StacksModel[] | null, name: string): StacksModel | null {
  return stacks?.find(({ daemon }) => daemon === name) ?? null;
}

/** Of every containerd whose goroutines are read: a node can have several. */
export function containerdStacks(stacks: readonly StacksModel[] | null): StacksModel[] {
  return (stacks ?? []).filter(({ daemon }) => daemonKind(daemon) === 'containerd');
}

/** Where the stacks come from, and how old they are. */
export function stacksSource({ daemon, ageSeconds }: StacksModel): string {
  return `${daemon} goroutine?debug=1, ${formatSeconds(ageSeconds)} ago`;
}

/** The restart of dockerd, with its effect on the containers here; null if none is known. */
export function restartDockerd(around: RestartDockerdParts, why: string): Remedy[] {
  const dockerd = daemonNamed(around.daemons, 'dockerd');
  const remedy = dockerd === null ? null : restartRemedy(dockerd, around, why);
  if (remedy === null) return [];
  const home = around.mounts?.homes.find(({ name }) => name === 'dockerd');
  const splits = dockerd?.settings?.liveRestore === true && (home?.ownNamespace === true || home?.unitSetting != null);
  if (!splits) return [remedy];
  const warning = 'But it would live in a new mount namespace then, and could not unmount what they have.';
  return [{ ...remedy, text: `${remedy.text} ${warning}`, risk: 'high' }];
}

/** What a daemon has in descriptors and memory at this moment. */
export function costEvidence({ process, heapBytes }: DaemonModel): Evidence[] {
  if (process === null) return [];
  const { fds, fdLimit, fdKinds, rssBytes, pid } = process;
  const peerless = fdKinds?.peerless ?? 0;
  const open = [
    ...(fds === null
      ? []
      : [`${formatCount(fds)} descriptors${fdLimit === null ? '' : ` of ${formatCount(fdLimit)}`}`]),
    ...(fdKinds === null
      ? []
      : [`${fdKinds.accepted ?? fdKinds.sockets} ${fdKinds.accepted === null ? 'sockets' : 'connections'}`]),
    ...(peerless === 0 ? [] : [`${peerless} of them without a client`]),
  ];
  return [
    ...(open.length === 0 ? [] : [{ source: `/proc/${pid}/fd`, text: open.join(', ') }]),
    {
      source: `/proc/${pid}/status`,
      text: `${formatBytes(rssBytes)} resident${heapBytes === null ? '' : `, ${formatBytes(heapBytes)} of it Go heap`}`,
    },
  ];
}
