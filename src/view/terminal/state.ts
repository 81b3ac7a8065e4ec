import type { Command } from './keys.ts';
import type { AnyPane, PaneId } from './panes/pane.ts';
import { type GoroutinesAnswer, type GoroutinesPage, visibleGroups } from './views/goroutines.ts';
import type { HeapAnswer } from './views/heap.ts';

/** What the person at the screen has chosen. Nothing in here comes from the node. */
export interface ViewState {
  readonly focus: PaneId;
  readonly zoomed: boolean;
  readonly panes: Readonly<Record<PaneId, PaneState>>;
  /** The filter is being typed. */
  readonly typing: boolean;
  readonly paused: boolean;
  readonly overlay: Overlay | null;
  readonly message: Message | null;
  readonly intervalMs: number;
}

export interface PaneState {
  /** Key of the chosen row; null for the first. */
  readonly chosen: string | null;
  readonly filter: string;
  /** Index of the column to sort by; null for the order of attention. */
  readonly sortBy: string | null;
  readonly reversed: boolean;
}

/** A page over the panes. */
export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'details'; readonly pane: PaneId; readonly key: string; readonly scroll: number }
  | {
      readonly kind: 'inspect';
      readonly containerId: string;
      readonly answer: InspectAnswer;
      readonly revealed: boolean;
      readonly scroll: number;
    }
  | ({ readonly kind: 'goroutines'; readonly scroll: number } & GoroutinesPage)
  | { readonly kind: 'heap'; readonly daemon: string; readonly answer: HeapAnswer; readonly scroll: number }
  | {
      readonly kind: 'daemon-choice';
      readonly purpose: Purpose;
      readonly daemons: readonly string[];
      readonly chosen: number;
      readonly scroll: 0;
    }
  | {
      readonly kind: 'confirm';
      readonly purpose: Purpose;
      readonly daemon: string;
      readonly question: readonly string[];
      /** The process that it is about; null when it is about none. */
      readonly pid: number | null;
      readonly scroll: 0;
    };

/** What a daemon is chosen, or an action confirmed, for. */
export type Purpose = 'dump' | 'signal-dump' | 'goroutines' | 'heap';

/** What the engine said to an inspect. */
export type InspectAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ok'; readonly json: string }
  | { readonly status: 'failed'; readonly detail: string };

export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'warning';
}

export type ViewEvent =
  | {
      readonly type: 'command';
      readonly command: Command;
      readonly keys: readonly string[];
      readonly pane: AnyPane;
      readonly page: number;
    }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'typing-ended'; readonly keep: boolean }
  | { readonly type: 'said'; readonly message: Message | null }
  | { readonly type: 'overlaid'; readonly overlay: Overlay | null }
  | { readonly type: 'inspected'; readonly containerId: string; readonly answer: InspectAnswer }
  | { readonly type: 'goroutines'; readonly daemon: string; readonly answer: GoroutinesAnswer }
  | { readonly type: 'heap'; readonly daemon: string; readonly answer: HeapAnswer }
  | { readonly type: 'interval'; readonly intervalMs: number };

const freshPane: PaneState = { chosen: null, filter: '', sortBy: null, reversed: false };
const order: readonly PaneId[] = ['daemons', 'containers', 'processes', 'mounts', 'disks'];

export function initialState(intervalMs: number): ViewState {
  return {
    focus: 'containers',
    zoomed: false,
    panes: { daemons: freshPane, containers: freshPane, processes: freshPane, mounts: freshPane, disks: freshPane },
    typing: false,
    paused: false,
    overlay: null,
    message: null,
    intervalMs,
  };
}

export function reduceView(state: ViewState, event: ViewEvent): ViewState {
  switch (event.type) {
    case 'command':
      return reduceCommand({ ...state, message: null }, event);
    case 'typed':
      return withFilter(state, filterOf(state) + event.text);
    case 'erased':
      return withFilter(state, [...filterOf(state)].slice(0, -1).join(''));
    case 'typing-ended':
      return withFilter({ ...state, typing: false }, event.keep ? filterOf(state) : '');
    case 'said':
      return { ...state, message: event.message };
    case 'overlaid':
      return { ...state, overlay: event.overlay };
    case 'inspected':
      // The answer to a view that was left meanwhile is nobody's.
      return state.overlay?.kind === 'inspect' && state.overlay.containerId === event.containerId
        ? { ...state, overlay: { ...state.overlay, answer: event.answer } }
        : state;
    case 'goroutines':
      return state.overlay?.kind === 'goroutines' && state.overlay.daemon === event.daemon
        ? { ...state, overlay: { ...state.overlay, answer: event.answer, chosen: 0, opened: false } }
        : state;
    case 'heap':
      return state.overlay?.kind === 'heap' && state.overlay.daemon === event.daemon
        ? { ...state, overlay: { ...state.overlay, answer: event.answer } }
        : state;
    case 'interval':
      return { ...state, intervalMs: event.intervalMs };
  }
}

type CommandEvent = Extract<ViewEvent, { type: 'command' }>;

function reduceCommand(state: ViewState, event: CommandEvent): ViewState {
  const { command } = event;
  if (state.overlay !== null) return reduceOverlay(state, state.overlay, event);
  switch (command) {
    case 'focus-1':
    case 'focus-2':
    case 'focus-3':
    case 'focus-4':
    case 'focus-5':
      return { ...state, focus: order[Number(command.slice(-1)) - 1] ?? state.focus };
    case 'focus-next':
      return { ...state, focus: neighbour(state.focus, 1) };
    case 'focus-previous':
      return { ...state, focus: neighbour(state.focus, -1) };
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
      return key === null ? state : { ...state, overlay: { kind: 'details', pane: state.focus, key, scroll: 0 } };
    }
    case 'back':
      return state.panes[state.focus].filter === '' ? { ...state, zoomed: false } : withPane(state, { filter: '' });
    case 'filter':
      return { ...state, typing: true };
    case 'sort':
      return withPane(state, { sortBy: nextColumn(event.pane, state.panes[state.focus].sortBy), reversed: false });
    case 'reverse':
      return withPane(state, { reversed: !state.panes[state.focus].reversed });
    case 'pause':
      return { ...state, paused: !state.paused };
    case 'help':
      return { ...state, overlay: { kind: 'help', scroll: 0 } };
    default:
      return state;
  }
}

function reduceOverlay(state: ViewState, overlay: Overlay, { command, page }: CommandEvent): ViewState {
  if (overlay.kind === 'goroutines') return reduceGoroutines(state, overlay, command, page);
  if (command === 'back' || command === 'open') return { ...state, overlay: null };
  if (command === 'help') return { ...state, overlay: overlay.kind === 'help' ? null : overlay };
  if (overlay.kind === 'inspect' && command === 'reveal') {
    return { ...state, overlay: { ...overlay, revealed: !overlay.revealed } };
  }
  const step = stepOf(command, page);
  if (step === null) return state;
  if (overlay.kind === 'confirm') return state;
  if (overlay.kind === 'daemon-choice') {
    const chosen = Math.min(overlay.daemons.length - 1, Math.max(0, overlay.chosen + step));
    return { ...state, overlay: { ...overlay, chosen } };
  }
  // The view knows how long its page is and stops at the end; here only the top is known.
  return { ...state, overlay: { ...overlay, scroll: Math.max(0, Math.min(overlay.scroll + step, 1e6)) } };
}

function reduceGoroutines(
  state: ViewState,
  overlay: Extract<Overlay, { kind: 'goroutines' }>,
  command: Command,
  page: number,
): ViewState {
  const change = (next: Partial<typeof overlay>): ViewState => ({ ...state, overlay: { ...overlay, ...next } });
  if (command === 'filter' && !overlay.opened) return { ...state, typing: true };
  if (command === 'sort') return change({ byGrowth: !overlay.byGrowth, chosen: 0 });
  if (command === 'open' && !overlay.opened) return change({ opened: true, scroll: 0 });
  if (command === 'back' && overlay.opened) return change({ opened: false });
  if (command === 'back' && overlay.filter !== '') return change({ filter: '', chosen: 0 });
  if (command === 'back' || command === 'open') return { ...state, overlay: null };
  const step = stepOf(command, page);
  if (step === null) return state;
  if (overlay.opened) return change({ scroll: Math.max(0, Math.min(overlay.scroll + step, 1e6)) });
  const last = Math.max(0, visibleGroups(overlay).length - 1);
  return change({ chosen: Math.min(last, Math.max(0, Math.min(overlay.chosen, last) + step)) });
}

/** What is being filtered by: the page of goroutines, when it is open, else the pane in focus. */
export function filterOf(state: ViewState): string {
  return state.overlay?.kind === 'goroutines' ? state.overlay.filter : state.panes[state.focus].filter;
}

function withFilter(state: ViewState, filter: string): ViewState {
  if (state.overlay?.kind === 'goroutines') return { ...state, overlay: { ...state.overlay, filter, chosen: 0 } };
  return withPane(state, { filter, ...(filter === filterOf(state) ? {} : { chosen: null }) });
}

/** The key of the row that is chosen among these; the first when the chosen one has gone. */
export function chosenKey(state: ViewState, keys: readonly string[]): string | null {
  const { chosen } = state.panes[state.focus];
  return chosen !== null && keys.includes(chosen) ? chosen : (keys[0] ?? null);
}

function move(state: ViewState, { command, keys, page }: CommandEvent): ViewState {
  const key = chosenKey(state, keys);
  const step = stepOf(command, page);
  if (key === null || step === null) return state;
  const index = Math.min(keys.length - 1, Math.max(0, keys.indexOf(key) + step));
  return withPane(state, { chosen: keys[index] ?? null });
}

/** Rows to move by; null when the command does not move. */
function stepOf(command: Command, page: number): number | null {
  switch (command) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -page;
    case 'page-down':
      return page;
    case 'first':
      return -1e6;
    case 'last':
      return 1e6;
    default:
      return null;
  }
}

function nextColumn(pane: AnyPane, current: string | null): string | null {
  const sortable = pane.columns.filter(({ by }) => by !== undefined).map(({ id }) => id);
  const index = current === null ? -1 : sortable.indexOf(current);
  return sortable[index + 1] ?? null;
}

function neighbour(pane: PaneId, step: number): PaneId {
  return order[(order.indexOf(pane) + step + order.length) % order.length] ?? pane;
}

function withPane(state: ViewState, change: Partial<PaneState>): ViewState {
  return { ...state, panes: { ...state.panes, [state.focus]: { ...state.panes[state.focus], ...change } } };
}
