import { okValue } from '../../sample/reading.ts';
import type { Blocker } from './blocker.ts';
import type { StuckEvidence, StuckFacts, StuckTask } from './stuck/evidence.ts';

/** In a few words, the most telling first. */
export function reasonOf(
  { kill, inspect, inspectedThrough, listState, tasks }: StuckFacts,
  evidence: readonly StuckEvidence[],
  blocker: Blocker | null,
  stuck: boolean,
): string | null {
  if (blocker !== null) {
    const where = blocker.waitsText === '' ? '' : ` (${blocker.waitsText})`;
    return `${blocker.killPending ? 'SIGKILL pending on' : 'blocked:'} ${blocker.comm} ${blocker.pid} in D${where}`;
  }
  const inspected = okValue(inspect ?? undefined);
  if (inspected !== null && inspected.error !== '') return inspected.error;
  if (inspect?.status === 'failed' || (inspect?.status === 'pending' && inspect.forMs > 0)) {
    return inspectedThrough === 'cri' ? inspect.detail : `inspect: ${inspect.detail}`;
  }
  const [first] = evidence;
  if (first !== undefined && (stuck || kill === null)) return first.text;
  if (inspected !== null && inspected.status !== listState) return `inspect says ${inspected.status}`;
  if (kill !== null) return `${kill.count === 1 ? 'signal' : `${kill.count} signals`} sent, no exit yet`;
  return doomedReason(tasks);
}

function doomedReason(tasks: readonly StuckTask[]): string | null {
  const doomed = tasks.find(({ killPending, state }) => killPending && state !== 'Z');
  return doomed === undefined ? null : `SIGKILL pending on ${doomed.comm} ${doomed.pid}`;
}
