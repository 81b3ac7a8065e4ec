import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useRef } from 'react';
import { type Command, commandOf } from '../view/terminal/keys.ts';
import type { Look } from '../view/terminal/look.ts';
import type { AnyPane } from '../view/terminal/panes/pane.ts';
import { paneOf } from '../view/terminal/panes/panes.ts';
import { rowsOf } from '../view/terminal/rows.ts';
import { pageLength, Screen } from '../view/terminal/screen.tsx';
import {
  chosenKey,
  type InspectAnswer,
  initialState,
  type Message,
  type Overlay,
  type Purpose,
  reduceView,
} from '../view/terminal/state.ts';
import type { OpenLink } from '../wire/link.ts';
import type { Actions } from './actions.ts';
import { EarlierProfiles } from './earlier-profiles.ts';
import { faster, slower } from './intervals.ts';
import { keyNames } from './key-names.ts';
import { serveDaemon } from './serve-daemon.ts';
import { useConnection } from './use-connection.ts';
import { useNode } from './use-node.ts';
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
  const earlier = useRef(new EarlierProfiles()).current;
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

  const serve = serveDaemon({ actions, earlier, model: shown.model, dispatch, say });

  /** The daemon of the chosen row or of the open page, else the person is asked. */
  const chooseDaemon = (purpose: Purpose): void => {
    const { overlay } = latest();
    const { pane, chosen } = focused();
    const open = overlay?.kind === 'goroutines' || overlay?.kind === 'heap' ? overlay.daemon : null;
    const daemon = open ?? (chosen === undefined ? null : (pane.daemonOf?.(chosen) ?? null));
    // A signal needs a process, everything else an endpoint.
    const daemons = shown.model.daemons
      .filter(({ endpoint, process }) => (purpose === 'signal-dump' ? process !== null : endpoint !== null))
      .map(({ name }) => name);
    if (daemon !== null) serve(purpose, daemon);
    else if (daemons.length === 0) say('no daemon that could be asked is known', 'warning');
    else dispatch({ type: 'overlaid', overlay: { kind: 'daemon-choice', purpose, daemons, chosen: 0, scroll: 0 } });
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
    else if (overlay?.kind === 'confirm' && command === 'open')
      serve(overlay.purpose, overlay.daemon, { pid: overlay.pid });
    else if (overlay?.kind === 'daemon-choice' && command === 'open') {
      serve(overlay.purpose, overlay.daemons[overlay.chosen] ?? 'dockerd');
    } else if (isPurpose(command) && asksDaemons(overlay)) chooseDaemon(command);
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

function isPurpose(command: Command): command is Command & Purpose {
  return command === 'dump' || command === 'signal-dump' || command === 'goroutines' || command === 'heap';
}

/** Over the panes, and over the pages that are about a daemon. */
function asksDaemons(overlay: Overlay | null): boolean {
  return overlay === null || overlay.kind === 'goroutines' || overlay.kind === 'heap';
}
