import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useRef } from 'react';
import type { Model } from '../model/model.ts';
import { formatBytes, formatCount } from '../view/format.ts';
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
import type { GoroutinesAnswer } from '../view/terminal/views/goroutines.ts';
import type { HeapAnswer } from '../view/terminal/views/heap.ts';
import type { Actions, DumpOutcome, DumpProgress } from './actions.ts';
import { EarlierProfiles } from './earlier-profiles.ts';
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

  const endpointOf = (daemon: string): string | null =>
    shown.model.daemons.find(({ name }) => name === daemon)?.endpoint ?? null;

  const sayDumped = (daemon: string, { path, goroutines, bytes, truncated }: DumpOutcome): void => {
    const cut = truncated ? ', cut off by the daemon at 64 MiB' : '';
    const size = `${formatCount(goroutines)} goroutines of ${daemon} (${formatBytes(bytes)}${cut})`;
    say(`${size}: ${path}`, truncated ? 'warning' : 'good');
  };

  /** Does for a daemon what it was chosen for; what costs the daemon something is asked about first. */
  const serve = (purpose: Purpose, daemon: string, isConfirmed = false): void => {
    dispatch({ type: 'overlaid', overlay: null });
    if (actions === null) {
      say('only the node itself can ask its daemons: run rtwatch there', 'warning');
      return;
    }
    const ask = (question: readonly string[]): void =>
      dispatch({ type: 'overlaid', overlay: { kind: 'confirm', purpose, daemon, question, scroll: 0 } });
    const endpoint = endpointOf(daemon);
    switch (purpose) {
      case 'dump': {
        const count = countOf(shown.model, daemon);
        if (count > manyGoroutines && !isConfirmed) {
          ask([
            `${daemon} has ${formatCount(count)} goroutines.`,
            'It stands still while it writes the stack of each; g explains them folded, which costs it far less.',
          ]);
          return;
        }
        say(`dumping the goroutines of ${daemon} …`);
        const onProgress = ({ bytes, goroutines }: DumpProgress): void =>
          say(`dumping the goroutines of ${daemon}: ${formatCount(goroutines)} so far, ${formatBytes(bytes)} …`);
        actions.dump(daemon, endpoint, onProgress).then(
          (outcome) => sayDumped(daemon, outcome),
          (error: Error) => say(`no dump of ${daemon}: ${error.message}`, 'warning'),
        );
        return;
      }
      case 'signal-dump': {
        if (!isConfirmed) {
          actions.planSignalDump(daemon).then(
            (plan) => ask(plan.trim().split('\n')),
            (error: Error) => say(`no dump by signal of ${daemon}: ${error.message}`, 'warning'),
          );
          return;
        }
        say(`SIGUSR1 was sent to ${daemon}; waiting for its file …`);
        actions.signalDump(daemon).then(
          (outcome) => sayDumped(daemon, outcome),
          (error: Error) => say(`no dump by signal of ${daemon}: ${error.message}`, 'warning'),
        );
        return;
      }
      case 'goroutines': {
        const answered = (answer: GoroutinesAnswer): void => dispatch({ type: 'goroutines', daemon, answer });
        dispatch({
          type: 'overlaid',
          overlay: {
            kind: 'goroutines',
            daemon,
            answer: { status: 'pending' },
            chosen: 0,
            opened: false,
            byGrowth: false,
            filter: '',
            scroll: 0,
          },
        });
        actions.goroutines(daemon, endpoint).then(
          (given) => answered({ status: 'ok', given: earlier.goroutines(daemon, given) }),
          (error: Error) => answered({ status: 'failed', detail: error.message }),
        );
        return;
      }
      case 'heap': {
        const answered = (answer: HeapAnswer): void => dispatch({ type: 'heap', daemon, answer });
        dispatch({ type: 'overlaid', overlay: { kind: 'heap', daemon, answer: { status: 'pending' }, scroll: 0 } });
        actions.heap(daemon, endpoint).then(
          (told) => answered({ status: 'ok', told: earlier.heap(daemon, told) }),
          (error: Error) => answered({ status: 'failed', detail: error.message }),
        );
      }
    }
  };

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
    else if (overlay?.kind === 'confirm' && command === 'open') serve(overlay.purpose, overlay.daemon, true);
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

/** More than this are dumped only after a question: the daemon stands still meanwhile. */
const manyGoroutines = 10_000;

function countOf({ daemons }: Model, daemon: string): number {
  const goroutines = daemons.find(({ name }) => name === daemon)?.goroutines;
  return goroutines?.status === 'ok' ? goroutines.value : 0;
}

function isPurpose(command: Command): command is Command & Purpose {
  return command === 'dump' || command === 'signal-dump' || command === 'goroutines' || command === 'heap';
}

/** Over the panes, and over the pages that are about a daemon. */
function asksDaemons(overlay: Overlay | null): boolean {
  return overlay === null || overlay.kind === 'goroutines' || overlay.kind === 'heap';
}
