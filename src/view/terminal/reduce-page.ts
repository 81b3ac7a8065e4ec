import type { Command } from './keys.ts';
import { isText, type Overlay, scrolled, scrolledTo } from './page.ts';
import { visibleGroups } from './pages/goroutines.ts';
import { type Found, firstFound, nextFound } from './pages/search.ts';
import type { Sheet } from './pages/sheet.ts';
import type { CommandEvent, ViewState } from './state.ts';

/** Where the sheet is not told, a page has no end. */
const endless = 1e6;

/** What a key does while a page is open. */
export function reduceOverlay(state: ViewState, overlay: Overlay, event: CommandEvent): ViewState {
  const { command, page, sheet = null } = event;
  if (isText(overlay)) {
    if (command === 'filter') return beginSearch(state, overlay, sheet);
    if (command === 'back' && state.search !== null) return { ...state, search: null };
    if (command === 'next-match') return goToMatch(state, overlay, 1, sheet);
    if (command === 'previous-match') return goToMatch(state, overlay, -1, sheet);
  }
  if (overlay.kind === 'goroutines') return reduceGoroutines(state, overlay, event);
  if (command === 'back' || command === 'open') return close(state);
  if (command === 'help') return helpFrom(state, overlay);
  if (overlay.kind === 'inspect' && command === 'reveal') {
    return { ...state, overlay: { ...overlay, revealed: !overlay.revealed } };
  }
  if (overlay.kind === 'log' && command === 'log') {
    return { ...state, search: null, overlay: { ...overlay, all: !overlay.all, follows: true } };
  }
  if (overlay.kind === 'finding' && (command === 'focus-next' || command === 'focus-previous')) {
    const chosenCommand = overlay.chosenCommand + (command === 'focus-next' ? 1 : -1);
    return { ...state, overlay: { ...overlay, chosenCommand } };
  }
  const step = stepOf(command, page);
  if (step === null || overlay.kind === 'confirm') return state;
  if (overlay.kind === 'daemon-choice') {
    const chosen = Math.min(overlay.daemons.length - 1, Math.max(0, overlay.chosen + step));
    return { ...state, overlay: { ...overlay, chosen } };
  }
  return { ...state, overlay: scrolled(overlay, step, sheet?.lastScroll ?? endless) };
}

/** What was typed is looked for from where the search began. */
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

/** Help opens over a page that it explains, and closes itself. A question must be answered first. */
function helpFrom(state: ViewState, overlay: Overlay): ViewState {
  if (overlay.kind === 'help') return close(state);
  if (!isText(overlay) && overlay.kind !== 'goroutines') return state;
  const beneath = [...state.beneath, overlay];
  return { ...state, search: null, overlay: { kind: 'help', scroll: 0 }, beneath };
}

function reduceGoroutines(
  state: ViewState,
  overlay: Extract<Overlay, { kind: 'goroutines' }>,
  { command, page, sheet }: CommandEvent,
): ViewState {
  const change = (next: Partial<typeof overlay>): ViewState => ({ ...state, overlay: { ...overlay, ...next } });
  if (command === 'filter' && !overlay.opened) return { ...state, typing: true };
  if (command === 'help') return helpFrom(state, overlay);
  if (command === 'sort') return change({ byGrowth: !overlay.byGrowth, chosen: 0 });
  if (command === 'open' && !overlay.opened) return change({ opened: true, scroll: 0 });
  if (command === 'back' && overlay.opened) return change({ opened: false });
  if (command === 'back' && overlay.filter !== '') return change({ filter: '', chosen: 0 });
  if (command === 'back' || command === 'open') return close(state);
  const step = stepOf(command, page);
  if (step === null) return state;
  if (overlay.opened) return { ...state, overlay: scrolled(overlay, step, sheet?.lastScroll ?? endless) };
  const last = Math.max(0, visibleGroups(overlay).length - 1);
  return change({ chosen: Math.min(last, Math.max(0, Math.min(overlay.chosen, last) + step)) });
}

/** Rows to move by; null when the command does not move. */
export function stepOf(command: Command, page: number): number | null {
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
