import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useEffectEvent, useMemo } from 'react';
import { type ListHit, listHitAt } from '../../view/terminal/list/list-hit.ts';
import { listCommandOf } from '../../view/terminal/list/list-keys.ts';
import { type ListScreenProps, listBlocks, listPageRows } from '../../view/terminal/list/list-layout.ts';
import type { ListPane } from '../../view/terminal/list/list-pane.ts';
import { ListScreen } from '../../view/terminal/list/list-screen.tsx';
import { type ListViewCommand, paneStateOf, selectedOf } from '../../view/terminal/list/list-state.ts';
import type { Line } from '../../view/terminal/parts/line.ts';
import { inOtherZone, type Theme } from '../../view/terminal/theme/theme.ts';
import { clipboardSequence } from '../actions/clipboard.ts';
import { useMouse } from '../hooks/use-mouse.ts';
import { keyNames, keyText } from '../terminal/key-names.ts';
import type { TerminalEvent } from '../terminal/terminal-input.ts';
import type { TerminalProps } from '../terminal/terminal-props.ts';
import type { ListView } from './use-list.ts';

/** What a list shows in a theme and a width. */
export interface ListContent {
  readonly header: readonly Line[];
  readonly panes: readonly ListPane[];
}

interface ListAppProps extends TerminalProps {
  readonly list: ListView;
  readonly theme: Theme;
  /** The same function as long as the same is known. */
  readonly content: (theme: Theme, columns: number) => ListContent;
  /** `Enter`, or a second click, on a row. */
  readonly open: (pane: string, key: string, panes: readonly ListPane[]) => void;
  readonly obey: (command: 'pause' | 'slower' | 'faster') => void;
  /** The keys of the rows that are on the screen, by pane. */
  readonly onShown?: (pane: string, keys: readonly string[]) => void;
}

/** The keys and the mouse around the pure `ListScreen`. */
export function ListApp({ list, theme: chosen, content, open, obey, onShown, ...terminal }: ListAppProps): ReactNode {
  const { write, onTerminalEvent } = terminal;
  const { latest, state, dispatch, say } = list;
  const size = useWindowSize();
  const { exit, suspendTerminal } = useApp();
  const theme = useMemo(() => (state.otherZone ? inOtherZone(chosen) : chosen), [state.otherZone, chosen]);
  const { header, panes } = useMemo(() => content(theme, size.columns), [content, theme, size.columns]);
  const screen = (): ListScreenProps => ({ header, panes, theme, size, state: latest() });

  const view = (command: ListViewCommand, times = 1): void =>
    dispatch({ type: 'command', command, pageRows: listPageRows(screen()), times }, panes);

  const openSelected = (): void => {
    const selected = selectedOf(latest(), panes);
    if (selected !== null && selected.key !== null) open(selected.pane.id, selected.key, panes);
  };

  const copy = (): void => {
    const selected = selectedOf(latest(), panes);
    const name = selected === null || selected.key === null ? null : selected.pane.nameOf(selected.key);
    if (name === null) return;
    write(clipboardSequence(name));
    say(`sent to clipboard (OSC 52): ${name}`, 'good');
  };

  const press = (name: string): void => {
    const command = listCommandOf(name);
    switch (command) {
      case null:
        say(`no such key: ${keyText(name)} (? for help)`);
        return;
      case 'quit':
        exit();
        return;
      case 'redraw':
        // To give up the terminal and to take it back draws all of it anew.
        void suspendTerminal(() => Promise.resolve());
        return;
      case 'copy':
        copy();
        return;
      case 'open':
        // On the page of a row it opens that row.
        if (latest().page?.kind !== 'help') openSelected();
        return;
      case 'pause':
      case 'slower':
      case 'faster':
        obey(command);
        return;
      default:
        view(command);
    }
  };

  /** While letters are typed, or sort: whether the key was one of them. */
  const takes = (name: string): boolean => {
    const { typing, sorting, page } = latest();
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
  };

  const click = (hit: ListHit, twice: boolean): void => {
    if (latest().typing) dispatch({ type: 'typing-ended', keep: true }, panes);
    if (hit.column !== null) dispatch({ type: 'sorted', pane: hit.pane, column: hit.column }, panes);
    else dispatch({ type: 'chosen', pane: hit.pane, key: hit.key }, panes);
    if (twice && hit.key !== null) open(hit.pane, hit.key, panes);
  };
  const report = useMouse<ListHit>({
    hitAt: (column, row) => listHitAt(screen(), column, row),
    click,
    wheel: ({ pane }, rows) => {
      if (latest().page === null && latest().focus !== pane) {
        dispatch({ type: 'chosen', pane, key: paneStateOf(latest(), pane).chosen }, panes);
      }
      view(rows < 0 ? 'up' : 'down', Math.abs(rows));
    },
  });

  const onEvent = useEffectEvent((event: TerminalEvent) => {
    if (event.kind === 'mouse') report(event);
    else if (!takes(event.name)) press(event.name);
  });
  useEffect(() => onTerminalEvent?.((event) => onEvent(event)), [onTerminalEvent]);

  useInput((input, key) => {
    // `JobControl` has Ctrl-Z.
    for (const name of keyNames(input, key)) if (name !== 'ctrl+z' && !takes(name)) press(name);
  });

  useEffect(() => {
    for (const { pane, frame } of listBlocks({ header, panes, theme, size, state })) {
      if (pane !== null)
        onShown?.(
          pane,
          frame.lines.flatMap(({ key }) => key ?? []),
        );
    }
  }, [header, panes, theme, size, state, onShown]);

  return <ListScreen {...{ header, panes, theme, size, state }} />;
}
