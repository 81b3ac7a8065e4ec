import { formatTimes } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { SentSignal } from '../../../sample/containers.ts';
import { okValue } from '../../../sample/reading.ts';
import type { StuckEvidence, StuckFacts } from './evidence.ts';

/** moby waits as long for an exit after SIGKILL before it calls the container unkillable (daemon/kill.go, 17.06 to 29). */
const killPatienceMs = 10_000;
/** moby's default between the first signal of a stop and SIGKILL. */
const defaultStopSeconds = 10;
/** After this much more than the timeout nothing will follow the first signal. The kubelet's grace is 30 s. */
const stopSlackMs = 30_000;
/** Inspect takes milliseconds, and a start that pulls its mounts together holds the lock for seconds. */
const inspectPatienceMs = 5000;
const inspectSilenceMs = 30_000;
/** A removal of a large layer takes seconds. */
const slowRemovalMs = 30_000;
const sigkill = 9;

/** Evidence from the engine's answers, or from their absence. */
export function fromEngine(facts: StuckFacts): StuckEvidence[] {
  return [...unanswered(facts), ...silentInspect(facts), ...removal(facts)];
}

/**
 * `kill` events that no `die` followed. A process may ignore SIGTERM, which is how `docker kill -s TERM` leaves it: only
 * SIGKILL cannot be ignored.
 */
function unanswered({ at, kill, inspect }: StuckFacts): StuckEvidence[] {
  if (kill === null) return [];
  const common = {
    source: 'GET /events',
    since: kill.firstAt,
    beganBefore: false,
    witness: 'signal',
    phase: 'stop',
  } as const;
  const killed = kill.signals.find(({ signal }) => signal === sigkill);
  if (killed !== undefined) {
    if (at - killed.firstAt < killPatienceMs) return [];
    const text = `SIGKILL ${timesWords(killed)}, the first ${agoWords(at - killed.firstAt)}, and no exit`;
    return [{ ...common, kind: 'kill-unanswered', text, strength: 'proof' }];
  }
  if (at - kill.lastAt < stopTimeoutMs(inspect) + stopSlackMs) return [];
  const text = `signal ${kill.signal} sent ${agoWords(at - kill.lastAt)}; neither an exit nor SIGKILL followed`;
  return [{ ...common, kind: 'stop-unanswered', text, strength: 'sign' }];
}

function stopTimeoutMs(inspect: StuckFacts['inspect']): number {
  return (okValue(inspect ?? undefined)?.stopTimeoutSeconds ?? defaultStopSeconds) * 1000;
}

/** Whether a signal was sent so lately that the stop it belongs to may still be going on. */
export function isStopping({ at, kill, inspect }: Pick<StuckFacts, 'at' | 'kill' | 'inspect'>): boolean {
  if (kill === null) return false;
  return (
    kill.signals.some(({ signal }) => signal === sigkill) || at - kill.lastAt < stopTimeoutMs(inspect) + stopSlackMs
  );
}

/** Inspect takes the container's lock, list and other inspects do not: one that hangs shows that the lock is held. */
function silentInspect({ id, at, inspect, othersAnswer, inspectedThrough }: StuckFacts): StuckEvidence[] {
  if (inspect?.status !== 'pending' || inspect.forMs < inspectPatienceMs || !othersAnswer) return [];
  return [
    {
      kind: inspectedThrough === 'engine' ? 'inspect-silent' : 'status-silent',
      text:
        inspectedThrough === 'engine'
          ? `inspect has not answered for ${formatSeconds(inspect.forMs / 1000)}, while those of others do: something holds its lock in the engine`
          : `ContainerStatus has not answered for ${formatSeconds(inspect.forMs / 1000)}, while the runtime answers other requests: something holds the status lock of this container`,
      source: inspectedThrough === 'engine' ? inspectSource(id) : `ContainerStatus ${id.slice(0, 12)}`,
      since: Math.round((at - inspect.forMs) / 1000) * 1000,
      beganBefore: true,
      strength: inspect.forMs >= inspectSilenceMs ? 'proof' : 'sign',
      witness: 'inspect',
      phase: 'stop',
    },
  ];
}

/**
 * The list comes from a replica that a failed removal does not update: it says removing forever, while inspect says dead
 * (moby daemon/delete.go, container/view.go, 17.07 to 28).
 */
function removal({ id, at, listState, stateSince, stateBeganBefore, inspect }: StuckFacts): StuckEvidence[] {
  if (listState !== 'removing' && listState !== 'dead') return [];
  const inspected = okValue(inspect ?? undefined);
  const seen = {
    since: Math.round(stateSince / 1000) * 1000,
    beganBefore: stateBeganBefore,
    phase: 'removal',
  } as const;
  const list = { ...seen, source: 'GET /containers/json', witness: 'state' } as const;
  const asked = { ...seen, source: inspectSource(id), witness: 'inspect' } as const;
  const evidence: StuckEvidence[] = [];
  if (inspected !== null && inspected.error !== '') {
    evidence.push({ ...asked, kind: 'removal-failed', text: inspected.error, strength: 'proof' });
  }
  if (inspected !== null && listState === 'removing' && inspected.status !== 'removing') {
    evidence.push({
      ...asked,
      kind: 'inspect-differs',
      text: `the list says removing, inspect says ${inspected.status}: dockerd gave up the removal`,
      // An answer from before the removal began is not a contradiction.
      strength: inspected.status === 'dead' ? 'proof' : 'sign',
    });
  }
  if (listState === 'dead') {
    evidence.push({ ...list, kind: 'dead', text: 'the list says dead: its removal failed', strength: 'proof' });
  } else if (at - stateSince >= slowRemovalMs) {
    const text = `removing for ${stateBeganBefore ? 'at least ' : ''}${formatSeconds((at - stateSince) / 1000)}`;
    evidence.push({ ...list, kind: 'removing', text, strength: 'proof' });
  }
  return evidence;
}

const inspectSource = (id: string): string => `GET /containers/${id.slice(0, 12)}/json`;

function timesWords({ count }: SentSignal): string {
  return count === 1 ? 'sent' : `sent ${formatTimes(count)}`;
}

function agoWords(ms: number): string {
  return `${formatSeconds(ms / 1000)} ago`;
}
