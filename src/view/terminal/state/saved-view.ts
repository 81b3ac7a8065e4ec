import { isObject } from '../../../base/json-object.ts';
import { type PaneId, paneIds, paneOf } from '../panes/panes.ts';

/** What `W` keeps for the next start. */
export interface SavedView {
  /** The panes that are shown, in their order. */
  readonly panes: readonly PaneId[];
  readonly sort: Readonly<Partial<Record<PaneId, PaneSort>>>;
  /** Processes stand below their parents. */
  readonly tree: boolean;
}

/** The state of the view, as far as it is kept. */
interface Kept {
  readonly shown: readonly PaneId[];
  readonly panes: Readonly<Record<PaneId, { sortBy: string | null; reversed: boolean; tree: boolean }>>;
}

interface PaneSort {
  readonly by: string | null;
  readonly reversed: boolean;
}

/** What `W` keeps: panes, the sort order of those that have one, the tree. */
export function savedViewOf({ shown, panes }: Kept): SavedView {
  const sorted = paneIds.filter((id) => panes[id].sortBy !== null || panes[id].reversed);
  return {
    panes: shown,
    sort: Object.fromEntries(sorted.map((id) => [id, { by: panes[id].sortBy, reversed: panes[id].reversed }])),
    tree: panes.processes.tree,
  };
}

/** The kept choices in a file's value. Names that this version does not know are left out; null when it is none. */
export function parseSavedView(value: unknown): SavedView | null {
  if (!isObject(value) || !Array.isArray(value['panes'])) return null;
  const panes = knownPanes(value['panes']);
  if (panes.length === 0) return null;
  const sort = isObject(value['sort']) ? value['sort'] : {};
  return {
    panes,
    sort: Object.fromEntries(paneIds.flatMap((id) => sortEntry(id, sort[id]))),
    tree: value['tree'] === true,
  };
}

/** Each known name once. */
export function knownPanes(names: readonly unknown[]): PaneId[] {
  return [...new Set(names)].flatMap((name) => paneIds.find((id) => id === name) ?? []);
}

function sortEntry(id: PaneId, value: unknown): [PaneId, PaneSort][] {
  if (!isObject(value)) return [];
  const column = paneOf(id).columns.find((one) => one.id === value['by'] && one.by !== undefined);
  return [[id, { by: column?.id ?? null, reversed: value['reversed'] === true }]];
}
