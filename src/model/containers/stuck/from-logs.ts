import { formatTimes } from '../../../base/counts.ts';
import type { SignTally } from '../../logs/logs.ts';
import type { Phase, StuckEvidence, StuckFacts } from './evidence.ts';

/**
 * Clients retry every two minutes (the kubelet's runtimeRequestTimeout), at most every five: older lines belong to another
 * incident.
 */
const recentMs = 600_000;

/** Log patterns that say that a stop, a kill or a removal did not work. A stop that needed force is none: it may have worked. */
const phases: ReadonlyMap<string, Phase> = new Map([
  ['direct-sigkill', 'stop'],
  ['kill-failed', 'stop'],
  ['no-exit-event', 'stop'],
  ['zombie-init', 'stop'],
  ['stop-signal-failed', 'stop'],
  ['kubelet-stop-failed', 'stop'],
  ['kubelet-kill-failed', 'stop'],
  ['kubelet-sandbox-stop-failed', 'stop'],
  ['wait-kill-timeout', 'stop'],
  ['task-exit-failed', 'stop'],
  ['shim-not-answering', 'stop'],
  ['init-still-running', 'stop'],
  ['sandbox-stop-failed', 'stop'],
  ['stop-failed', 'stop'],
  ['kubelet-remove-failed', 'removal'],
  ['container-removal-failed', 'removal'],
  ['sandbox-removal-failed', 'removal'],
  ['network-teardown-failed', 'removal'],
  ['removal-failed', 'removal'],
  ['device-busy', 'removal'],
  ['cgroup-not-removed', 'removal'],
]);

/** A failed call of the kubelet is repeated within a minute or two. */
const repeatMs = 180_000;

/** Each is written when a call has failed, and names what the call was about. */
const failedCalls: ReadonlySet<string> = new Set([
  ...['sandbox-stop-failed', 'container-removal-failed', 'sandbox-removal-failed'],
  ...['kubelet-sandbox-stop-failed', 'kubelet-remove-failed'],
]);

/** What the logs say about a container that still exists. */
export function fromLogs({
  at,
  listState,
  createdAt,
  inspect,
  tallies,
  sandbox,
  inspectedThrough,
}: StuckFacts): StuckEvidence[] {
  const startedAt = inspect?.status === 'ok' ? (inspect.value.startedAt ?? 0) : 0;
  const bornAt = Math.max(createdAt * 1000, startedAt);
  const isListedByCri = inspectedThrough === 'cri' && listState !== null;
  return tallies
    .filter((tally) => isCurrent(tally, at, bornAt))
    .flatMap((tally): StuckEvidence[] => {
      // StopPodSandbox stops what is left in a pod, and takes its network down: the first half of its removal.
      const phase = sandbox !== null && phases.has(tally.sign) ? 'removal' : phases.get(tally.sign);
      // An exited container needs no stop.
      if (phase === undefined || (phase === 'stop' && hasEnded(listState))) return [];
      return [
        {
          kind: 'log',
          text: `${tally.meaning}${tally.count === 1 ? '' : `, ${formatTimes(tally.count)}`}`,
          source: `logs: ${tally.sign}`,
          since: tally.firstAt === null ? null : Math.max(tally.firstAt, bornAt),
          beganBefore: false,
          // It was tried again and failed again, and the runtime still lists it.
          strength: isListedByCri && phase === 'removal' && isRepeated(tally, at) ? 'proof' : 'sign',
          witness: 'log',
          phase,
        },
      ];
    });
}

function isRepeated({ sign, count, lastAt }: SignTally, at: number): boolean {
  return failedCalls.has(sign) && count >= 2 && at - (lastAt ?? 0) <= repeatMs;
}

/** Whether the lines are about the container as it is now: it may have been started again since. */
function isCurrent({ lastAt }: SignTally, at: number, bornAt: number): boolean {
  return lastAt !== null && lastAt >= bornAt && at - lastAt <= recentMs;
}

function hasEnded(listState: string | null): boolean {
  return (
    listState === 'exited' ||
    listState === 'created' ||
    listState === 'dead' ||
    listState === 'removing' ||
    listState === 'not ready'
  );
}

/** How many attempts to stop or remove it the logs show, and by which component: dockerd does what clients request. */
export function attemptsInLogs(
  tallies: readonly SignTally[],
  at: number,
  bornAt: number,
): { attempts: number; kubelet: boolean } {
  const current = tallies.filter((tally) => isCurrent(tally, at, bornAt));
  const counts = current.filter(({ sign }) => phases.has(sign) || sign === 'stop-force').map(({ count }) => count);
  return { attempts: Math.max(0, ...counts), kubelet: current.some(({ sign }) => sign.startsWith('kubelet-')) };
}
