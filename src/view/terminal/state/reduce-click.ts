import { type PaneId, paneOf } from '../panes/panes.ts';
import { jumped } from './jump.ts';
import { withoutSearch } from './page-stack.ts';

import type { Hit, ViewEvent, ViewState } from './state.ts';

/** A press of the mouse selects what is there; the second at once opens it. On a question, only the page itself answers. */
export function reduceClick(state: ViewState, { hit, twice }: Extract<ViewEvent, { type: 'clicked' }>): ViewState {
  switch (hit.kind) {
    case 'findings':
      return onFinding(leave(state), hit.key, twice);
    case 'pane':
      return onPane(leave(state), hit, twice);
    case 'page':
      return onPage(state, hit);
    case 'cause':
      if (hit.target !== null) return jumped(state, hit.target);
      return twice ? onFinding(state, hit.key, true) : state;
    case 'hint':
      return state;
  }
}

/** What is beside a page is the panes: a press there leaves the page. */
function leave(state: ViewState): ViewState {
  const { page } = state;
  return page === null ? state : { ...withoutSearch(state), page: null, beneath: [] };
}

function onPage(state: ViewState, { line, choice, target }: Extract<Hit, { kind: 'page' }>): ViewState {
  const { page } = state;
  if (choice !== undefined && (page?.kind === 'finding' || page?.kind === 'details')) {
    const chosen: ViewState = { ...state, page: { ...page, chosen: choice } };
    return target === undefined || target.to === 'command' ? chosen : jumped(chosen, target);
  }
  if (page?.kind === 'palette') return line === null ? state : { ...state, page: { ...page, chosen: line } };
  if (page?.kind !== 'daemon-choice' || line === null || line >= page.daemons.length) return state;
  return { ...state, page: { ...page, chosen: line } };
}

function onFinding(state: ViewState, key: string | null, twice: boolean): ViewState {
  const findingsPane = { ...state.findingsPane, focused: true, chosen: key ?? state.findingsPane.chosen };
  const page = twice && key !== null ? ({ kind: 'finding', key, chosen: 0, scroll: 0 } as const) : state.page;
  return { ...state, findingsPane, page };
}

function onPane(state: ViewState, { pane, key, column }: Extract<Hit, { kind: 'pane' }>, twice: boolean): ViewState {
  const findingsPane = { ...state.findingsPane, focused: false };
  const focused = { ...state, focus: pane, findingsPane };
  if (column !== null) return sortedBy(focused, pane, column);
  if (key === null) return twice ? { ...focused, zoomed: !state.zoomed } : focused;
  const panes = { ...state.panes, [pane]: { ...state.panes[pane], chosen: key } };
  const page = twice ? ({ kind: 'details', pane, key, scroll: 0 } as const) : state.page;
  return { ...focused, panes, page };
}

/** By that column; once more reverses the order. */
function sortedBy(state: ViewState, pane: PaneId, column: string): ViewState {
  if (paneOf(pane).columns.find(({ id }) => id === column)?.by === undefined) return state;
  const { sortBy, reversed } = state.panes[pane];
  const change = { sortBy: column, reversed: sortBy === column && !reversed };
  return { ...state, panes: { ...state.panes, [pane]: { ...state.panes[pane], ...change } } };
}
