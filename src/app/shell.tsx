import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactNode, useRef } from 'react';
import type { Judged } from '../timeline/node-follower.ts';
import type { Connection } from '../view/terminal/connection.ts';
import { copiedOf } from '../view/terminal/copy.ts';
import { type Command, commandOf } from '../view/terminal/keys.ts';
import { pageLength, Screen, sheetOf } from '../view/terminal/screen.tsx';
import { aboutOf, focusedOf } from '../view/terminal/selection.ts';
import type { InspectAnswer, Message, Overlay, Purpose, ViewEvent, ViewState } from '../view/terminal/state.ts';
import type { Look } from '../view/terminal/theme.ts';
import type { TimelineView } from '../view/terminal/timeline.ts';
import type { Actions } from './actions.ts';
import { clipboardSequence } from './clipboard.ts';
import { EarlierProfiles } from './earlier-profiles.ts';
import { keyNames } from './key-names.ts';
import { serveDaemon } from './serve-daemon.ts';

/** What the person has chosen, and how that changes. */
export interface View {
  readonly state: ViewState;
  /** The newest, also when it is not drawn yet. */
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
}

export interface ShellProps {
  readonly view: View;
  readonly shown: Judged;
  readonly connection: Connection;
  readonly timeline: TimelineView | null;
  /** Null when nothing can be done on the node. */
  readonly actions: Actions | null;
  /** Why it cannot: what comes after “to inspect” and the like. */
  readonly noActions: string;
  readonly look: Look;
  /** Sends the terminal a sequence that draws nothing. */
  readonly write: (sequence: string) => void;
  /** Obeys the commands that are about where Samples come from and which moment is shown; false for all others. */
  readonly obeySource: (command: Command) => boolean;
  /** Goes to the moment that was typed. */
  readonly seekTime: (text: string) => void;
}

/** The keys around the pure `Screen`: the same for the live screen and for a recording. */
export function Shell(props: ShellProps): ReactNode {
  const { view, shown, connection, timeline, actions, noActions, look, write } = props;
  const { latest, dispatch, say } = view;
  const size = useWindowSize();
  const { exit } = useApp();
  const earlier = useRef(new EarlierProfiles()).current;
  const screen = { model: shown.model, verdicts: shown.verdicts, state: view.state, connection, look, size, timeline };

  const serve = serveDaemon({ actions, noActions, earlier, model: shown.model, dispatch, say });

  /** The daemon of the chosen row or of the open page, else the person is asked. */
  const chooseDaemon = (purpose: Purpose): void => {
    const { daemon } = aboutOf(screen, latest());
    // A signal needs a process, everything else an endpoint.
    const daemons = shown.model.daemons
      .filter(({ endpoint, process }) => (purpose === 'signal-dump' ? process !== null : endpoint !== null))
      .map(({ name }) => name);
    if (actions === null) say(noActions, 'warning');
    else if (daemon !== null) serve(purpose, daemon);
    else if (daemons.length === 0) say('no daemon that could be asked is known', 'warning');
    else dispatch({ type: 'overlaid', overlay: { kind: 'daemon-choice', purpose, daemons, chosen: 0, scroll: 0 } });
  };

  const inspect = (): void => {
    const { containerId } = aboutOf(screen, latest());
    if (actions === null) {
      say(noActions, 'warning');
      return;
    }
    if (containerId === null) {
      say('choose a container (2) or a process in one (3) to inspect', 'warning');
      return;
    }
    const answered = (answer: InspectAnswer): void => {
      dispatch({ type: 'inspected', containerId, answer });
      // It may be what is being searched for already.
      search();
    };
    dispatch({
      type: 'stacked',
      overlay: { kind: 'inspect', containerId, answer: { status: 'pending' }, revealed: false, scroll: 0 },
    });
    actions.inspect(containerId).then(
      (json) => answered({ status: 'ok', json }),
      (error: Error) => answered({ status: 'failed', detail: error.message }),
    );
  };

  const readLog = (): void => {
    const about = aboutOf(screen, latest());
    dispatch({ type: 'stacked', overlay: { kind: 'log', ...about, all: false, follows: true, scroll: 0 } });
  };

  const copy = (): void => {
    const copied = copiedOf(screen, latest());
    if (copied.status === 'nothing') say(`nothing to copy: ${copied.because}`, 'warning');
    else {
      write(clipboardSequence(copied.text));
      // A terminal does not say whether it obeyed.
      say(`copied, if the terminal allows it (OSC 52): ${copied.text}`, 'good');
    }
  };

  const obey = (command: Command): void => {
    const { overlay } = latest();
    if (command === 'quit') exit();
    else if (command === 'seek') dispatch({ type: 'time-asked' });
    else if (props.obeySource(command)) return;
    else if (command === 'inspect' && leadsOn(overlay) && overlay?.kind !== 'inspect') inspect();
    else if (command === 'log' && leadsOn(overlay) && overlay?.kind !== 'log') readLog();
    else if (command === 'copy') copy();
    else if (overlay?.kind === 'confirm' && command === 'open')
      serve(overlay.purpose, overlay.daemon, { pid: overlay.pid });
    else if (overlay?.kind === 'daemon-choice' && command === 'open') {
      serve(overlay.purpose, overlay.daemons[overlay.chosen] ?? 'dockerd');
    } else if (isPurpose(command) && asksDaemons(overlay)) chooseDaemon(command);
    else {
      const now = { ...screen, state: latest() };
      const { pane, keys } = focusedOf(screen, now.state);
      dispatch({ type: 'command', command, keys, pane, page: pageLength(now), sheet: sheetOf(now) });
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
    const { time } = latest();
    if (name === 'return') {
      dispatch({ type: 'typing-ended', keep: true });
      if (time !== null && time.trim() !== '') props.seekTime(time);
    } else if (name === 'escape') dispatch({ type: 'typing-ended', keep: false });
    else if (name === 'backspace' || name === 'delete') dispatch({ type: 'erased' });
    else if ([...name].length === 1) dispatch({ type: 'typed', text: name });
    if (time === null) search();
  };

  /** Goes to what is searched for while it is typed. */
  const search = (): void => {
    const now = latest();
    const sheet = now.search === null ? null : sheetOf({ ...screen, state: now });
    if (sheet !== null) dispatch({ type: 'sought', sheet });
  };

  return <Screen {...screen} />;
}

function isPurpose(command: Command): command is Command & Purpose {
  return command === 'dump' || command === 'signal-dump' || command === 'goroutines' || command === 'heap';
}

/** Over the panes, and over the pages that are about a daemon or lead on to one. */
function asksDaemons(overlay: Overlay | null): boolean {
  return overlay?.kind === 'goroutines' || overlay?.kind === 'heap' || leadsOn(overlay);
}

/** Over the panes, and over the pages that are about something of the node. */
function leadsOn(overlay: Overlay | null): boolean {
  return overlay === null || ['finding', 'details', 'inspect', 'log'].includes(overlay.kind);
}
