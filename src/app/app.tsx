import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useRef } from 'react';
import { formatBytes, formatCount } from '../view/format.ts';
import { type Command, commandOf } from '../view/terminal/keys.ts';
import type { Look } from '../view/terminal/look.ts';
import type { AnyPane } from '../view/terminal/panes/pane.ts';
import { paneOf } from '../view/terminal/panes/panes.ts';
import { rowsOf } from '../view/terminal/rows.ts';
import { pageLength, Screen } from '../view/terminal/screen.tsx';
import { chosenKey, type InspectAnswer, initialState, type Message, reduceView } from '../view/terminal/state.ts';
import type { Actions } from './actions.ts';
import { faster, slower } from './intervals.ts';
import { keyNames } from './key-names.ts';
import { useConnection } from './use-connection.ts';
import { type OpenLink, useNode } from './use-node.ts';
import { useSyncReducer } from './use-sync-reducer.ts';

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
  const [state, latest, dispatch] = useSyncReducer(reduceView, initialState(intervalMs));
  const { node, link } = useNode(open);
  const held = useRef(node);
  if (!state.paused) held.current = node;
  const shown = held.current;
  const connection = useConnection({ ...node, heardAt: shown.heardAt }, state.paused);
  const screen = { model: shown.model, verdicts: shown.verdicts, state, connection, look, size };

  const say = (text: string, tone: Message['tone'] = 'plain'): void =>
    dispatch({ type: 'said', message: { text, tone } });

  /** The pane in focus, the keys of its rows, and the chosen one. */
  const focused = (): { pane: AnyPane; keys: string[]; chosen: unknown } => {
    const now = latest();
    const pane = paneOf(now.focus);
    const rows = rowsOf(pane, shown.model, now.panes[now.focus], look) ?? [];
    const keys = rows.map((row) => pane.key(row));
    const key = chosenKey(now, keys);
    return { pane, keys, chosen: rows.find((row) => pane.key(row) === key) };
  };

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
    const { pane, chosen } = focused();
    const daemon = chosen === undefined ? null : (pane.daemonOf?.(chosen) ?? null);
    const daemons = shown.model.daemons.filter(({ endpoint }) => endpoint !== null).map(({ name }) => name);
    if (daemon !== null) dump(daemon);
    else if (daemons.length === 0) say('no daemon with a debug endpoint is known', 'warning');
    else dispatch({ type: 'overlaid', overlay: { kind: 'dump-choice', daemons, chosen: 0, scroll: 0 } });
  };

  const inspect = (): void => {
    const { pane, chosen } = focused();
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
    } else if (next !== latest().intervalMs) {
      dispatch({ type: 'interval', intervalMs: next });
      link.setInterval(next);
    }
  };

  const obey = (command: Command): void => {
    const { overlay, intervalMs } = latest();
    if (command === 'quit') exit();
    else if (command === 'slower') changeInterval(slower(intervalMs));
    else if (command === 'faster') changeInterval(faster(intervalMs));
    else if (overlay === null && command === 'inspect') inspect();
    else if (overlay === null && command === 'dump') chooseDump();
    else if (overlay?.kind === 'dump-choice' && command === 'open') dump(overlay.daemons[overlay.chosen] ?? 'dockerd');
    else {
      const { pane, keys } = focused();
      dispatch({ type: 'command', command, keys, pane, page: pageLength({ ...screen, state: latest() }) });
    }
  };

  useInput((input, key) => {
    for (const name of keyNames(input, key)) {
      // What is typed is a letter, not a command; only quitting by Ctrl-C always works.
      if (latest().typing && name !== 'ctrl+c') type(name);
      else {
        const command = commandOf(name);
        if (command !== null) obey(command);
      }
    }
  });

  const type = (name: string): void => {
    if (name === 'return') dispatch({ type: 'typing-ended', keep: true });
    else if (name === 'escape') dispatch({ type: 'typing-ended', keep: false });
    else if (name === 'backspace' || name === 'delete') dispatch({ type: 'erased' });
    else if ([...name].length === 1) dispatch({ type: 'typed', text: name });
  };

  return <Screen {...screen} />;
}
