import { containersPane } from './containers.ts';
import { daemonsPane } from './daemons.ts';
import { disksPane } from './disks.ts';
import { mountsPane } from './mounts.ts';
import type { AnyPane } from './pane.ts';
import { processesPane } from './processes.ts';

/** Every pane, in the order of their numbers. */
const panes = {
  daemons: daemonsPane,
  containers: containersPane,
  processes: processesPane,
  mounts: mountsPane,
  disks: disksPane,
} satisfies Readonly<Record<string, AnyPane>>;

export type PaneId = keyof typeof panes;

/** In the order of their numbers. */
export const paneIds = Object.keys(panes) as readonly PaneId[];

export const paneOf = (id: PaneId): AnyPane => panes[id];

/** Something for each pane. */
export function forPanes<T>(give: (pane: AnyPane, id: PaneId) => T): Readonly<Record<PaneId, T>> {
  return Object.fromEntries(paneIds.map((id) => [id, give(panes[id], id)])) as Record<PaneId, T>;
}
