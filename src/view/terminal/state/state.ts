import type { ViewCommand } from '../keys.ts';
import type { GoroutinesAnswer } from '../pages/goroutines.ts';
import type { HeapAnswer } from '../pages/heap.ts';
import type { InspectAnswer } from '../pages/inspect.ts';
import type { LogLayouts } from '../pages/log.ts';
import type { OwnLog } from '../pages/own-log.ts';
import type { PageLayout } from '../pages/page-layout.ts';
import type { Search } from '../pages/search.ts';
import type { AnyPane } from '../panes/pane.ts';
import { forPanes, type PaneId, paneIds } from '../panes/panes.ts';
import type { Target } from '../parts/line.ts';
import type { About, OpenPage } from './page.ts';
import type { SavedView } from './saved-view.ts';

export type { InspectAnswer } from '../pages/inspect.ts';
export type { OpenPage, PageKind, Purpose } from './page.ts';

/** The reader's choices. Nothing in here comes from the node. */
export interface ViewState {
  /** The pane in focus, or the last one while the findings have the focus. */
  readonly focus: PaneId;
  readonly findingsPane: FindingsPaneState;
  readonly zoomed: boolean;
  /** The panes that are shown, in their order. */
  readonly shown: readonly PaneId[];
  /** A letter sorts by the column whose heading has it. */
  readonly sorting: boolean;
  /** Times in UTC instead of local time; the other way round with `--utc`. */
  readonly otherZone: boolean;
  readonly panes: Readonly<Record<PaneId, PaneState>>;
  /** The reader is typing the search of the open page, or else the filter. */
  readonly typing: boolean;
  /** The moment being typed; null for none. */
  readonly time: string | null;
  readonly page: OpenPage | null;
  /** The pages below the open one: Escape goes back to the last of them. */
  readonly beneath: readonly OpenPage[];
  /** Where jumps began, the newest last. */
  readonly visited: readonly Place[];
  /** The search in the open page. */
  readonly search: Search | null;
  readonly message: Message | null;
  /** Of the log lines beside the panes: each frame draws the same ones. */
  readonly logLayouts: LogLayouts;
}

/** What the reader had in view. */
type Place = Pick<ViewState, 'focus' | 'findingsPane' | 'zoomed' | 'page' | 'beneath'>;

/** The findings pane: while in focus it takes the keys instead of the other panes. */
interface FindingsPaneState {
  /** Null until the first key that depends on it: then the findings are in focus if something is wrong (`settledFocus`). */
  readonly focused: boolean | null;
  /** Key of the selected finding (`rules/engine/finding-identity.ts`); null for the first. */
  readonly chosen: string | null;
  readonly filter: string;
}

export interface PaneState {
  /** Key of the selected row; null for the first. */
  readonly chosen: string | null;
  readonly filter: string;
  /** Id of the column to sort by; null for the most urgent first. */
  readonly sortBy: string | null;
  readonly reversed: boolean;
  /** Rows stand below their parents, in a pane that knows those. */
  readonly tree: boolean;
}

export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'warning';
}

/** What is drawn at a place of the screen. */
export type Hit =
  /** The findings pane; `key` of the finding on that line, null beside them. */
  | { readonly kind: 'findings'; readonly key: string | null }
  /** A pane; `key` of the row on that line, `column` of the heading there. */
  | { readonly kind: 'pane'; readonly pane: PaneId; readonly key: string | null; readonly column: string | null }
  /** The open page; the index of the line in its content, null beside the lines; the choice there, as `chosenOf` counts. */
  | {
      readonly kind: 'page';
      readonly line: number | null;
      readonly choice?: number;
      readonly target?: Target;
    }
  /** The opened finding beside the list, and the link there. */
  | { readonly kind: 'cause'; readonly key: string; readonly target: Target | null }
  /** The footer: the key of the hint there. */
  | { readonly kind: 'hint'; readonly key: string };

export type ViewEvent =
  | {
      readonly type: 'command';
      readonly command: ViewCommand;
      /** A command that moves does so as often; default: once. */
      readonly times?: number;
      /** Of the rows of the pane in focus, or of the findings if they have the focus. */
      readonly keys: readonly string[];
      readonly pane: AnyPane;
      readonly pageRows: number;
      /** The subject of the open page, otherwise of the selection in focus; default: none. */
      readonly about?: About;
      /** The layout of the open page; without it the page has no end. */
      readonly pageLayout?: PageLayout | null;
    }
  /** The search in the open page has run. */
  | { readonly type: 'searched'; readonly pageLayout: PageLayout }
  /** A link was followed. */
  | { readonly type: 'jumped'; readonly target: Target }
  /** The reader goes to a pane, and filters it; null for the filter that it has. */
  | { readonly type: 'went'; readonly pane: PaneId; readonly filter: string | null }
  /** A page opens over the open one. */
  | { readonly type: 'page-stacked'; readonly page: OpenPage }
  /** The findings are in focus or not, from now on by the reader's choice. */
  | { readonly type: 'focus-settled'; readonly focused: boolean }
  /** The letter of a heading, or the key that ends sorting by letters. */
  | { readonly type: 'sort-letter'; readonly letter: string | null }
  /** The mouse pressed, for the second time at once or not. */
  | { readonly type: 'clicked'; readonly hit: Hit; readonly twice: boolean }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'typing-ended'; readonly keep: boolean }
  | { readonly type: 'message'; readonly message: Message | null }
  /** The open page gives way to the one beneath. */
  | { readonly type: 'page-closed' }
  | { readonly type: 'page-opened'; readonly page: OpenPage | null }
  | { readonly type: 'inspected'; readonly containerId: string; readonly answer: InspectAnswer }
  | { readonly type: 'own-log'; readonly containerId: string; readonly log: OwnLog }
  | { readonly type: 'goroutines'; readonly daemon: string; readonly answer: GoroutinesAnswer }
  | { readonly type: 'heap'; readonly daemon: string; readonly answer: HeapAnswer };

const freshPane: PaneState = { chosen: null, filter: '', sortBy: null, reversed: false, tree: false };

/** The state at the start, with what the reader kept. */
export function initialState({ panes, sort, tree }: SavedView = { panes: paneIds, sort: {}, tree: false }): ViewState {
  return {
    focus: panes.includes('containers') ? 'containers' : (panes[0] ?? 'containers'),
    findingsPane: { focused: null, chosen: null, filter: '' },
    zoomed: false,
    shown: panes,
    sorting: false,
    otherZone: false,
    panes: forPanes((pane, id) => ({
      ...freshPane,
      sortBy: sort[id]?.by ?? null,
      reversed: sort[id]?.reversed ?? false,
      tree: tree && pane.tree !== undefined,
    })),
    typing: false,
    time: null,
    page: null,
    beneath: [],
    visited: [],
    search: null,
    message: null,
    logLayouts: new WeakMap(),
  };
}

/** The state with a message. */
export function saying(state: ViewState, text: string): ViewState {
  return { ...state, message: { text, tone: 'plain' } };
}

export type CommandEvent = Extract<ViewEvent, { type: 'command' }>;

/** The text being typed: a moment, in the palette, otherwise `filterOf`. */
export function typedOf(state: ViewState): string {
  const { page } = state;
  return state.time ?? (page?.kind === 'palette' ? page.text : filterOf(state));
}

/** The search in the open page, the filter of the goroutines page, otherwise the filter of the findings or the pane in focus. */
export function filterOf(state: ViewState): string {
  if (state.search !== null) return state.search.text;
  if (state.page?.kind === 'goroutines') return state.page.filter;
  return state.findingsPane.focused ? state.findingsPane.filter : state.panes[state.focus].filter;
}

/** The key of the selected row or finding among these; the first if the selected one is gone. */
export function chosenKey(state: ViewState, keys: readonly string[]): string | null {
  const { chosen } = state.findingsPane.focused ? state.findingsPane : state.panes[state.focus];
  return chosen !== null && keys.includes(chosen) ? chosen : (keys[0] ?? null);
}
