import type { ViewCommand } from '../keys.ts';
import type { AnyPane } from '../panes/pane.ts';
import { type PaneId, paneIds, paneOf } from '../panes/panes.ts';
import { backFromJump, jumped, leaving } from './jump.ts';
import { agreedTo, isQuestion, type OpenPage } from './page.ts';
import { closed, stacked, withoutSearch } from './page-stack.ts';
import { focusBy, hidePane, movePane, showPane } from './pane-order.ts';
import { reduceClick } from './reduce-click.ts';
import { askTime, readLog, reducePage, reduceSearched, stepOf, withOtherZone } from './reduce-page.ts';
import { columnOfLetter } from './sort-letters.ts';
import {
  type CommandEvent,
  chosenKey,
  filterOf,
  type PaneState,
  saying,
  typedOf,
  type ViewEvent,
  type ViewState,
} from './state.ts';

/** Commands for panes only. */
const ofPanes: ReadonlySet<ViewCommand> = new Set(['zoom', 'sort', 'reverse', 'hide', 'move-up', 'move-down']);

/** Commands that go on with sorting by letters. */
const sorting: ReadonlySet<ViewCommand> = new Set(['sort', 'reverse']);

/** Commands that leave a page for a pane. */
const focusing: ReadonlySet<ViewCommand> = new Set(['focus-0', 'focus-1', 'focus-2', 'focus-3', 'focus-4', 'focus-5']);

export function reduceView(state: ViewState, event: ViewEvent): ViewState {
  switch (event.type) {
    case 'command':
      return reduceCommand({ ...state, message: null, sorting: state.sorting && sorting.has(event.command) }, event);
    case 'typed':
      return withTyped(state, typedOf(state) + event.text);
    case 'erased':
      return withTyped(state, [...typedOf(state)].slice(0, -1).join(''));
    case 'typing-ended':
      if (state.time !== null) return { ...state, typing: false, time: null };
      if (state.page?.kind === 'palette') return closed({ ...state, typing: false });
      return withFilter({ ...state, typing: false }, event.keep ? filterOf(state) : '', true);
    case 'focus-settled':
      return { ...state, findingsPane: { ...state.findingsPane, focused: event.focused } };
    case 'sort-letter':
      return sortedByLetter({ ...state, message: null }, event.letter);
    case 'clicked':
      return reduceClick({ ...state, message: null }, event);
    case 'jumped':
      return jumped(state, event.target);
    case 'went':
      return wentTo(state, event.pane, event.filter);
    case 'searched':
      return reduceSearched(state, event.pageLayout);
    case 'message':
      return { ...state, message: event.message };
    case 'page-opened':
      return { ...withoutSearch(state), page: event.page, beneath: [] };
    case 'page-closed':
      return closed(state);
    case 'page-stacked':
      return stacked(state, event.page);
    case 'inspected': {
      // The answer to a page that was closed meanwhile is dropped.
      const answered = (page: OpenPage): OpenPage =>
        page.kind === 'inspect' && page.containerId === event.containerId ? { ...page, answer: event.answer } : page;
      const page = state.page === null ? null : answered(state.page);
      const beneath = state.beneath.map(answered);
      const isUnchanged = page === state.page && beneath.every((one, index) => one === state.beneath[index]);
      return isUnchanged ? state : { ...state, page, beneath };
    }
    case 'own-log':
      return state.page?.kind === 'log' && state.page.containerId === event.containerId
        ? { ...state, page: { ...state.page, own: event.log } }
        : state;
    case 'goroutines':
      return state.page?.kind === 'goroutines' && state.page.daemon === event.daemon
        ? { ...withoutSearch(state), page: { ...state.page, answer: event.answer, chosen: 0, opened: false } }
        : state;
    case 'heap':
      return state.page?.kind === 'heap' && state.page.daemon === event.daemon
        ? { ...state, page: { ...state.page, answer: event.answer } }
        : state;
  }
}

function reduceCommand(state: ViewState, event: CommandEvent): ViewState {
  const { command } = event;
  if (command === 'palette') return openPalette(state);
  if (state.page !== null) {
    // A question must be answered first.
    const leaves = focusing.has(command) && agreedTo(state.page) === null;
    if (!leaves) return reducePage(state, state.page, event);
    return reduceCommand({ ...withoutSearch(state), page: null, beneath: [] }, event);
  }
  if (state.findingsPane.focused && ofPanes.has(command)) return saying(state, 'select a pane first: 1 to 5, or Tab');
  switch (command) {
    case 'focus-0':
      return { ...state, findingsPane: { ...state.findingsPane, focused: true } };
    case 'focus-1':
    case 'focus-2':
    case 'focus-3':
    case 'focus-4':
    case 'focus-5':
      return showPane(state, paneIds[Number(command.slice(-1)) - 1] ?? state.focus);
    case 'focus-next':
      return focusBy(state, 1);
    case 'focus-previous':
      return focusBy(state, -1);
    case 'zoom':
      return { ...state, zoomed: !state.zoomed };
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'half-up':
    case 'half-down':
    case 'first':
    case 'last':
      return move(state, event);
    case 'open': {
      const key = chosenKey(state, event.keys);
      if (key === null) return state;
      if (state.findingsPane.focused) return { ...state, page: { kind: 'finding', key, chosen: 0, scroll: 0 } };
      return { ...state, page: { kind: 'details', pane: state.focus, key, scroll: 0 } };
    }
    case 'back':
      if (state.findingsPane.focused) return leaveFindings(state);
      return state.panes[state.focus].filter === '' ? { ...state, zoomed: false } : withPane(state, { filter: '' });
    case 'filter':
      return { ...state, typing: true };
    case 'hide':
      return hidePane(state);
    case 'move-up':
      return movePane(state, -1);
    case 'move-down':
      return movePane(state, 1);
    case 'tree': {
      const { processes } = state.panes;
      const panes = { ...state.panes, processes: { ...processes, tree: !processes.tree } };
      return showPane({ ...state, panes }, 'processes');
    }
    case 'sort':
      // The first press shows the letters; further ones go through the columns.
      if (!state.sorting) return { ...state, sorting: true };
      return withPane(state, { sortBy: nextColumn(event.pane, state.panes[state.focus].sortBy), reversed: false });
    case 'reverse':
      return withPane(state, { reversed: !state.panes[state.focus].reversed });
    case 'jump-back':
      return backFromJump(state);
    case 'help':
      return { ...state, page: { kind: 'help', over: state.findingsPane.focused ? 'findings' : 'panes', scroll: 0 } };
    case 'log':
      return readLog(state, event);
    case 'seek':
      return askTime(state);
    case 'zone':
      return withOtherZone(state);
    // Commands for pages only.
    case 'next-match':
    case 'previous-match':
      return saying(state, 'n and N step through a search on a page; / filters the rows here');
    case 'reveal':
      return saying(state, 'e works on the page of an inspect (i)');
  }
}

/** Opens the palette over what is there. A question must be answered first. */
function openPalette(state: ViewState): ViewState {
  if (state.page !== null && isQuestion(state.page)) return state;
  return {
    ...stacked(state, { kind: 'palette', text: '', chosen: 0, candidates: new WeakMap(), scroll: 0 }),
    typing: true,
  };
}

/** Leaves any page for a pane. */
function wentTo(state: ViewState, pane: PaneId, filter: string | null): ViewState {
  const there = showPane({ ...leaving(state), page: null, beneath: [] }, pane);
  return filter === null ? there : withPane(there, { filter, chosen: null });
}

function withTyped(state: ViewState, text: string): ViewState {
  const { page } = state;
  if (state.time === null && page?.kind === 'palette') return { ...state, page: { ...page, text, chosen: 0 } };
  return state.time === null ? withFilter(state, text) : { ...state, time: text };
}

function withFilter(state: ViewState, filter: string, isLast = false): ViewState {
  if (state.search !== null) {
    const search = isLast && filter === '' ? null : { ...state.search, text: filter };
    return { ...state, search };
  }
  if (state.page?.kind === 'goroutines') return { ...state, page: { ...state.page, filter, chosen: 0 } };
  const change = { filter, ...(filter === filterOf(state) ? {} : { chosen: null }) };
  return state.findingsPane.focused
    ? { ...state, findingsPane: { ...state.findingsPane, ...change } }
    : withPane(state, change);
}

/** Out of the filter, then out of the findings. */
function leaveFindings(state: ViewState): ViewState {
  const { findingsPane } = state;
  const change = findingsPane.filter === '' ? { focused: false } : { filter: '', chosen: null };
  return { ...state, findingsPane: { ...findingsPane, ...change } };
}

function move(state: ViewState, { command, times = 1, keys, pageRows }: CommandEvent): ViewState {
  const key = chosenKey(state, keys);
  const step = stepOf(command, pageRows);
  if (key === null || step === null) return state;
  const index = Math.min(keys.length - 1, Math.max(0, keys.indexOf(key) + step * times));
  const chosen = keys[index] ?? null;
  return state.findingsPane.focused
    ? { ...state, findingsPane: { ...state.findingsPane, chosen } }
    : withPane(state, { chosen });
}

function nextColumn(pane: AnyPane, current: string | null): string | null {
  const sortable = pane.columns.filter(({ by }) => by !== undefined).map(({ id }) => id);
  const index = current === null ? -1 : sortable.indexOf(current);
  return sortable[index + 1] ?? null;
}

/** By the column of that letter, the other way round when it is that already. Null ends sorting by letters. */
function sortedByLetter(state: ViewState, letter: string | null): ViewState {
  const column = letter === null ? null : columnOfLetter(paneOf(state.focus).columns, letter);
  if (column === null) return { ...state, sorting: false };
  const { sortBy, reversed } = state.panes[state.focus];
  return withPane(state, { sortBy: column, reversed: sortBy === column && !reversed });
}

function withPane(state: ViewState, change: Partial<PaneState>): ViewState {
  return { ...state, panes: { ...state.panes, [state.focus]: { ...state.panes[state.focus], ...change } } };
}
