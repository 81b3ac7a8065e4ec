import type { ListCommand } from './list-keys.ts';
import type { ListOrder, ListPane } from './list-pane.ts';

/** What the reader chose in one pane. */
interface ListPaneState extends ListOrder {
  /** The key of a row; the first one if it is null or gone. */
  readonly chosen: string | null;
}

export type ListPage =
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'details'; readonly pane: string; readonly key: string; readonly scroll: number };

export interface ListMessage {
  readonly text: string;
  readonly tone: 'plain' | 'warning' | 'good';
}

/** The reader's choices on a list of nodes. */
export interface ListState {
  /** The id of a pane. */
  readonly focus: string;
  readonly panes: Readonly<Record<string, ListPaneState>>;
  readonly page: ListPage | null;
  /** Letters go to the filter. */
  readonly typing: boolean;
  /** Letters choose a column. */
  readonly sorting: boolean;
  readonly otherZone: boolean;
  readonly message: ListMessage | null;
}

/** Commands of the view; the app obeys the others. */
export type ListViewCommand = Exclude<ListCommand, 'open' | 'pause' | 'slower' | 'faster' | 'copy' | 'redraw' | 'quit'>;

export type ListEvent =
  | { readonly type: 'command'; readonly command: ListViewCommand; readonly pageRows: number; readonly times?: number }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'typing-ended'; readonly keep: boolean }
  /** A letter while letters sort; null ends it. */
  | { readonly type: 'sort-letter'; readonly letter: string | null }
  | { readonly type: 'sorted'; readonly pane: string; readonly column: string }
  | { readonly type: 'chosen'; readonly pane: string; readonly key: string | null }
  | { readonly type: 'narrowed'; readonly pane: string; readonly filter: string }
  | { readonly type: 'message'; readonly message: ListMessage | null };

const emptyPane: ListPaneState = { chosen: null, filter: '', sortBy: null, reversed: false };

/** The state at the start, with this pane in focus. */
export function initialListState(focus: string): ListState {
  return { focus, panes: {}, page: null, typing: false, sorting: false, otherZone: false, message: null };
}

/** The choices of a pane; none where the reader has made none. */
export function paneStateOf(state: ListState, pane: string): ListPaneState {
  return state.panes[pane] ?? emptyPane;
}

/** The pane in focus and its selected row; no key without rows. */
export function selectedOf(
  state: ListState,
  panes: readonly ListPane[],
): { readonly pane: ListPane; readonly keys: readonly string[]; readonly key: string | null } | null {
  const pane = panes.find(({ id }) => id === state.focus) ?? panes[0];
  if (pane === undefined) return null;
  const own = paneStateOf(state, pane.id);
  const { keys } = pane.arranged(own);
  const isThere = own.chosen !== null && keys.includes(own.chosen);
  return { pane, keys, key: isThere ? own.chosen : (keys[0] ?? null) };
}

/** The state after a key, a click or typed text. */
export function reduceList(state: ListState, event: ListEvent, panes: readonly ListPane[]): ListState {
  switch (event.type) {
    case 'command':
      return reduceCommand({ ...state, message: null }, event, panes);
    case 'typed':
      return withPane(state, state.focus, (own) => ({ filter: own.filter + event.text, chosen: null }));
    case 'erased':
      return withPane(state, state.focus, (own) => ({ filter: [...own.filter].slice(0, -1).join(''), chosen: null }));
    case 'typing-ended':
      return { ...(event.keep ? state : withPane(state, state.focus, () => ({ filter: '' }))), typing: false };
    case 'sort-letter': {
      const column = event.letter === null ? null : selectedOf(state, panes)?.pane.columnOfLetter(event.letter);
      return column == null ? { ...state, sorting: false } : sortedBy(state, state.focus, column);
    }
    case 'sorted':
      return { ...sortedBy(state, event.pane, event.column), focus: event.pane };
    case 'chosen':
      return { ...withPane(state, event.pane, () => ({ chosen: event.key })), focus: event.pane, message: null };
    case 'narrowed':
      return {
        ...withPane(state, event.pane, () => ({ filter: event.filter, chosen: null })),
        focus: event.pane,
        page: null,
        message: null,
      };
    case 'message':
      return { ...state, message: event.message };
  }
}

function reduceCommand(
  state: ListState,
  { command, pageRows, times = 1 }: Extract<ListEvent, { type: 'command' }>,
  panes: readonly ListPane[],
): ListState {
  switch (command) {
    case 'help':
      return { ...state, page: state.page?.kind === 'help' ? null : { kind: 'help', scroll: 0 } };
    case 'details': {
      const selected = selectedOf(state, panes);
      if (state.page !== null || selected === null || selected.key === null) return { ...state, page: null };
      return { ...state, page: { kind: 'details', pane: selected.pane.id, key: selected.key, scroll: 0 } };
    }
    case 'back':
      if (state.page !== null) return { ...state, page: null };
      return withPane(state, state.focus, () => ({ filter: '' }));
    case 'filter':
      return state.page === null ? { ...state, typing: true } : state;
    case 'sort':
      return state.page === null ? nextSort(state, panes) : state;
    case 'reverse':
      return withPane(state, state.focus, ({ reversed }) => ({ reversed: !reversed }));
    case 'zone':
      return { ...state, otherZone: !state.otherZone };
    case 'focus-next': {
      const at = panes.findIndex(({ id }) => id === state.focus);
      return { ...state, focus: panes[(at + 1) % panes.length]?.id ?? state.focus };
    }
    case 'up':
      return moved(state, panes, (at) => at - times);
    case 'down':
      return moved(state, panes, (at) => at + times);
    case 'page-up':
      return moved(state, panes, (at) => at - pageRows);
    case 'page-down':
      return moved(state, panes, (at) => at + pageRows);
    case 'first':
      return moved(state, panes, () => 0);
    case 'last':
      return moved(state, panes, () => Number.MAX_SAFE_INTEGER);
  }
}

/** On a page it scrolls; the end of a page is found when it is drawn. */
function moved(state: ListState, panes: readonly ListPane[], to: (at: number) => number): ListState {
  const { page } = state;
  if (page !== null) return { ...state, page: { ...page, scroll: Math.max(0, to(page.scroll)) } };
  const selected = selectedOf(state, panes);
  if (selected === null || selected.key === null) return state;
  const at = to(selected.keys.indexOf(selected.key));
  const key = selected.keys[Math.min(Math.max(0, at), selected.keys.length - 1)] ?? null;
  return withPane(state, selected.pane.id, () => ({ chosen: key }));
}

/** The first `s` waits for a letter, the next ones go from column to column. */
function nextSort(state: ListState, panes: readonly ListPane[]): ListState {
  const pane = selectedOf(state, panes)?.pane;
  if (!state.sorting || pane === undefined) return { ...state, sorting: true };
  const { sortBy } = paneStateOf(state, pane.id);
  const next = pane.sortable[sortBy === null ? 0 : pane.sortable.indexOf(sortBy) + 1] ?? null;
  return withPane(state, pane.id, () => ({ sortBy: next, reversed: false }));
}

/** Again the same column: reversed. */
function sortedBy(state: ListState, pane: string, column: string): ListState {
  return withPane(state, pane, ({ sortBy, reversed }) => ({
    sortBy: column,
    reversed: sortBy === column ? !reversed : false,
  }));
}

function withPane(state: ListState, pane: string, change: (own: ListPaneState) => Partial<ListPaneState>): ListState {
  const own = paneStateOf(state, pane);
  return { ...state, panes: { ...state.panes, [pane]: { ...own, ...change(own) } } };
}
