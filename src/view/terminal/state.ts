import type { ViewCommand } from './keys.ts';
import type { About, Overlay } from './page.ts';
import type { GoroutinesAnswer } from './pages/goroutines.ts';
import type { HeapAnswer } from './pages/heap.ts';
import type { InspectAnswer } from './pages/inspect.ts';
import type { Search } from './pages/search.ts';
import type { Sheet } from './pages/sheet.ts';
import type { AnyPane, PaneId } from './panes/pane.ts';
import { askTime, readLog, reduceOverlay, reduceSought, stacked, stepOf, withoutSearch } from './reduce-page.ts';

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
export interface StripState {
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
/** What only a pane can do. */
const ofPanes: ReadonlySet<ViewCommand> = new Set(['zoom', 'filter', 'sort', 'reverse']);
const order: readonly PaneId[] = ['daemons', 'containers', 'processes', 'mounts', 'disks'];

export function initialState(): ViewState {
  return {
    focus: 'containers',
    strip: { focused: false, chosen: null },
    zoomed: false,
    panes: { daemons: freshPane, containers: freshPane, processes: freshPane, mounts: freshPane, disks: freshPane },
    typing: false,
    time: null,
    overlay: null,
    beneath: [],
    search: null,
    message: null,
  };
}

export function reduceView(state: ViewState, event: ViewEvent): ViewState {
  switch (event.type) {
    case 'command':
      return reduceCommand({ ...state, message: null }, event);
    case 'typed':
      return withTyped(state, typedOf(state) + event.text);
    case 'erased':
      return withTyped(state, [...typedOf(state)].slice(0, -1).join(''));
    case 'typing-ended':
      if (state.time !== null) return { ...state, typing: false, time: null };
      return withFilter({ ...state, typing: false }, event.keep ? filterOf(state) : '', true);
    case 'sought':
      return reduceSought(state, event.sheet);
    case 'said':
      return { ...state, message: event.message };
    case 'overlaid':
      return { ...withoutSearch(state), overlay: event.overlay, beneath: [] };
    case 'stacked':
      return stacked(state, event.overlay);
    case 'inspected': {
      // The answer to a view that was left meanwhile is nobody's.
      const answered = (overlay: Overlay): Overlay =>
        overlay.kind === 'inspect' && overlay.containerId === event.containerId
          ? { ...overlay, answer: event.answer }
          : overlay;
      const overlay = state.overlay === null ? null : answered(state.overlay);
      const beneath = state.beneath.map(answered);
      const isNobodys = overlay === state.overlay && beneath.every((page, index) => page === state.beneath[index]);
      return isNobodys ? state : { ...state, overlay, beneath };
    }
    case 'goroutines':
      return state.overlay?.kind === 'goroutines' && state.overlay.daemon === event.daemon
        ? { ...withoutSearch(state), overlay: { ...state.overlay, answer: event.answer, chosen: 0, opened: false } }
        : state;
    case 'heap':
      return state.overlay?.kind === 'heap' && state.overlay.daemon === event.daemon
        ? { ...state, overlay: { ...state.overlay, answer: event.answer } }
        : state;
  }
}

export type CommandEvent = Extract<ViewEvent, { type: 'command' }>;

function reduceCommand(state: ViewState, event: CommandEvent): ViewState {
  const { command } = event;
  if (state.overlay !== null) return reduceOverlay(state, state.overlay, event);
  if (state.strip.focused && ofPanes.has(command)) return state;
  switch (command) {
    case 'focus-0':
      return { ...state, strip: { ...state.strip, focused: true } };
    case 'focus-1':
    case 'focus-2':
    case 'focus-3':
    case 'focus-4':
    case 'focus-5':
      return focusOn(state, Number(command.slice(-1)));
    case 'focus-next':
      return focusOn(state, placeOf(state) + 1);
    case 'focus-previous':
      return focusOn(state, placeOf(state) - 1);
    case 'zoom':
      return { ...state, zoomed: !state.zoomed };
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'first':
    case 'last':
      return move(state, event);
    case 'open': {
      const key = chosenKey(state, event.keys);
      if (key === null) return state;
      if (state.strip.focused) return { ...state, overlay: { kind: 'finding', key, chosenCommand: 0, scroll: 0 } };
      return { ...state, overlay: { kind: 'details', pane: state.focus, key, scroll: 0 } };
    }
    case 'back':
      if (state.strip.focused) return { ...state, strip: { ...state.strip, focused: false } };
      return state.panes[state.focus].filter === '' ? { ...state, zoomed: false } : withPane(state, { filter: '' });
    case 'filter':
      return { ...state, typing: true };
    case 'sort':
      return withPane(state, { sortBy: nextColumn(event.pane, state.panes[state.focus].sortBy), reversed: false });
    case 'reverse':
      return withPane(state, { reversed: !state.panes[state.focus].reversed });
    case 'help':
      return { ...state, overlay: { kind: 'help', scroll: 0 } };
    case 'log':
      return readLog(state, event);
    case 'seek':
      return askTime(state);
    // Only a page can do these.
    case 'next-match':
    case 'previous-match':
    case 'reveal':
      return state;
  }
}

/** What is typed: a moment, or else as `filterOf` tells. */
export function typedOf(state: ViewState): string {
  return state.time ?? filterOf(state);
}

function withTyped(state: ViewState, text: string): ViewState {
  return state.time === null ? withFilter(state, text) : { ...state, time: text };
}

/** What is typed: the search in the open page, the filter of the page of goroutines, else that of the pane in focus. */
export function filterOf(state: ViewState): string {
  if (state.search !== null) return state.search.text;
  return state.overlay?.kind === 'goroutines' ? state.overlay.filter : state.panes[state.focus].filter;
}

function withFilter(state: ViewState, filter: string, isLast = false): ViewState {
  if (state.search !== null) {
    const search = isLast && filter === '' ? null : { ...state.search, text: filter };
    return { ...state, search };
  }
  if (state.overlay?.kind === 'goroutines') return { ...state, overlay: { ...state.overlay, filter, chosen: 0 } };
  return withPane(state, { filter, ...(filter === filterOf(state) ? {} : { chosen: null }) });
}

/** The key of the row or finding that is chosen among these; the first when the chosen one has gone. */
export function chosenKey(state: ViewState, keys: readonly string[]): string | null {
  const { chosen } = state.strip.focused ? state.strip : state.panes[state.focus];
  return chosen !== null && keys.includes(chosen) ? chosen : (keys[0] ?? null);
}

function move(state: ViewState, { command, keys, page }: CommandEvent): ViewState {
  const key = chosenKey(state, keys);
  const step = stepOf(command, page);
  if (key === null || step === null) return state;
  const index = Math.min(keys.length - 1, Math.max(0, keys.indexOf(key) + step));
  const chosen = keys[index] ?? null;
  return state.strip.focused ? { ...state, strip: { focused: true, chosen } } : withPane(state, { chosen });
}

function nextColumn(pane: AnyPane, current: string | null): string | null {
  const sortable = pane.columns.filter(({ by }) => by !== undefined).map(({ id }) => id);
  const index = current === null ? -1 : sortable.indexOf(current);
  return sortable[index + 1] ?? null;
}

/** 0 for the strip, then the panes by their numbers. */
function placeOf({ strip, focus }: ViewState): number {
  return strip.focused ? 0 : order.indexOf(focus) + 1;
}

/** The place of that number, round the ends. */
function focusOn(state: ViewState, number: number): ViewState {
  const place = (number + order.length + 1) % (order.length + 1);
  const strip = { ...state.strip, focused: place === 0 };
  return { ...state, strip, focus: order[place - 1] ?? state.focus };
}

function withPane(state: ViewState, change: Partial<PaneState>): ViewState {
  return { ...state, panes: { ...state.panes, [state.focus]: { ...state.panes[state.focus], ...change } } };
}
