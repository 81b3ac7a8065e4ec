import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useCallback, useMemo, useReducer, useRef } from 'react';
import { formatBytes, formatCount } from '../view/format.ts';
import type { Connection } from '../view/terminal/connection.ts';
import { type Command, commandOf } from '../view/terminal/keys.ts';
import type { Look } from '../view/terminal/look.ts';
import { paneOf } from '../view/terminal/panes/panes.ts';
import { rowsOf } from '../view/terminal/rows.ts';
import { pageLength, Screen } from '../view/terminal/screen.tsx';
import { chosenKey, type InspectAnswer, initialState, reduceView } from '../view/terminal/state.ts';
import type { Actions } from './actions.ts';
import { faster, slower } from './intervals.ts';
import { keyNames, type PressedKey } from './key-names.ts';
import { useConnection } from './use-connection.ts';
import { type OpenLink, useNode } from './use-node.ts';

export interface AppProps {
  readonly open: OpenLink;
  /** Null when the node is not this machine: nothing can be done there. */
  readonly actions: Actions | null;
  readonly intervalMs: number;
  readonly look: Look;
}

/** The live screen: the hooks around the pure `Screen`. */
export function App({ open, actions, intervalMs, look }: AppProps): ReactNode {
  const size = useWindowSize();
  const { exit } = useApp();
  const [state, dispatch] = useReducer(reduceView, initialState(intervalMs));
  const { node, link } = useNode(open);
  const held = useRef(node);
  if (!state.paused) held.current = node;
  const shown = state.paused ? held.current : node;
  const connection: Connection = useConnection({ ...node, heardAt: shown.heardAt }, state.paused);

  const say = useCallback(
    (text: string, tone: 'plain' | 'good' | 'warning' = 'plain') => dispatch({ type: 'said', message: { text, tone } }),
    [],
  );

  const screen = { model: shown.model, verdicts: shown.verdicts, state, connection, look, size };
  const pane = paneOf(state.focus);
  const visible = useMemo(
    () => rowsOf(pane, shown.model, state.panes[state.focus], look) ?? [],
    [pane, shown.model, state.panes, state.focus, look],
  );
  const keys = visible.map((row) => pane.key(row));
  const chosen = visible.find((row) => pane.key(row) === chosenKey(state, keys));

  const dump = (daemon: string): void => {
    dispatch({ type: 'overlaid', overlay: null });
    if (actions === null) {
      say('only the node itself can dump its daemons: run rtwatch there', 'warning');
      return;
    }
    say(`dumping the goroutines of ${daemon} …`);
    const endpoint = shown.model.daemons.find(({ name }) => name === daemon)?.endpoint ?? null;
    actions.dump(daemon, endpoint).then(
      ({ path, goroutines, bytes, truncated }) => {
        const cut = truncated ? ', cut off by the daemon at 64 MiB' : '';
        const size = `${formatCount(goroutines)} goroutines of ${daemon} (${formatBytes(bytes)}${cut})`;
        say(`${size}: ${path}`, truncated ? 'warning' : 'good');
      },
      (error: Error) => say(`no dump of ${daemon}: ${error.message}`, 'warning'),
    );
  };

  /** The daemon of the chosen row, else the person is asked. */
  const chooseDump = (): void => {
    const daemon = chosen === undefined ? null : (pane.daemonOf?.(chosen) ?? null);
    const daemons = shown.model.daemons.filter(({ endpoint }) => endpoint !== null).map(({ name }) => name);
    if (daemon !== null) dump(daemon);
    else if (daemons.length === 0) say('no daemon with a debug endpoint is known', 'warning');
    else dispatch({ type: 'overlaid', overlay: { kind: 'dump-choice', daemons, chosen: 0, scroll: 0 } });
  };

  const inspect = (): void => {
    const containerId = chosen === undefined ? null : (pane.containerOf?.(chosen) ?? null);
    if (containerId === null) {
      say('choose a container (2) or a process in one (3) to inspect', 'warning');
      return;
    }
    if (actions === null) {
      say('only the node itself can inspect its containers: run rtwatch there', 'warning');
      return;
    }
    const answered = (answer: InspectAnswer): void => dispatch({ type: 'inspected', containerId, answer });
    dispatch({
      type: 'overlaid',
      overlay: { kind: 'inspect', containerId, answer: { status: 'pending' }, revealed: false, scroll: 0 },
    });
    actions.inspect(containerId).then(
      (json) => answered({ status: 'ok', json }),
      (error: Error) => answered({ status: 'failed', detail: error.message }),
    );
  };

  const changeInterval = (next: number): void => {
    if (link?.setInterval == null) {
      say('the interval is set where the samples come from', 'warning');
    } else if (next !== state.intervalMs) {
      dispatch({ type: 'interval', intervalMs: next });
      link.setInterval(next);
    }
  };

  const obey = (command: Command): void => {
    const { overlay } = state;
    if (command === 'quit') exit();
    else if (command === 'slower') changeInterval(slower(state.intervalMs));
    else if (command === 'faster') changeInterval(faster(state.intervalMs));
    else if (overlay === null && command === 'inspect') inspect();
    else if (overlay === null && command === 'dump') chooseDump();
    else if (overlay?.kind === 'dump-choice' && command === 'open') dump(overlay.daemons[overlay.chosen] ?? 'dockerd');
    else dispatch({ type: 'command', command, keys, pane, page: pageLength(screen) });
  };

  useInput((input: string, key: PressedKey) => {
    if (state.typing && !(key.ctrl && input === 'c')) {
      if (key.return) dispatch({ type: 'typing-ended', keep: true });
      else if (key.escape) dispatch({ type: 'typing-ended', keep: false });
      else if (key.backspace || key.delete) dispatch({ type: 'erased' });
      else if (!key.ctrl && !key.meta && input !== '') dispatch({ type: 'typed', text: input });
      return;
    }
    for (const name of keyNames(input, key)) {
      const command = commandOf(name);
      if (command !== null) obey(command);
    }
  });

  return <Screen {...screen} />;
}
