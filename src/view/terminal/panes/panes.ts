import { containersPane } from './containers.ts';
import { daemonsPane } from './daemons.ts';
import { disksPane } from './disks.ts';
import { mountsPane } from './mounts.ts';
import type { AnyPane, PaneId } from './pane.ts';
import { processesPane } from './processes.ts';

/** Every pane, in the order of their numbers. */
export const panes: readonly AnyPane[] = [daemonsPane, containersPane, processesPane, mountsPane, disksPane];

export function paneOf(id: PaneId): AnyPane {
  const found = panes.find((pane) => pane.id === id);
  if (found === undefined) throw new Error(`no pane ${id}`);
  return found;
}
