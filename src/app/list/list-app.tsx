import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useEffectEvent, useMemo } from 'react';
import { listBlocks } from '../../view/terminal/list/list-layout.ts';
import type { ListPane } from '../../view/terminal/list/list-pane.ts';
import { ListScreen } from '../../view/terminal/list/list-screen.tsx';
import type { Line } from '../../view/terminal/parts/line.ts';
import { inOtherZone, type Theme } from '../../view/terminal/theme/theme.ts';
import { useMouse } from '../hooks/use-mouse.ts';
import { keyNames } from '../terminal/key-names.ts';
import type { TerminalEvent } from '../terminal/terminal-input.ts';
import type { TerminalProps } from '../terminal/terminal-props.ts';
import { listInput } from './list-input.ts';
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
  const { latest, state } = list;
  const size = useWindowSize();
  const { exit, suspendTerminal } = useApp();
  const theme = useMemo(() => (state.otherZone ? inOtherZone(chosen) : chosen), [state.otherZone, chosen]);
  const { header, panes } = useMemo(() => content(theme, size.columns), [content, theme, size.columns]);
  const { key: press, mouse } = listInput({
    list,
    open,
    obey,
    write,
    quit: exit,
    screen: () => ({ header, panes, theme, size, state: latest() }),
    // To give up the terminal and to take it back draws all of it anew.
    redraw: () => void suspendTerminal(() => Promise.resolve()),
  });
  const report = useMouse(mouse);

  const onEvent = useEffectEvent((event: TerminalEvent) => {
    if (event.kind === 'mouse') report(event);
    else press(event.name);
  });
  useEffect(() => onTerminalEvent?.((event) => onEvent(event)), [onTerminalEvent]);

  useInput((input, key) => {
    // `JobControl` has Ctrl-Z.
    for (const name of keyNames(input, key)) if (name !== 'ctrl+z') press(name);
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
