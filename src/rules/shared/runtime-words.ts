import type { ContainerModel } from '../../model/containers/container.ts';
import type { Parts } from '../engine/parts.ts';

type Around = Parts<'daemons'>;

/**
 * The daemon that manages a container, by its name in the daemons pane: `dockerd`, `containerd-k3s`. Of a container in no list: the
 * engine where there is one, else containerd.
 */
export function managerOf({ runtime }: Pick<ContainerModel, 'runtime'>, around: Around): string {
  if (runtime === null) return hasEngine(around) ? (engineOf(around)?.name ?? 'dockerd') : 'containerd';
  const own = around.daemons?.find(({ process }) => process !== null && process.pid === runtime.pid);
  return own?.name ?? runtime.kind;
}

/** The same in a sentence: `the engine`, `containerd-k3s`. */
export function managerWords(container: Pick<ContainerModel, 'runtime'>, around: Around): string {
  return container.runtime === null && hasEngine(around) ? 'the engine' : managerOf(container, around);
}

/** The same at the start of a sentence: a daemon keeps its spelling. */
export function managerStart(container: Pick<ContainerModel, 'runtime'>, around: Around): string {
  return managerWords(container, around).replace(/^the /, 'The ');
}

const engineOf = ({ daemons }: Around) => daemons?.find(({ isEngine }) => isEngine) ?? null;

/** True also where no daemon is known. */
function hasEngine(around: Around): boolean {
  if (around.daemons === null) return true;
  const engine = engineOf(around);
  return engine !== null && (engine.process !== null || engine.status !== 'absent');
}
