import type { OpenPage } from './page.ts';
import type { ViewState } from './state.ts';

/** Pages to go back to. */
const maxBeneath = 8;

/** Opens a page over the open one. */
export function stacked(state: ViewState, page: OpenPage): ViewState {
  const beneath = state.page === null ? [] : [...state.beneath, state.page].slice(-maxBeneath);
  return { ...withoutSearch(state), page, beneath };
}

/** A new page drops the search of the old one. */
export function withoutSearch(state: ViewState): ViewState {
  return state.search === null ? state : { ...state, search: null, typing: false };
}

/** Without the open page: the one beneath, or the panes. */
export function closed(state: ViewState): ViewState {
  const page = state.beneath.at(-1) ?? null;
  const last = state.visited.at(-1);
  // Where that is the place of the last jump, the jump is undone.
  const isBack =
    last !== undefined && last.page === page && last.beneath.length === Math.max(0, state.beneath.length - 1);
  const visited = isBack ? state.visited.slice(0, -1) : state.visited;
  return { ...state, search: null, page, beneath: state.beneath.slice(0, -1), visited };
}
