import type { ViewCommand } from './keys.ts';
import { type About, isText, leadsOn, type Overlay, scrolled, scrolledTo } from './page.ts';
import { visibleGroups } from './pages/goroutines.ts';
import { type Found, firstFound, nextFound } from './pages/search.ts';
import type { Sheet } from './pages/sheet.ts';
import type { CommandEvent, ViewState } from './state.ts';

/** The end of a page whose layout is unknown. */
const endless = 1e6;
/** Pages to go back to. */
const maxBeneath = 8;
const aboutNothing: About = { containerId: null, daemon: null };

/** Handles a command while a page is open. */
export function reduceOverlay(state: ViewState, overlay: Overlay, event: CommandEvent): ViewState {
  const { command, sheet = null } = event;
  switch (command) {
    case 'open':
      return overlay.kind === 'goroutines' && !overlay.opened
        ? { ...state, overlay: { ...overlay, opened: true, scroll: 0 } }
        : close(state);
    case 'back':
      return goBack(state, overlay);
    case 'filter':
      if (isText(overlay)) return beginSearch(state, overlay, sheet);
      return overlay.kind === 'goroutines' ? { ...state, typing: true } : state;
    case 'next-match':
      return isText(overlay) ? goToMatch(state, overlay, 1, sheet) : state;
    case 'previous-match':
      return isText(overlay) ? goToMatch(state, overlay, -1, sheet) : state;
    case 'sort':
      return overlay.kind === 'goroutines'
        ? { ...state, overlay: { ...overlay, byGrowth: !overlay.byGrowth, chosen: 0 } }
        : state;
    case 'focus-next':
      return chooseCommand(state, overlay, 1);
    case 'focus-previous':
      return chooseCommand(state, overlay, -1);
    case 'reveal':
      return overlay.kind === 'inspect' ? { ...state, overlay: { ...overlay, revealed: !overlay.revealed } } : state;
    case 'log':
      if (overlay.kind !== 'log') return leadsOn(overlay) ? readLog(state, event) : state;
      return { ...state, search: null, overlay: { ...overlay, all: !overlay.all, follows: true } };
    case 'help':
      return helpFrom(state, overlay);
    case 'seek':
      return askTime(state);
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'first':
    case 'last':
      return move(state, overlay, event);
    // Commands for panes only.
    case 'focus-0':
    case 'focus-1':
    case 'focus-2':
    case 'focus-3':
    case 'focus-4':
    case 'focus-5':
    case 'zoom':
    case 'reverse':
      return state;
  }
}

/** Opens a page over the open one. */
export function stacked(state: ViewState, overlay: Overlay): ViewState {
  const beneath = state.overlay === null ? [] : [...state.beneath, state.overlay].slice(-maxBeneath);
  return { ...withoutSearch(state), overlay, beneath };
}

/** Opens the log lines about the open page's subject, or about the selection in focus. */
export function readLog(state: ViewState, { about = aboutNothing }: CommandEvent): ViewState {
  return stacked(state, { kind: 'log', ...about, all: false, follows: true, layouts: new WeakMap(), scroll: 0 });
}

/** Starts typing a moment. */
export function askTime(state: ViewState): ViewState {
  return { ...state, typing: true, time: '' };
}

/** A new page drops the search of the old one. */
export function withoutSearch(state: ViewState): ViewState {
  return state.search === null ? state : { ...state, search: null, typing: false };
}

/** Goes to the first match after the place where the search began. */
export function reduceSought(state: ViewState, sheet: Sheet): ViewState {
  const { search, overlay } = state;
  if (search === null || overlay === null) return state;
  const found = firstFound(search, sheet);
  return showFound(state, overlay, found ?? { current: 0, scroll: search.from }, sheet);
}

function beginSearch(state: ViewState, overlay: Overlay, sheet: Sheet | null): ViewState {
  const lastScroll = sheet?.lastScroll ?? endless;
  const from = scrolled(overlay, 0, lastScroll).scroll;
  return { ...state, typing: true, search: { text: '', current: 0, from } };
}

function goToMatch(state: ViewState, overlay: Overlay, step: number, sheet: Sheet | null): ViewState {
  if (state.search === null || sheet === null) return state;
  const { scroll } = scrolled(overlay, 0, sheet.lastScroll);
  const found = nextFound(state.search, step, scroll, sheet);
  return found === null ? state : showFound(state, overlay, found, sheet);
}

function showFound(state: ViewState, overlay: Overlay, { current, scroll }: Found, sheet: Sheet): ViewState {
  const search = state.search === null ? null : { ...state.search, current };
  return { ...state, search, overlay: scrolledTo(overlay, scroll, sheet.lastScroll) };
}

function close(state: ViewState): ViewState {
  return { ...state, search: null, overlay: state.beneath.at(-1) ?? null, beneath: state.beneath.slice(0, -1) };
}

/** Opens help over the page, or closes it. A question must be answered first. */
function helpFrom(state: ViewState, overlay: Overlay): ViewState {
  if (overlay.kind === 'help') return close(state);
  if (!isText(overlay) && overlay.kind !== 'goroutines') return state;
  const beneath = [...state.beneath, overlay];
  return { ...state, search: null, overlay: { kind: 'help', scroll: 0 }, beneath };
}

/** One step back: out of the search, the opened group, the filter, the page. */
function goBack(state: ViewState, overlay: Overlay): ViewState {
  if (isText(overlay) && state.search !== null) return { ...state, search: null };
  if (overlay.kind === 'goroutines') {
    if (overlay.opened) return { ...state, overlay: { ...overlay, opened: false } };
    if (overlay.filter !== '') return { ...state, overlay: { ...overlay, filter: '', chosen: 0 } };
  }
  return close(state);
}

function chooseCommand(state: ViewState, overlay: Overlay, step: number): ViewState {
  if (overlay.kind !== 'finding') return state;
  return { ...state, overlay: { ...overlay, chosenCommand: overlay.chosenCommand + step } };
}

function move(state: ViewState, overlay: Overlay, { command, page, sheet }: CommandEvent): ViewState {
  const step = stepOf(command, page);
  if (step === null || overlay.kind === 'confirm') return state;
  if (overlay.kind === 'daemon-choice') {
    const chosen = Math.min(overlay.daemons.length - 1, Math.max(0, overlay.chosen + step));
    return { ...state, overlay: { ...overlay, chosen } };
  }
  if (overlay.kind === 'goroutines' && !overlay.opened) {
    const last = Math.max(0, visibleGroups(overlay).length - 1);
    const chosen = Math.min(last, Math.max(0, Math.min(overlay.chosen, last) + step));
    return { ...state, overlay: { ...overlay, chosen } };
  }
  return { ...state, overlay: scrolled(overlay, step, sheet?.lastScroll ?? endless) };
}

/** Rows to move by; null if the command does not move. */
export function stepOf(command: ViewCommand, page: number): number | null {
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
      return -endless;
    case 'last':
      return endless;
    default:
      return null;
  }
}
