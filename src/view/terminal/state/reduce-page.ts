import { frameFormats } from '../../frame-formats.ts';
import type { ViewCommand } from '../keys.ts';
import { choiceAt, chosenOf } from '../pages/choices.ts';
import { visibleGroups } from '../pages/goroutines.ts';
import type { PageLayout } from '../pages/page-layout.ts';
import { type Found, firstFound, nextFound, scrollTo } from '../pages/search.ts';
import { backFromJump, jumped } from './jump.ts';
import { type About, hasSubject, isQuestion, isText, type OpenPage, scrolled, scrolledTo } from './page.ts';
import { closed, stacked } from './page-stack.ts';
import { type CommandEvent, saying, type ViewState } from './state.ts';

/** The end of a page whose layout is unknown. */
const endless = 1e6;
const aboutNothing: About = { containerId: null, daemon: null };

/** The keys of commands for panes, as a message names them. */
const paneKeys = { zoom: 'z', reverse: 'S', hide: 'H', tree: 'T', 'move-up': '(', 'move-down': ')' } as const;

/** Handles a command while a page is open. */
export function reducePage(state: ViewState, page: OpenPage, event: CommandEvent): ViewState {
  const { command, pageLayout = null } = event;
  switch (command) {
    case 'open':
      return page.kind === 'goroutines' && !page.opened
        ? { ...state, page: { ...page, opened: true, scroll: 0 } }
        : follow(state, page, pageLayout);
    case 'back':
      return goBack(state, page);
    case 'filter':
      if (isText(page)) return beginSearch(state, page, pageLayout);
      return page.kind === 'goroutines' ? { ...state, typing: true } : state;
    case 'next-match':
      return isText(page) ? goToMatch(state, page, 1, pageLayout) : noSearch(state);
    case 'previous-match':
      return isText(page) ? goToMatch(state, page, -1, pageLayout) : noSearch(state);
    case 'sort':
      return page.kind === 'goroutines'
        ? { ...state, page: { ...page, byGrowth: !page.byGrowth, chosen: 0 } }
        : saying(state, 's sorts panes and the list of goroutines');
    case 'focus-next':
      return choose(state, page, 1, pageLayout);
    case 'focus-previous':
      return choose(state, page, -1, pageLayout);
    case 'reveal':
      return page.kind === 'inspect'
        ? { ...state, page: { ...page, revealed: !page.revealed } }
        : saying(state, 'e works on the page of an inspect (i)');
    case 'log':
      if (page.kind !== 'log') return hasSubject(page) ? readLog(state, event) : state;
      return { ...state, search: null, page: { ...page, all: !page.all, follows: true } };
    case 'jump-back':
      return isQuestion(page) ? state : backFromJump(state);
    case 'help':
      return helpFrom(state, page);
    case 'seek':
      return askTime(state);
    case 'zone':
      return withOtherZone(state);
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'half-up':
    case 'half-down':
    case 'first':
    case 'last':
      return move(state, page, event);
    // Elsewhere `reduceCommand` leaves the page for these: a question must be answered first.
    case 'focus-0':
    case 'focus-1':
    case 'focus-2':
    case 'focus-3':
    case 'focus-4':
    case 'focus-5':
      return saying(state, 'answer first: Enter, or Esc');
    // Commands for panes only.
    case 'zoom':
    case 'reverse':
    case 'hide':
    case 'tree':
    case 'move-up':
    case 'move-down':
      return saying(state, `${paneKeys[command]} works on the panes: Esc goes back to them`);
    case 'palette':
      return state;
  }
}

/** Opens the log lines about the open page's subject, or about the selection in focus. */
export function readLog(state: ViewState, { about = aboutNothing }: CommandEvent): ViewState {
  return stacked(state, { kind: 'log', ...about, all: false, follows: true, layouts: new WeakMap(), scroll: 0 });
}

/** Starts typing a moment. */
export function askTime(state: ViewState): ViewState {
  return { ...state, typing: true, time: '' };
}

/** Shows times in the other zone: local, or UTC. */
export function withOtherZone(state: ViewState): ViewState {
  return { ...state, otherZone: !state.otherZone };
}

/** Goes to the first match after the place where the search began. */
export function reduceSearched(state: ViewState, pageLayout: PageLayout): ViewState {
  const { search, page } = state;
  if (search === null || page === null) return state;
  const found = firstFound(search, pageLayout);
  return showFound(state, page, found ?? { current: 0, scroll: search.from }, pageLayout);
}

function beginSearch(state: ViewState, page: OpenPage, pageLayout: PageLayout | null): ViewState {
  const lastScroll = pageLayout?.lastScroll ?? endless;
  const from = scrolled(page, 0, lastScroll).scroll;
  return { ...state, typing: true, search: { text: '', current: 0, from } };
}

function goToMatch(state: ViewState, page: OpenPage, step: number, pageLayout: PageLayout | null): ViewState {
  if (state.search === null || pageLayout === null) return noSearch(state);
  const { scroll } = scrolled(page, 0, pageLayout.lastScroll);
  const found = nextFound(state.search, step, scroll, pageLayout);
  return found === null ? state : showFound(state, page, found, pageLayout);
}

function showFound(state: ViewState, page: OpenPage, { current, scroll }: Found, pageLayout: PageLayout): ViewState {
  const search = state.search === null ? null : { ...state.search, current };
  return { ...state, search, page: scrolledTo(page, scroll, pageLayout.lastScroll) };
}

/** Opens help over the page, or closes it. A question must be answered first. */
function helpFrom(state: ViewState, page: OpenPage): ViewState {
  if (page.kind === 'help') return closed(state);
  if (!isText(page) && page.kind !== 'goroutines') return state;
  return stacked(state, { kind: 'help', over: page.kind, scroll: 0 });
}

/** One step back: out of the search, the opened group, the filter, the page. */
function goBack(state: ViewState, page: OpenPage): ViewState {
  if (isText(page) && state.search !== null) return { ...state, search: null };
  if (page.kind === 'goroutines') {
    if (page.opened) return { ...state, page: { ...page, opened: false } };
    if (page.filter !== '') return { ...state, page: { ...page, filter: '', chosen: 0 } };
  }
  return closed(state);
}

function noSearch(state: ViewState): ViewState {
  return saying(state, 'nothing is searched for: / begins a search');
}

/** Jumps to the selected link. */
function follow(state: ViewState, page: OpenPage, pageLayout: PageLayout | null): ViewState {
  const choice = choiceAt(pageLayout?.choices ?? [], chosenOf(page));
  return choice === null ? saying(state, 'Esc goes back') : jumped(state, choice.target);
}

/** Selects another command or link, and brings it in sight. */
function choose(state: ViewState, page: OpenPage, step: number, pageLayout: PageLayout | null): ViewState {
  const chosen = (chosenOf(page) ?? 0) + step;
  const choice = choiceAt(pageLayout?.choices ?? [], chosen);
  const isPossible = page.kind === 'finding' || page.kind === 'details';
  if (!isPossible || (pageLayout !== null && choice === null)) {
    return saying(state, 'nothing to select on this page; 0 to 5 go to a pane');
  }
  const scroll = choice === null || pageLayout === null ? page.scroll : scrollTo(choice.line, page.scroll, pageLayout);
  return { ...state, page: { ...page, chosen, scroll } };
}

function move(state: ViewState, page: OpenPage, event: CommandEvent): ViewState {
  const { command, times = 1, pageRows, pageLayout } = event;
  const once = stepOf(command, pageRows);
  if (once === null || page.kind === 'confirm') return state;
  const step = once * times;
  if (page.kind === 'daemon-choice') {
    const chosen = Math.min(page.daemons.length - 1, Math.max(0, page.chosen + step));
    return { ...state, page: { ...page, chosen } };
  }
  if (page.kind === 'print-choice') {
    const chosen = Math.min(frameFormats.length - 1, Math.max(0, page.chosen + step));
    return { ...state, page: { ...page, chosen } };
  }
  if (page.kind === 'palette') return { ...state, page: { ...page, chosen: page.chosen + step } };
  if (page.kind === 'goroutines' && !page.opened) {
    const last = Math.max(0, visibleGroups(page).length - 1);
    const chosen = Math.min(last, Math.max(0, Math.min(page.chosen, last) + step));
    return { ...state, page: { ...page, chosen } };
  }
  // Where nothing scrolls, the arrows go from link to link.
  const isWhole = pageLayout?.lastScroll === 0 && pageLayout.choices.length > 1;
  if (isWhole && (command === 'up' || command === 'down')) return choose(state, page, step, pageLayout);
  return { ...state, page: scrolled(page, step, pageLayout?.lastScroll ?? endless) };
}

/** Rows to move by; null if the command does not move. */
export function stepOf(command: ViewCommand, pageRows: number): number | null {
  switch (command) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -pageRows;
    case 'page-down':
      return pageRows;
    case 'half-up':
      return -Math.max(1, Math.floor(pageRows / 2));
    case 'half-down':
      return Math.max(1, Math.floor(pageRows / 2));
    case 'first':
      return -endless;
    case 'last':
      return endless;
    default:
      return null;
  }
}
