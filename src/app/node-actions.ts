import { formatBytes } from '../base/bytes.ts';
import { formatCount } from '../base/counts.ts';
import { copiedOf } from '../view/terminal/copy.ts';
import type { ActionCommand } from '../view/terminal/keys.ts';
import { type Agreed, asksDaemons, leadsOn } from '../view/terminal/page.ts';
import type { ScreenProps } from '../view/terminal/screen.tsx';
import { aboutOf } from '../view/terminal/selection.ts';
import type { InspectAnswer, Message, Purpose, ViewEvent, ViewState } from '../view/terminal/state.ts';
import type { Actions, BundleProgress } from './actions.ts';
import { clipboardSequence } from './clipboard.ts';
import { serveDaemon } from './daemon-actions.ts';
import type { EarlierProfiles } from './earlier-profiles.ts';

interface NodeActionsInput {
  /** Null where nothing can be done on the node. */
  readonly actions: Actions | null;
  /** Why nothing can be done there. */
  readonly noActions: string;
  readonly earlier: EarlierProfiles;
  /** As it is drawn; what the reader has chosen since is in `latest`. */
  readonly screen: ScreenProps;
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
  /** Goes to what is being searched for in the open page. */
  readonly search: () => void;
  /** Sends the terminal a sequence that draws nothing. */
  readonly write: (sequence: string) => void;
  readonly exit: () => void;
}

interface NodeActions {
  readonly obey: (command: ActionCommand) => void;
  /** Does for a daemon what the reader agreed to. */
  readonly serve: (agreed: Agreed) => void;
}

/** What a key does besides changing the screen: on the node, in a process of its own, or to the terminal. */
export function nodeActions(input: NodeActionsInput): NodeActions {
  const { actions, noActions, earlier, screen, latest, dispatch, say, exit } = input;
  const serve = serveDaemon({ actions, noActions, earlier, model: screen.model, dispatch, say });
  const obey = (command: ActionCommand): void => {
    const { overlay } = latest();
    switch (command) {
      case 'quit':
        exit();
        return;
      case 'copy':
        copy(input);
        return;
      case 'bundle':
        bundle(input);
        return;
      case 'inspect':
        if (leadsOn(overlay) && overlay?.kind !== 'inspect') inspect(input);
        else dispatch({ type: 'said', message: null });
        return;
      case 'dump':
      case 'signal-dump':
      case 'goroutines':
      case 'heap':
        if (asksDaemons(overlay)) chooseDaemon(input, serve, command);
        else dispatch({ type: 'said', message: null });
        return;
    }
  };
  return { obey, serve };
}

/** The daemon of the chosen row or of the open page, else the reader is asked. */
function chooseDaemon(input: NodeActionsInput, serve: NodeActions['serve'], purpose: Purpose): void {
  const { actions, noActions, screen, latest, dispatch, say } = input;
  const { daemon } = aboutOf(screen, latest());
  // A signal needs a process, everything else an endpoint.
  const daemons = screen.model.daemons
    .filter(({ endpoint, process }) => (purpose === 'signal-dump' ? process !== null : endpoint !== null))
    .map(({ name }) => name);
  if (actions === null) say(noActions, 'warning');
  else if (daemon !== null) serve({ purpose, daemon, confirmed: null });
  else if (daemons.length === 0) say('no daemon that could be asked is known', 'warning');
  else dispatch({ type: 'overlaid', overlay: { kind: 'daemon-choice', purpose, daemons, chosen: 0, scroll: 0 } });
}

function inspect({ actions, noActions, screen, latest, dispatch, say, search }: NodeActionsInput): void {
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
}

function copy({ screen, latest, say, write }: NodeActionsInput): void {
  const copied = copiedOf(screen, latest());
  if (copied.status === 'nothing') say(`nothing to copy: ${copied.because}`, 'warning');
  else {
    write(clipboardSequence(copied.text));
    // A terminal does not say whether it obeyed.
    say(`copied, if the terminal allows it (OSC 52): ${copied.text}`, 'good');
  }
}

function bundle({ actions, noActions, say }: NodeActionsInput): void {
  if (actions === null) {
    say(noActions, 'warning');
    return;
  }
  say('writing a bundle …');
  const onProgress = ({ step, entries, bytes }: BundleProgress): void =>
    say(`writing a bundle: ${step}; ${formatCount(entries)} files so far, ${formatBytes(bytes)} …`);
  actions.bundle(onProgress).then(
    ({ path, bytes, missing, moreMissing }) => {
      const left = missing.length + moreMissing;
      const without = left === 0 ? '' : `, without ${formatCount(left)} parts (MANIFEST.txt says why)`;
      say(`bundle of ${formatBytes(bytes)}${without}: ${path}`, left === 0 ? 'good' : 'warning');
    },
    (error: Error) => say(`no bundle: ${error.message}`, 'warning'),
  );
}
