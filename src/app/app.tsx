import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from 'react';
import type { TimeSource } from '../timeline/time-source.ts';
import { pageLayoutOf } from '../view/terminal/layout/arrangement.ts';
import { Screen } from '../view/terminal/screen.tsx';
import { isRecording } from '../view/terminal/state/time-message.ts';
import { inOtherZone, type Theme } from '../view/terminal/theme/theme.ts';
import type { Actions } from './actions/actions.ts';
import { EarlierProfiles } from './actions/earlier-profiles.ts';
import { nodeActions } from './actions/node-actions.ts';
import type { PrintTarget } from './actions/print-screen.ts';
import type { KeptView } from './actions/save-view.ts';
import { useConnection } from './hooks/use-connection.ts';
import { useMouse } from './hooks/use-mouse.ts';
import { useNotices } from './hooks/use-notices.ts';
import { useOwnLog } from './hooks/use-own-log.ts';
import { useTimeSource } from './hooks/use-time-source.ts';
import { useView } from './hooks/use-view.ts';
import type { NoticeForm } from './notices.ts';
import { screenKeys } from './screen-keys.ts';
import { screenMouse } from './screen-mouse.ts';
import { keyNames } from './terminal/key-names.ts';
import type { TerminalEvent } from './terminal/terminal-input.ts';
import type { TerminalProps } from './terminal/terminal-props.ts';

export interface AppProps extends TerminalProps {
  /** A live node, or a recording. */
  readonly source: TimeSource;
  /** Null if the node is not reachable for actions. */
  readonly actions: Actions | null;
  readonly theme: Theme;
  readonly printTo: PrintTarget;
  /** What the reader kept of the view. */
  readonly kept: KeptView;
  /** How to call for attention when a critical finding appears; null for not at all. */
  readonly notify?: NoticeForm | null;
  /** Another screen waits: `Esc` leads back to it, where there is nothing else to go back from. */
  readonly isInner?: boolean;
  /** What `q` does; the program exits if not set. */
  readonly leave?: () => void;
}

const elsewhere = 'works only on the node itself: run rtwatch there';

/** The keys and the mouse around the pure `Screen`, over a source of moments. */
export function App(props: AppProps): ReactNode {
  const { source, actions, theme: chosenTheme, printTo, kept, notify = null, write, onTerminalEvent } = props;
  const { isInner = false } = props;
  const { state, latest, dispatch, say, sayBriefly } = useView(kept.view);
  const { otherZone } = state;
  // The same object from frame to frame: what is made for a theme is remembered with it.
  const theme = useMemo(() => (otherZone ? inOtherZone(chosenTheme) : chosenTheme), [otherZone, chosenTheme]);
  const snapshot = useTimeSource(source, theme.zone, dispatch);
  const connection = useConnection(snapshot);
  const size = useWindowSize();
  const { exit: exitApp, suspendTerminal } = useApp();
  const exit = props.leave ?? exitApp;
  const earlier = useRef(new EarlierProfiles()).current;

  const { trouble } = kept;
  useEffect(() => {
    if (trouble !== null) say(trouble, 'warning');
  }, [trouble, say]);
  useOwnLog({ actions, page: state.page, dispatch });
  useNotices(snapshot, notify, write);

  const { model, verdicts, timeline, feed } = snapshot;
  const screen = { model, verdicts, state, connection, theme, size, timeline };

  /** Jumps to the match while the search is typed. */
  const search = (): void => {
    const now = latest();
    const pageLayout = now.search === null ? null : pageLayoutOf({ ...screen, state: now });
    if (pageLayout !== null) dispatch({ type: 'searched', pageLayout });
  };
  const onNode = nodeActions({
    actions,
    noActions: feed.kind === 'recorded' ? isRecording : elsewhere,
    earlier,
    printTo,
    kept,
    screen,
    latest,
    dispatch,
    say,
    search,
    write,
    exit,
    // To give up the terminal and to take it back draws all of it anew.
    redraw: () => void suspendTerminal(() => Promise.resolve()),
  });
  const keys = screenKeys({ ...onNode, source, screen, latest, dispatch, sayBriefly, search, isInner, exit });
  const report = useMouse(screenMouse({ screen, latest, dispatch, keys }));

  const onEvent = useEffectEvent((event: TerminalEvent) => {
    if (event.kind === 'mouse') report(event);
    else if (!latest().typing) keys.press(event.name);
  });
  useEffect(() => onTerminalEvent?.((event) => onEvent(event)), [onTerminalEvent]);

  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      // `JobControl` has Ctrl-Z. Typed letters are text, not commands; only Ctrl-C still quits.
      if (name === 'ctrl+z') continue;
      if (latest().typing && name !== 'ctrl+c') keys.type(name);
      else keys.press(name);
    }
  });

  return <Screen {...screen} />;
}
