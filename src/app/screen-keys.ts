import type { TimeSource } from '../timeline/time-source.ts';
import { commandOfKey, type ViewCommand } from '../view/terminal/keys.ts';
import { pageLayoutOf, pageLength, type ScreenProps } from '../view/terminal/layout/arrangement.ts';
import { chosenEntry } from '../view/terminal/pages/palette.ts';
import type { PalettePage } from '../view/terminal/pages/palette-page.ts';
import { paneOf } from '../view/terminal/panes/panes.ts';
import { agreedTo } from '../view/terminal/state/page.ts';
import { aboutOf, focusedOf, settledFocus } from '../view/terminal/state/selection.ts';
import { columnOfLetter } from '../view/terminal/state/sort-letters.ts';
import type { ViewEvent, ViewState } from '../view/terminal/state/state.ts';
import type { NodeActions } from './actions/node-actions.ts';
import { keyText } from './terminal/key-names.ts';

interface ScreenKeysInput extends NodeActions {
  readonly source: TimeSource;
  /** As drawn; newer choices of the reader are in `latest`. */
  readonly screen: ScreenProps;
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly sayBriefly: (text: string) => void;
  /** Jumps to the search match in the open page. */
  readonly search: () => void;
  /** Another screen waits: `Esc` leads back to it, where there is nothing else to go back from. */
  readonly isInner: boolean;
  readonly exit: () => void;
}

/** What keys do, by their names. */
export interface ScreenKeys {
  /** A key that is a command. */
  readonly press: (name: string) => void;
  /** A key while the reader types: a filter, a search, a moment, in the palette. */
  readonly type: (name: string) => void;
  readonly obeyView: (command: ViewCommand, times?: number) => void;
  /** From the first key on, where the focus is stays the reader's choice. */
  readonly settle: () => void;
}

/** Keys of the palette that are no text. */
const stepsInPalette: ReadonlyMap<string, ViewCommand> = new Map([
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['shift+tab', 'up'],
  ['tab', 'down'],
]);

/** The keys around the pure `Screen`. */
export function screenKeys(input: ScreenKeysInput): ScreenKeys {
  const { source, screen, latest, dispatch, obey, exit } = input;
  const obeyView = (command: ViewCommand, times = 1): void => {
    if (command === 'open' && answers(input)) return;
    const now = { ...screen, state: latest() };
    const { pane, keys } = focusedOf(screen, now.state);
    const about = aboutOf(screen, now.state);
    const pageRows = pageLength(now);
    dispatch({ type: 'command', command, times, keys, pane, about, pageRows, pageLayout: pageLayoutOf(now) });
  };

  const settle = (): void => {
    if (latest().findingsPane.focused !== null) return;
    dispatch({ type: 'focus-settled', focused: settledFocus(screen.verdicts, latest()) });
  };

  const press = (name: string): void => {
    if (sorts(input, name)) return;
    const asked = commandOfKey(name);
    const isOfTime = asked?.owner === 'time' || asked?.owner === 'source';
    if (asked !== null && !isOfTime) settle();
    switch (asked?.owner) {
      case undefined:
        input.sayBriefly(`no such key: ${keyText(name)} (? for help)`);
        return;
      case 'view':
        if (input.isInner && asked.command === 'back' && isAtTop(latest())) exit();
        else obeyView(asked.command);
        return;
      case 'time':
      case 'source':
        source.obey(asked.command);
        return;
      case 'action':
        obey(asked.command);
        return;
    }
  };

  const inPalette = (page: PalettePage, name: string): void => {
    const entry = name === 'return' ? chosenEntry(screen, page) : null;
    const step = stepsInPalette.get(name);
    if (step !== undefined) obeyView(step);
    else if (name === 'escape') dispatch({ type: 'typing-ended', keep: false });
    else typeText(input, name);
    if (entry === null) return;
    // The command is that of what is beneath the palette.
    dispatch({ type: 'typing-ended', keep: false });
    const { run } = entry;
    if (run.kind === 'key') press(run.key);
    else if (run.kind === 'jump') dispatch({ type: 'jumped', target: run.target });
    else dispatch({ type: 'went', pane: run.pane, filter: run.filter });
  };

  const type = (name: string): void => {
    const { time, page } = latest();
    if (page?.kind === 'palette') {
      inPalette(page, name);
      return;
    }
    if (name === 'return') {
      dispatch({ type: 'typing-ended', keep: true });
      if (time !== null && time.trim() !== '') source.seek(time, screen.theme.zone);
    } else if (name === 'escape') dispatch({ type: 'typing-ended', keep: false });
    else typeText(input, name);
    if (time === null) input.search();
  };

  return { press, type, obeyView, settle };
}

/** Whether there was a question, which is answered now. */
function answers({ latest, serve, print }: ScreenKeysInput): boolean {
  const { page } = latest();
  const agreed = agreedTo(page);
  if (agreed !== null) serve(agreed);
  else if (page?.kind === 'print-choice') print(page.chosen);
  else return false;
  return true;
}

/** Whether there is nothing to go back from: no page, search or filter, and all panes. */
function isAtTop({ page, search, zoomed, focus, panes }: ViewState): boolean {
  return page === null && search === null && !zoomed && panes[focus].filter === '';
}

/** While letters sort: whether the key was one of a heading, or the end of it. */
function sorts({ latest, dispatch }: ScreenKeysInput, name: string): boolean {
  const { sorting, focus } = latest();
  const ends = name === 'return' || name === 'escape';
  if (!sorting || (!ends && columnOfLetter(paneOf(focus).columns, name) === null)) return false;
  dispatch({ type: 'sort-letter', letter: ends ? null : name });
  return true;
}

function typeText({ dispatch }: ScreenKeysInput, name: string): void {
  if (name === 'backspace' || name === 'delete') dispatch({ type: 'erased' });
  else if ([...name].length === 1) dispatch({ type: 'typed', text: name });
}
