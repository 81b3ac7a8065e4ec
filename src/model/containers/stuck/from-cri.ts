import { countOf } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { StuckEvidence, StuckFacts } from './evidence.ts';
import { isBlocked } from './from-kernel.ts';

/** containerd gives the clean-up after an exit ten seconds, and repeats it (handleEventTimeout, pkg/cri/server/events.go). */
const patienceMs = 30_000;

/**
 * Evidence about a pod sandbox: all of the pod has ended, as its runtime says, and its shim or processes are still there. A shim
 * below which nothing runs is no clean-up that goes on (`leaked-shim`), unless it is stopped or in D.
 */
export function fromCri({ at, sandbox, stateSince, stateBeganBefore, shim, id }: StuckFacts): StuckEvidence[] {
  if (sandbox === null || sandbox.ready || sandbox.running > 0 || at - stateSince < patienceMs) return [];
  const held = shim !== null && (shim.state === 'T' || isBlocked(shim));
  if (sandbox.left === 0 && !held) return [];
  const rest =
    sandbox.left > 0
      ? `processes of ${countOf(sandbox.left, 'container')} of the pod are still there`
      : `its shim (pid ${shim?.pid}) is still there`;
  return [
    {
      kind: 'outlived-sandbox',
      text: `the pod is not ready and nothing in it runs, as its runtime lists it; for at least ${formatSeconds((at - stateSince) / 1000)} ${rest}`,
      source: `ListPodSandbox ${id.slice(0, 12)}, /proc`,
      since: Math.round(stateSince / 1000) * 1000,
      beganBefore: stateBeganBefore,
      strength: 'proof',
      witness: 'state',
      phase: 'removal',
    },
  ];
}
