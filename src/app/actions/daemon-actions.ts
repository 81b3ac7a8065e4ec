import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import type { Model } from '../../model/model.ts';
import type { GoroutinesAnswer } from '../../view/terminal/pages/goroutines.ts';
import type { HeapAnswer } from '../../view/terminal/pages/heap.ts';
import type { Agreed } from '../../view/terminal/state/page.ts';
import type { Message, ViewEvent } from '../../view/terminal/state/state.ts';
import type { Actions, DumpOutcome, DumpProgress } from './actions.ts';
import type { EarlierProfiles } from './earlier-profiles.ts';

interface ServeInput {
  /** Null if the node is not this machine. */
  readonly actions: Actions | null;
  /** What to say then. */
  readonly noActions: string;
  readonly earlier: EarlierProfiles;
  readonly model: Model;
  readonly dispatch: (event: ViewEvent) => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
}

/** Above this, a dump needs a confirmation: it stops the daemon meanwhile. */
const manyGoroutines = 10_000;

/** Runs an action on a daemon. An expensive one needs a confirmation first. */
export function serveDaemon(input: ServeInput): (agreed: Agreed) => void {
  const { actions, noActions, dispatch, say } = input;
  return ({ purpose, daemon, confirmed }) => {
    dispatch({ type: 'page-opened', page: null });
    if (actions === null) say(noActions, 'warning');
    else if (purpose === 'dump') dump(input, actions, daemon, confirmed !== null);
    else if (purpose === 'signal-dump') signalDump(input, actions, daemon, confirmed?.pid ?? null);
    else if (purpose === 'goroutines') explainGoroutines(input, actions, daemon);
    else explainHeap(input, actions, daemon);
  };
}

function dump({ model, dispatch, say }: ServeInput, actions: Actions, daemon: string, isConfirmed: boolean): void {
  const goroutines = model.daemons.find(({ name }) => name === daemon)?.goroutines;
  const count = goroutines?.status === 'ok' ? goroutines.value : 0;
  if (count > manyGoroutines && !isConfirmed) {
    const question = [
      `${daemon} has ${formatCount(count)} goroutines.`,
      'The dump stops the daemon while it writes every stack. x reads them grouped, which costs far less.',
    ];
    dispatch({
      type: 'page-opened',
      page: { kind: 'confirm', purpose: 'dump', daemon, question, pid: null, scroll: 0 },
    });
    return;
  }
  say(`dumping the goroutines of ${daemon} …`);
  const onProgress = ({ bytes, goroutines }: DumpProgress): void =>
    say(`dumping the goroutines of ${daemon}: ${formatCount(goroutines)} so far, ${formatBytes(bytes)} …`);
  actions.dump(daemon, endpointOf(model, daemon), onProgress).then(
    (outcome) => sayDumped(say, daemon, outcome),
    // The command names its subject where it is run alone.
    (error: Error) => say(`no dump of ${daemon}: ${error.message.replace(/^goroutine dump of \S+: /, '')}`, 'warning'),
  );
}

function signalDump({ dispatch, say }: ServeInput, actions: Actions, daemon: string, pid: number | null): void {
  const fail = (error: Error): void => say(`no signal dump of ${daemon}: ${error.message}`, 'warning');
  if (pid === null) {
    actions.planSignalDump(daemon).then((plan) => {
      const question = plan.will;
      dispatch({
        type: 'page-opened',
        page: { kind: 'confirm', purpose: 'signal-dump', daemon, question, pid: plan.pid, scroll: 0 },
      });
    }, fail);
    return;
  }
  say(`sent SIGUSR1 to ${daemon}, waiting for its file …`);
  actions.signalDump(daemon, pid).then((outcome) => sayDumped(say, daemon, outcome), fail);
}

function explainGoroutines({ model, earlier, dispatch }: ServeInput, actions: Actions, daemon: string): void {
  const answered = (answer: GoroutinesAnswer): void => dispatch({ type: 'goroutines', daemon, answer });
  const fresh = { chosen: 0, opened: false, byGrowth: false, filter: '', scroll: 0 };
  dispatch({ type: 'page-opened', page: { kind: 'goroutines', daemon, answer: { status: 'pending' }, ...fresh } });
  actions.goroutines(daemon, endpointOf(model, daemon)).then(
    (given) => answered({ status: 'ok', given: earlier.goroutines(daemon, given) }),
    (error: Error) => answered({ status: 'failed', detail: error.message }),
  );
}

function explainHeap({ model, earlier, dispatch }: ServeInput, actions: Actions, daemon: string): void {
  const answered = (answer: HeapAnswer): void => dispatch({ type: 'heap', daemon, answer });
  dispatch({ type: 'page-opened', page: { kind: 'heap', daemon, answer: { status: 'pending' }, scroll: 0 } });
  actions.heap(daemon, endpointOf(model, daemon)).then(
    (given) => answered({ status: 'ok', heap: earlier.heap(daemon, given) }),
    (error: Error) => answered({ status: 'failed', detail: error.message }),
  );
}

function endpointOf({ daemons }: Model, daemon: string): string | null {
  return daemons.find(({ name }) => name === daemon)?.endpoint ?? null;
}

function sayDumped(say: ServeInput['say'], daemon: string, { path, goroutines, bytes, truncated }: DumpOutcome): void {
  const cut = truncated ? ', cut at 64 MiB by the daemon' : '';
  const size = `${formatCount(goroutines)} goroutines of ${daemon} (${formatBytes(bytes)}${cut})`;
  say(`${size}: ${path}`, truncated ? 'warning' : 'good');
}
