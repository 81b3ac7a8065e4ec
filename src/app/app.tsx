import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useSyncExternalStore } from 'react';
import type { TimeSource } from '../timeline/time-source.ts';
import { pageLayoutOf, pageLength } from '../view/terminal/arrangement.ts';
import { hitAt } from '../view/terminal/hit.ts';
import { commandOfKey, type ViewCommand } from '../view/terminal/keys.ts';
import { agreedTo } from '../view/terminal/page.ts';
import { chosenEntry } from '../view/terminal/pages/palette.ts';
import type { PalettePage } from '../view/terminal/pages/palette-page.ts';
import { paneOf } from '../view/terminal/panes/panes.ts';
import { Screen } from '../view/terminal/screen.tsx';
import { aboutOf, focusedOf, settledFocus } from '../view/terminal/selection.ts';
import { columnOfLetter } from '../view/terminal/sort-letters.ts';
import type { ViewState } from '../view/terminal/state.ts';
import { inOtherZone, type Theme } from '../view/terminal/theme.ts';
import { isRecording, timeMessage } from '../view/terminal/time-message.ts';
import type { Actions } from './actions.ts';
import { EarlierProfiles } from './earlier-profiles.ts';
import { keyNames, keyText } from './key-names.ts';
import { nodeActions } from './node-actions.ts';
import { type NoticeForm, Notices, noticeSequence } from './notices.ts';
import type { PrintTarget } from './print-screen.ts';
import type { KeptView } from './save-view.ts';
import type { TerminalEvent } from './terminal-input.ts';
import type { TerminalProps } from './terminal-props.ts';
import { useConnection } from './use-connection.ts';
import { useMouse } from './use-mouse.ts';
import { useOwnLog } from './use-own-log.ts';
import { useView } from './use-view.ts';

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

/** Keys of the palette that are no text. */
const stepsInPalette: ReadonlyMap<string, ViewCommand> = new Map([
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['shift+tab', 'up'],
  ['tab', 'down'],
]);

/** Whether there is nothing to go back from: no page, search or filter, and all panes. */
function isAtTop({ page, search, zoomed, focus, panes }: ViewState): boolean {
  return page === null && search === null && !zoomed && panes[focus].filter === '';
}

const elsewhere = 'works only on the node itself: run rtwatch there';

/** The keys around the pure `Screen`, over a source of moments. */
export function App(props: AppProps): ReactNode {
  const { source, actions, theme: chosenTheme, printTo, kept, notify = null, write, onTerminalEvent } = props;
  const { isInner = false } = props;
  const view = useView(kept.view);
  const { latest, dispatch, say, sayBriefly } = view;
  const snapshot = useSyncExternalStore(source.subscribe, source.getSnapshot);
  const connection = useConnection(snapshot);
  const size = useWindowSize();
  const { exit: exitApp, suspendTerminal } = useApp();
  const exit = props.leave ?? exitApp;
  const { otherZone } = view.state;
  // The same object from frame to frame: what is made for a theme is remembered with it.
  const theme = useMemo(() => (otherZone ? inOtherZone(chosenTheme) : chosenTheme), [otherZone, chosenTheme]);
  const { zone } = theme;
  // What a notice says follows the zone; the source does not begin anew for it.
  const shownZone = useRef(zone);
  shownZone.current = zone;
  const earlier = useRef(new EarlierProfiles()).current;
  useEffect(() => {
    source.start((notice) => {
      const message = timeMessage(notice, shownZone.current);
      if (message !== null) dispatch({ type: 'message', message });
    });
    return () => source.close();
  }, [source, dispatch]);

  const { trouble } = kept;
  useEffect(() => {
    if (trouble !== null) say(trouble, 'warning');
  }, [trouble, say]);

  useOwnLog({ actions, page: view.state.page, dispatch });

  const { model, verdicts, timeline, feed } = snapshot;
  const screen = { model, verdicts, state: view.state, connection, theme, size, timeline };

  const notices = useRef(new Notices()).current;
  // The past has no news.
  const isNews = notify !== null && feed.kind === 'live' && timeline === null;
  useEffect(() => {
    const text = isNews ? notices.take(verdicts, model.host?.hostname ?? null) : null;
    if (text !== null && notify !== null) write(noticeSequence(notify, text));
  }, [isNews, notices, verdicts, model, notify, write]);

  /** Jumps to the match while the search is typed. */
  const search = (): void => {
    const now = latest();
    const pageLayout = now.search === null ? null : pageLayoutOf({ ...screen, state: now });
    if (pageLayout !== null) dispatch({ type: 'searched', pageLayout });
  };

  const { obey, serve, print } = nodeActions({
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

  const obeyView = (command: ViewCommand, times = 1): void => {
    const agreed = command === 'open' ? agreedTo(latest().page) : null;
    if (agreed !== null) {
      serve(agreed);
      return;
    }
    const { page } = latest();
    if (command === 'open' && page?.kind === 'print-choice') {
      print(page.chosen);
      return;
    }
    const now = { ...screen, state: latest() };
    const { pane, keys } = focusedOf(screen, now.state);
    const about = aboutOf(screen, now.state);
    dispatch({
      type: 'command',
      command,
      times,
      keys,
      pane,
      about,
      pageRows: pageLength(now),
      pageLayout: pageLayoutOf(now),
    });
  };

  /** From the first key on, where the focus is stays the reader's choice. */
  const settle = (): void => {
    if (latest().findingsPane.focused !== null) return;
    dispatch({ type: 'focus-settled', focused: settledFocus(verdicts, latest()) });
  };

  /** While letters sort: whether the key was one of a heading, or the end of it. */
  const sorts = (name: string): boolean => {
    const { sorting, focus } = latest();
    const ends = name === 'return' || name === 'escape';
    if (!sorting || (!ends && columnOfLetter(paneOf(focus).columns, name) === null)) return false;
    dispatch({ type: 'sort-letter', letter: ends ? null : name });
    return true;
  };

  const press = (name: string): void => {
    if (sorts(name)) return;
    const asked = commandOfKey(name);
    const isOfTime = asked?.owner === 'time' || asked?.owner === 'source';
    if (asked !== null && !isOfTime) settle();
    switch (asked?.owner) {
      case undefined:
        sayBriefly(`no such key: ${keyText(name)} (? for help)`);
        return;
      case 'view':
        if (isInner && asked.command === 'back' && isAtTop(latest())) exit();
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
    else if (name === 'backspace' || name === 'delete') dispatch({ type: 'erased' });
    else if ([...name].length === 1) dispatch({ type: 'typed', text: name });
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
      if (time !== null && time.trim() !== '') source.seek(time, zone);
    } else if (name === 'escape') dispatch({ type: 'typing-ended', keep: false });
    else if (name === 'backspace' || name === 'delete') dispatch({ type: 'erased' });
    else if ([...name].length === 1) dispatch({ type: 'typed', text: name });
    if (time === null) search();
  };

  const report = useMouse({
    hitAt: (column, row) => hitAt(screen, column, row),
    click: (hit, twice) => {
      const isPalette = latest().page?.kind === 'palette';
      if (latest().typing && !isPalette) type('return');
      // Beside the palette, a press closes it.
      if (isPalette && hit.kind !== 'page') type('escape');
      if (hit.kind === 'hint') press(hit.key);
      else dispatch({ type: 'clicked', hit, twice });
      if (isPalette && hit.kind === 'page' && twice) type('return');
      if (hit.kind === 'page' && twice && agreedTo(latest().page)?.confirmed === null) press('return');
    },
    wheel: (hit, rows) => {
      const isOnPage = latest().page !== null;
      if (hit.kind === 'hint' || isOnPage !== (hit.kind === 'page')) return;
      settle();
      if (hit.kind === 'findings') dispatch({ type: 'clicked', hit: { ...hit, key: null }, twice: false });
      if (hit.kind === 'pane') dispatch({ type: 'clicked', hit: { ...hit, key: null, column: null }, twice: false });
      obeyView(rows < 0 ? 'up' : 'down', Math.abs(rows));
    },
  });

  const onEvent = useEffectEvent((event: TerminalEvent) => {
    if (event.kind === 'mouse') report(event);
    else if (!latest().typing) press(event.name);
  });
  useEffect(() => onTerminalEvent?.((event) => onEvent(event)), [onTerminalEvent]);

  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      // `JobControl` has Ctrl-Z. Typed letters are text, not commands; only Ctrl-C still quits.
      if (name === 'ctrl+z') continue;
      if (latest().typing && name !== 'ctrl+c') type(name);
      else press(name);
    }
  });

  return <Screen {...screen} />;
}
