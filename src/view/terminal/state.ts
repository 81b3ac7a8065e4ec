import type { ViewCommand } from './keys.ts';
import type { About, Overlay } from './page.ts';
import type { GoroutinesAnswer } from './pages/goroutines.ts';
import type { HeapAnswer } from './pages/heap.ts';
import type { InspectAnswer } from './pages/inspect.ts';
import type { Search } from './pages/search.ts';
import type { Sheet } from './pages/sheet.ts';
import type { AnyPane } from './panes/pane.ts';
import { forPanes, type PaneId } from './panes/panes.ts';

export type { Overlay, PageKind, Purpose } from './page.ts';
export type { InspectAnswer } from './pages/inspect.ts';

/** What the person at the screen has chosen. Nothing in here comes from the node. */
export interface ViewState {
  /** The pane in focus; behind the strip, when that has it. */
  readonly focus: PaneId;
  readonly strip: StripState;
  readonly zoomed: boolean;
  readonly panes: Readonly<Record<PaneId, PaneState>>;
  /** The search of the open page, or else the filter, is being typed. */
  readonly typing: boolean;
  /** The moment that is being typed, to go there; null when none is. */
  readonly time: string | null;
  readonly overlay: Overlay | null;
  /** The pages that the open one was opened from: Escape goes back to the last of them. */
  readonly beneath: readonly Overlay[];
  /** The search in the open page. */
  readonly search: Search | null;
  readonly message: Message | null;
}

/** The findings strip: it takes the keys instead of the pane while it has the focus. */
interface StripState {
  readonly focused: boolean;
  /** Key of the chosen finding (`rules/engine/finding-identity.ts`); null for the first. */
  readonly chosen: string | null;
}

export interface PaneState {
  /** Key of the chosen row; null for the first. */
  readonly chosen: string | null;
  readonly filter: string;
  /** Id of the column to sort by; null for the order of attention. */
  readonly sortBy: string | null;
  readonly reversed: boolean;
}

export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'warning';
}

export type ViewEvent =
  | {
      readonly type: 'command';
      readonly command: ViewCommand;
      /** Of the rows of the pane in focus, or of the findings when the strip has it. */
      readonly keys: readonly string[];
      readonly pane: AnyPane;
      readonly page: number;
      /** What the open page is about, or else what is chosen in the focus; default: nothing. */
      readonly about?: About;
      /** The open page as it is on the screen; none: as if it had no end. */
      readonly sheet?: Sheet | null;
    }
  /** What was typed has been looked for in the open page. */
  | { readonly type: 'sought'; readonly sheet: Sheet }
  /** A page opens over the open one. */
  | { readonly type: 'stacked'; readonly overlay: Overlay }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'typing-ended'; readonly keep: boolean }
  | { readonly type: 'said'; readonly message: Message | null }
  | { readonly type: 'overlaid'; readonly overlay: Overlay | null }
  | { readonly type: 'inspected'; readonly containerId: string; readonly answer: InspectAnswer }
  | { readonly type: 'goroutines'; readonly daemon: string; readonly answer: GoroutinesAnswer }
  | { readonly type: 'heap'; readonly daemon: string; readonly answer: HeapAnswer };

const freshPane: PaneState = { chosen: null, filter: '', sortBy: null, reversed: false };

export function initialState(): ViewState {
  return {
    focus: 'containers',
    strip: { focused: false, chosen: null },
    zoomed: false,
    panes: forPanes(() => freshPane),
    typing: false,
    time: null,
    overlay: null,
    beneath: [],
    search: null,
    message: null,
  };
}

export type CommandEvent = Extract<ViewEvent, { type: 'command' }>;

/** What is typed: a moment, or else as `filterOf` tells. */
export function typedOf(state: ViewState): string {
  return state.time ?? filterOf(state);
}

/** What is typed: the search in the open page, the filter of the page of goroutines, else that of the pane in focus. */
export function filterOf(state: ViewState): string {
  if (state.search !== null) return state.search.text;
  return state.overlay?.kind === 'goroutines' ? state.overlay.filter : state.panes[state.focus].filter;
}

/** The key of the row or finding that is chosen among these; the first when the chosen one has gone. */
export function chosenKey(state: ViewState, keys: readonly string[]): string | null {
  const { chosen } = state.strip.focused ? state.strip : state.panes[state.focus];
  return chosen !== null && keys.includes(chosen) ? chosen : (keys[0] ?? null);
}
