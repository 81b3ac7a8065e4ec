import type { Phase, StuckEvidence, StuckFacts } from './evidence.ts';
import { fromCri } from './from-cri.ts';
import { fromEngine } from './from-engine.ts';
import { fromKernel } from './from-kernel.ts';
import { fromLogs } from './from-logs.ts';

interface Stuck {
  /** What it does not get done; empty when it is not stuck. */
  readonly phases: readonly Phase[];
  /** The proofs first. */
  readonly evidence: readonly StuckEvidence[];
}

/** Every source of evidence about a stuck container. The goroutines that wait for it would be one more. */
const witnesses: readonly ((facts: StuckFacts) => readonly StuckEvidence[])[] = [
  fromKernel,
  fromEngine,
  fromCri,
  fromLogs,
];

/** Judges one container: it is stuck with any proof, or with two signs from different witnesses. */
export function judgeStuck(facts: StuckFacts): Stuck {
  const evidence = witnesses.flatMap((witness) => witness(facts));
  const proofs = evidence.filter(({ strength }) => strength === 'proof');
  const sorted = [...proofs, ...evidence.filter(({ strength }) => strength === 'sign')];
  const phases = (['stop', 'removal'] as const).filter((phase) => isStuckIn(phase, evidence));
  if (phases.length > 0 || new Set(evidence.map(({ witness }) => witness)).size < 2)
    return { phases, evidence: sorted };
  const leaving = ['removing', 'dead', 'not ready'].includes(facts.listState ?? '');
  return { phases: [leaving ? 'removal' : 'stop'], evidence: sorted };
}

function isStuckIn(phase: Phase, evidence: readonly StuckEvidence[]): boolean {
  const own = evidence.filter((piece) => piece.phase === phase);
  return own.some(({ strength }) => strength === 'proof') || new Set(own.map(({ witness }) => witness)).size >= 2;
}
