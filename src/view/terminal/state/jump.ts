import { paneIds } from '../panes/panes.ts';
import type { Target } from '../parts/line.ts';
import type { OpenPage } from './page.ts';
import { stacked, withoutSearch } from './page-stack.ts';
import { saying, type ViewState } from './state.ts';

/** Places to go back to. */
const maxVisited = 20;

/** The page of what a link names; null for a command, which leads nowhere. */
export function pageOf(target: Target): OpenPage | null {
  if (target.to === 'command') return null;
  if (target.to === 'finding') return { kind: 'finding', key: target.key, chosen: 0, scroll: 0 };
  const pane = paneIds.find((id) => id === target.pane);
  return pane === undefined ? null : { kind: 'details', pane, key: target.key, scroll: 0 };
}

/** Opens what a link names over the open page, and remembers the place. */
export function jumped(state: ViewState, target: Target): ViewState {
  const page = pageOf(target);
  return page === null ? saying(state, 'y copies the command') : stacked(leaving(state), page);
}

/** The state, with its place remembered: before a jump. */
export function leaving(state: ViewState): ViewState {
  const { focus, findingsPane, zoomed, page, beneath } = state;
  return { ...state, visited: [...state.visited, { focus, findingsPane, zoomed, page, beneath }].slice(-maxVisited) };
}

/** Back to where the last jump began. */
export function backFromJump(state: ViewState): ViewState {
  const place = state.visited.at(-1);
  if (place === undefined) return saying(state, 'Ctrl-O goes back after a jump: nothing to go back to');
  // A pane that was hidden since is shown again: the keys would move out of sight.
  const shown = state.shown.includes(place.focus) ? state.shown : [...state.shown, place.focus];
  return { ...withoutSearch(state), ...place, shown, visited: state.visited.slice(0, -1) };
}
