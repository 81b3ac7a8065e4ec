import type { ContainerInspect } from '../../sample/containers.ts';
import type { CriRuntime } from '../../sample/cri.ts';
import { okValue } from '../../sample/reading.ts';
import type { ContainerUse } from '../cgroups/cgroups.ts';
import { linesAbout } from '../logs/logs.ts';
import { type Blocker, blockerOf } from './blocker.ts';
import { strayKey } from './history.ts';
import { type LogSize, logSizeOf } from './log-size.ts';
import { loggedError } from './logged-error.ts';
import type { LostPart } from './lost.ts';
import type { ContainerName } from './name.ts';
import { reasonOf } from './reason.ts';
import { sandboxNote } from './sandboxes.ts';
import { earliest, type Phase, type StuckEvidence, type StuckFacts } from './stuck/evidence.ts';
import { isStopping } from './stuck/from-engine.ts';
import { attemptsInLogs } from './stuck/from-logs.ts';
import { judgeStuck } from './stuck/stuck.ts';
import { type ContainersInput, type ContainersJoin, type KnownContainer, stuckFactsOf } from './stuck-facts.ts';
import type { Worker } from './workers.ts';

/** A container as rules and views see it. */
export interface ContainerModel extends ContainerName {
  readonly id: string;
  readonly image: string;
  /** How many times the kubelet recreated it; null if unknown. */
  readonly restarts: number | null;
  /**
   * The engine's state, with `stopping` for a container that was asked to stop and still runs; `unknown` if only the kernel
   * knows it.
   */
  readonly state: string;
  /** The engine's own words. */
  readonly status: string;
  readonly createdAt: number;
  /** It should have exited or been removed, and still exists. */
  readonly stuck: boolean;
  /** What it does not get done; empty when it is not stuck. */
  readonly stuckIn: readonly Phase[];
  /** The earliest start in the evidence, in milliseconds since 1970; null if it is not stuck. */
  readonly stuckSince: number | null;
  /** It was stuck when rtwatch first saw it, and nothing says since when: for so long at least. */
  readonly stuckBefore: boolean;
  readonly stuckSeconds: number | null;
  /** The proofs first; also of one that is not stuck. */
  readonly evidence: readonly StuckEvidence[];
  /** How often someone tried to end or remove it, as far as events and logs go back. */
  readonly attempts: number;
  readonly attemptedBy: 'the kubelet' | 'through the API' | null;
  /** From the list; null if the engine does not know it. */
  readonly listState: string | null;
  /** From inspect; null if it was not inspected, or inspect did not answer. */
  readonly inspectState: string | null;
  /** `State.Error` of inspect; of a pod’s container or sandbox, why its removal failed according to the newest log line. */
  readonly error: string | null;
  /** The task that holds it up. */
  readonly blocker: Blocker | null;
  readonly shim: { readonly pid: number; readonly state: string } | null;
  /** The engine that removes it, when the kernel holds it in that. */
  readonly worker: Worker | null;
  /** Host pid of its first process. */
  readonly initPid: number | null;
  readonly from: 'engine' | 'kernel';
  /** The containerd or CRI-O that lists it; null where the engine does, or no list. */
  readonly runtime: { readonly kind: CriRuntime['kind']; readonly pid: number | null } | null;
  /** It is the sandbox of a pod: those are listed only when something is odd about them. */
  readonly isSandbox: boolean;
  /** Listed as running, and this of it is gone, for so long as rtwatch saw it; null when nothing is. */
  readonly lost: { readonly part: LostPart; readonly seconds: number; readonly listedBy: 'engine' | 'cri' } | null;
  /** From its control group; null if that was not read. */
  readonly use: ContainerUse | null;
  /** Null for one that no list has, and for sandboxes. */
  readonly log: LogSize | null;
  /** What keeps it, or what is odd about it. */
  readonly reason: string | null;
  /** Its processes in D or Z. */
  readonly pids: readonly number[];
}

/** Of one container, from all that is known of it. */
export function deriveContainer(known: KnownContainer, input: ContainersInput, join: ContainersJoin): ContainerModel {
  const { id, name, listed, kernel } = known;
  const facts = stuckFactsOf(known, input, join);
  const { phases, evidence } = judgeStuck(facts);
  const stuck = phases.length > 0;
  const inspected = okValue(facts.inspect ?? undefined);
  const bornAt = Math.max(facts.createdAt * 1000, inspected?.startedAt ?? 0);
  const inLogs = attemptsInLogs(facts.tallies, input.at, bornAt);
  const attempts = Math.max(facts.kill?.attempts ?? 0, inLogs.attempts);
  const first = earliest(evidence);
  const stuckSince = stuck ? Math.min(input.at, first?.since ?? input.at) : null;
  const blocker = blockerOf(facts);
  return {
    ...name,
    id,
    image: listed?.image ?? '',
    restarts: known.cri?.restarts ?? listed?.settings?.restarts ?? inspected?.restarts ?? null,
    state: stateOf(facts, blocker),
    status: listed?.status ?? '',
    createdAt: facts.createdAt,
    stuck,
    stuckIn: phases,
    stuckSince,
    stuckBefore: stuck && first?.beganBefore === true,
    stuckSeconds: stuckSince === null ? null : (input.at - stuckSince) / 1000,
    evidence,
    attempts,
    attemptedBy: attempts === 0 ? null : inLogs.kubelet ? 'the kubelet' : 'through the API',
    listState: facts.listState,
    inspectState: inspected?.status ?? null,
    error: errorOf(known, inspected, input, join),
    blocker,
    shim: kernel?.shim === null || kernel === null ? null : { pid: kernel.shim.pid, state: kernel.shim.state },
    worker: facts.worker,
    initPid: kernel?.initPid ?? (inspected?.pid || null),
    from: listed === null ? 'kernel' : 'engine',
    runtime: known.cri === null ? null : { kind: known.cri.runtime.kind, pid: known.cri.runtime.pid },
    isSandbox: known.pod !== null,
    lost: lostPartOf(id, known.cri === null ? 'engine' : 'cri', input),
    use: join.uses.get(id) ?? null,
    log: known.pod === null ? logSizeOf(listed, join.logSizes) : null,
    reason: reasonOf(facts, evidence, blocker, stuck) ?? noteOf(known, facts, input),
    pids: facts.tasks.filter(({ inD, state }) => inD || state === 'Z').map(({ pid }) => pid),
  };
}

function errorOf(
  { id, cri }: KnownContainer,
  inspected: ContainerInspect | null,
  { at }: ContainersInput,
  { logs }: ContainersJoin,
): string | null {
  if (cri !== null) return loggedError(linesAbout(logs, { containerId: id }), at);
  return inspected === null || inspected.error === '' ? null : inspected.error;
}

/** A container is listed before its pod for a moment. */
const strayPatienceMs = 30_000;

/** What is odd about it without being a fault. */
function noteOf(
  { id, pod }: KnownContainer,
  { at, stateSince }: StuckFacts,
  { history, monoMs }: ContainersInput,
): string | null {
  if (pod !== null) return sandboxNote(pod, at - stateSince);
  const stray = history.states.get(strayKey(id));
  return stray !== undefined && monoMs - stray.sinceMonoMs >= strayPatienceMs
    ? 'it runs in a pod that its runtime does not list'
    : null;
}

function lostPartOf(
  id: string,
  listedBy: 'engine' | 'cri',
  { history, monoMs }: ContainersInput,
): ContainerModel['lost'] {
  const lost = history.lost.get(id);
  return lost === undefined ? null : { part: lost.part, seconds: (monoMs - lost.sinceMonoMs) / 1000, listedBy };
}

function stateOf(facts: StuckFacts, blocker: Blocker | null): string {
  const isGoing = isStopping(facts) || blocker?.killPending === true;
  if (facts.listState === null) return isGoing ? 'stopping' : 'unknown';
  return facts.listState === 'running' && isGoing ? 'stopping' : facts.listState;
}
