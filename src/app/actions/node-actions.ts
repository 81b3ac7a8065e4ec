import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import { frameFormats } from '../../view/frame-formats.ts';
import type { ActionCommand } from '../../view/terminal/keys.ts';
import type { ScreenProps } from '../../view/terminal/layout/arrangement.ts';
import { copiedOf } from '../../view/terminal/state/copy.ts';
import { type Agreed, asksDaemons, canBeSaved, hasSubject, isQuestion } from '../../view/terminal/state/page.ts';
import { aboutOf } from '../../view/terminal/state/selection.ts';
import type { InspectAnswer, Message, Purpose, ViewEvent, ViewState } from '../../view/terminal/state/state.ts';
import type { Actions, BundleProgress } from './actions.ts';
import { clipboardSequence } from './clipboard.ts';
import { serveDaemon } from './daemon-actions.ts';
import type { EarlierProfiles } from './earlier-profiles.ts';
import { type PrintTarget, printScreen } from './print-screen.ts';
import { savePage } from './save-page.ts';
import { type KeptView, saveView } from './save-view.ts';

interface NodeActionsInput {
  /** Null if the node is not reachable for actions. */
  readonly actions: Actions | null;
  /** Why nothing can be done there. */
  readonly noActions: string;
  readonly earlier: EarlierProfiles;
  readonly printTo: PrintTarget;
  readonly kept: KeptView;
  /** As drawn; newer choices of the reader are in `latest`. */
  readonly screen: ScreenProps;
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
  /** Jumps to the search match in the open page. */
  readonly search: () => void;
  /** Writes a control sequence to the terminal. */
  readonly write: (sequence: string) => void;
  readonly exit: () => void;
  /** Draws the screen anew, over what something else wrote there. */
  readonly redraw: () => void;
}

/** What keys do on the node or the terminal, and answers to questions. */
export interface NodeActions {
  readonly obey: (command: ActionCommand) => void;
  /** Runs the action that the reader confirmed. */
  readonly serve: (agreed: Agreed) => void;
  /** Prints the screen below the question in the format that the reader chose. */
  readonly print: (chosen: number) => void;
}

/** The keys that act on the node (in a child process) or on the terminal. */
export function nodeActions(input: NodeActionsInput): NodeActions {
  const { actions, noActions, earlier, screen, latest, dispatch, say, exit, redraw } = input;
  const serve = serveDaemon({ actions, noActions, earlier, model: screen.model, dispatch, say });
  const obey = (command: ActionCommand): void => {
    const { page } = latest();
    switch (command) {
      case 'quit':
        exit();
        return;
      case 'redraw':
        redraw();
        return;
      case 'copy':
        copy(input);
        return;
      case 'bundle':
        bundle(input);
        return;
      case 'print':
        if (page === null || !isQuestion(page)) {
          const chosen = Math.max(0, frameFormats.indexOf(input.printTo.format ?? 'txt'));
          dispatch({ type: 'page-stacked', page: { kind: 'print-choice', chosen, scroll: 0 } });
        }
        return;
      case 'save-page':
        keepPage(input);
        return;
      case 'save-view':
        keepView(input);
        return;
      case 'inspect':
        if (hasSubject(page) && page?.kind !== 'inspect') inspect(input);
        else dispatch({ type: 'message', message: null });
        return;
      case 'dump':
      case 'signal-dump':
      case 'goroutines':
      case 'heap':
        if (asksDaemons(page)) chooseDaemon(input, serve, command);
        else dispatch({ type: 'message', message: null });
        return;
    }
  };
  return { obey, serve, print: (chosen) => print(input, chosen) };
}

/** The daemon of the selected row or open page; otherwise the reader chooses. */
function chooseDaemon(input: NodeActionsInput, serve: NodeActions['serve'], purpose: Purpose): void {
  const { actions, noActions, screen, latest, dispatch, say } = input;
  const { daemon } = aboutOf(screen, latest());
  // A signal needs a process, everything else an endpoint with debug pages.
  const daemons = screen.model.daemons
    // Neither the kubelet nor Podman handles a signal for dumps: one would end it, or do nothing.
    .filter(({ endpoint, process, kind }) =>
      purpose === 'signal-dump'
        ? process !== null && kind !== 'kubelet' && kind !== 'podman'
        : endpoint !== null && kind !== 'podman',
    )
    .map(({ name }) => name);
  if (actions === null) say(noActions, 'warning');
  else if (daemon !== null) serve({ purpose, daemon, confirmed: null });
  else if (daemons.length === 0) say('no daemon with a known endpoint', 'warning');
  else dispatch({ type: 'page-opened', page: { kind: 'daemon-choice', purpose, daemons, chosen: 0, scroll: 0 } });
}

function inspect({ actions, noActions, screen, latest, dispatch, say, search }: NodeActionsInput): void {
  const { containerId } = aboutOf(screen, latest());
  if (actions === null) {
    say(noActions, 'warning');
    return;
  }
  if (containerId === null) {
    say('select a container (2) or its process (3) to inspect', 'warning');
    return;
  }
  const answered = (answer: InspectAnswer): void => {
    dispatch({ type: 'inspected', containerId, answer });
    // The inspect may hold the search match.
    search();
  };
  dispatch({
    type: 'page-stacked',
    page: { kind: 'inspect', containerId, answer: { status: 'pending' }, revealed: false, scroll: 0 },
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
    // The terminal does not confirm.
    say(`sent to clipboard (OSC 52): ${copied.text}`, 'good');
  }
}

function print({ screen, latest, dispatch, say, printTo }: NodeActionsInput, chosen: number): void {
  const asked = latest();
  const page = asked.beneath.at(-1) ?? null;
  dispatch({ type: 'page-closed' });
  const state = { ...latest(), page, message: null };
  printScreen({ ...screen, state }, frameFormats[chosen] ?? 'txt', printTo).then(
    (file) => say(`screen printed to ${file}`, 'good'),
    (error: Error) => say(`screen not printed: ${error.message}`, 'warning'),
  );
}

function keepPage({ screen, latest, say, printTo }: NodeActionsInput): void {
  const { page } = latest();
  if (page === null || !canBeSaved(page)) {
    say('open a page to save it; P prints the screen', 'warning');
    return;
  }
  savePage(screen, page, printTo).then(
    (file) => say(`page saved to ${file}`, 'good'),
    (error: Error) => say(`page not saved: ${error.message}`, 'warning'),
  );
}

function keepView({ latest, say, kept }: NodeActionsInput): void {
  saveView(latest(), kept).then(
    () => say(`kept for the next start: panes, sort order, tree (${kept.file})`, 'good'),
    (error: Error) => say(`not kept: ${error.message}`, 'warning'),
  );
}

function bundle({ actions, noActions, say }: NodeActionsInput): void {
  if (actions === null) {
    say(noActions, 'warning');
    return;
  }
  say('writing a bundle …');
  const onProgress = ({ step, entries, bytes }: BundleProgress): void =>
    say(`writing a bundle: ${step}, ${formatCount(entries)} files, ${formatBytes(bytes)} …`);
  actions.bundle(onProgress).then(
    ({ path, bytes, missing, moreMissing }) => {
      const left = missing.length + moreMissing;
      const without = left === 0 ? '' : `, ${formatCount(left)} parts missing (see MANIFEST.txt)`;
      say(`bundle of ${formatBytes(bytes)}${without}: ${path}`, left === 0 ? 'good' : 'warning');
    },
    // The command names itself where it is run alone.
    (error: Error) => say(`no bundle: ${error.message.replace(/^bundle: /, '')}`, 'warning'),
  );
}
