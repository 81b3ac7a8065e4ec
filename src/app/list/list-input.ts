import { type ListHit, listHitAt } from '../../view/terminal/list/list-hit.ts';
import { listCommandOf } from '../../view/terminal/list/list-keys.ts';
import { type ListScreenProps, listPageRows } from '../../view/terminal/list/list-layout.ts';
import type { ListPane } from '../../view/terminal/list/list-pane.ts';
import { type ListViewCommand, paneStateOf, selectedOf } from '../../view/terminal/list/list-state.ts';
import { clipboardSequence } from '../actions/clipboard.ts';
import type { MouseInput } from '../hooks/use-mouse.ts';
import { keyText } from '../terminal/key-names.ts';
import type { ListView } from './use-list.ts';

interface ListInputOptions {
  readonly list: Pick<ListView, 'latest' | 'dispatch' | 'say'>;
  /** What is drawn now. */
  readonly screen: () => ListScreenProps;
  readonly open: (pane: string, key: string, panes: readonly ListPane[]) => void;
  readonly obey: (command: 'pause' | 'slower' | 'faster') => void;
  /** Sends a sequence to the terminal. */
  readonly write: (sequence: string) => void;
  readonly redraw: () => void;
  readonly quit: () => void;
}

/** What the keys and the mouse do on a list. */
interface ListInput {
  readonly key: (name: string) => void;
  readonly mouse: MouseInput<ListHit>;
}

export function listInput(options: ListInputOptions): ListInput {
  const { list, screen, open } = options;
  const { latest, dispatch } = list;
  const view = (command: ListViewCommand, times = 1): void =>
    dispatch({ type: 'command', command, pageRows: listPageRows(screen()), times }, screen().panes);
  return {
    key: (name) => {
      if (!takes(name, options)) press(name, options, view);
    },
    mouse: {
      hitAt: (column, row) => listHitAt(screen(), column, row),
      click: ({ pane, key, column }, twice) => {
        const { panes } = screen();
        if (latest().typing) dispatch({ type: 'typing-ended', keep: true }, panes);
        if (column !== null) dispatch({ type: 'sorted', pane, column }, panes);
        else dispatch({ type: 'chosen', pane, key }, panes);
        if (twice && key !== null) open(pane, key, panes);
      },
      wheel: ({ pane }, rows) => {
        if (latest().page === null && latest().focus !== pane) {
          dispatch({ type: 'chosen', pane, key: paneStateOf(latest(), pane).chosen }, screen().panes);
        }
        view(rows < 0 ? 'up' : 'down', Math.abs(rows));
      },
    },
  };
}

/** While letters are typed, or sort: whether the key was one of them. */
function takes(name: string, { list: { latest, dispatch }, screen }: ListInputOptions): boolean {
  const { typing, sorting, page } = latest();
  const { panes } = screen();
  if (name === 'ctrl+c') return false;
  if (typing) {
    if (name === 'return') dispatch({ type: 'typing-ended', keep: true }, panes);
    else if (name === 'escape') dispatch({ type: 'typing-ended', keep: false }, panes);
    else if (name === 'backspace' || name === 'delete') dispatch({ type: 'erased' }, panes);
    else if ([...name].length === 1) dispatch({ type: 'typed', text: name }, panes);
    return true;
  }
  if (!sorting || page !== null) return false;
  const ends = name === 'return' || name === 'escape';
  const column = ends ? null : (selectedOf(latest(), panes)?.pane.columnOfLetter(name) ?? null);
  if (ends || column !== null) dispatch({ type: 'sort-letter', letter: ends ? null : name }, panes);
  return ends || column !== null;
}

function press(name: string, options: ListInputOptions, view: (command: ListViewCommand) => void): void {
  const command = listCommandOf(name);
  switch (command) {
    case null:
      options.list.say(`no such key: ${keyText(name)} (? for help)`);
      return;
    case 'quit':
      options.quit();
      return;
    case 'redraw':
      options.redraw();
      return;
    case 'copy':
      copySelected(options);
      return;
    case 'open':
      // On the page of a row it opens that row.
      if (options.list.latest().page?.kind !== 'help') openSelected(options);
      return;
    case 'pause':
    case 'slower':
    case 'faster':
      options.obey(command);
      return;
    default:
      view(command);
  }
}

function openSelected({ list, screen, open }: ListInputOptions): void {
  const { panes } = screen();
  const selected = selectedOf(list.latest(), panes);
  if (selected !== null && selected.key !== null) open(selected.pane.id, selected.key, panes);
}

function copySelected({ list, screen, write }: ListInputOptions): void {
  const selected = selectedOf(list.latest(), screen().panes);
  const name = selected === null || selected.key === null ? null : selected.pane.nameOf(selected.key);
  if (name === null) return;
  write(clipboardSequence(name));
  list.say(`sent to clipboard (OSC 52): ${name}`, 'good');
}
