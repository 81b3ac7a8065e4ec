import type { ContainerChurn, ContainersValue, ContainerValue } from '../../sample/containers.ts';
import type { CriValue } from '../../sample/cri.ts';
import type { ProcessesValue } from '../../sample/processes.ts';
import { okValue } from '../../sample/reading.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import { type LogsModel, talliesOf } from '../logs/logs.ts';
import type { ProcessModel } from '../processes/processes.ts';
import type { Tracked } from '../tracked.ts';
import { type Blocker, blockerOf } from './blocker.ts';
import { type CriListed, listedByRuntimes, nameSandboxes, namesOfBundles } from './from-cri.ts';
import { joinKernel, type KernelContainer } from './from-shims.ts';
import type { ContainersHistory } from './history.ts';
import { churnOf, type ListState, listStateOf, listsOf } from './list-state.ts';
import type { LostPart } from './lost.ts';
import { type ContainerName, nameByKernel, nameContainer } from './name.ts';
import { reasonOf } from './reason.ts';
import type { Phase, StuckEvidence, StuckFacts } from './stuck/evidence.ts';
import { isStopping } from './stuck/from-engine.ts';
import { attemptsInLogs } from './stuck/from-logs.ts';
import { judgeStuck } from './stuck/stuck.ts';
import { type EngineHome, type Worker, workersOf } from './workers.ts';

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
  /** `State.Error` of inspect. */
  readonly error: string | null;
  /** The task that holds it up. */
  readonly blocker: Blocker | null;
  readonly shim: { readonly pid: number; readonly state: string } | null;
  /** The engine that removes it, when the kernel holds it in that. */
  readonly worker: Worker | null;
  /** Host pid of its first process. */
  readonly initPid: number | null;
  readonly from: 'engine' | 'kernel';
  /** Listed as running, and this of it is gone, for so long as rtwatch saw it; null when nothing is. */
  readonly lost: { readonly part: LostPart; readonly seconds: number; readonly listedBy: 'engine' | 'cri' } | null;
  /** What keeps it, or what is odd about it. */
  readonly reason: string | null;
  /** Its processes in D or Z. */
  readonly pids: readonly number[];
}

export interface ContainersModel extends ListState {
  readonly list: readonly ContainerModel[];
  readonly churn: ContainerChurn | null;
  readonly running: number;
  readonly stuck: number;
  /** Told to exit and not gone yet: not for long enough, or not proven enough, to be stuck. */
  readonly stopping: number;
}

interface ContainersInput {
  readonly tracked: Tracked<ContainersValue>;
  readonly cri: Tracked<CriValue>;
  readonly history: ContainersHistory;
  readonly at: number;
  readonly monoMs: number;
}

/** What else is known of containers, besides what the engine says. */
interface ContainersJoin {
  /** As sampled, and what was made of them. */
  readonly processes: ProcessesValue | null;
  readonly models: readonly ProcessModel[];
  readonly shims: ShimsValue | null;
  readonly logs: LogsModel | null;
  readonly home: EngineHome;
}

/** A list that is older says nothing of how the engine answers now. It comes every ten seconds when all is well. */
const freshListMs = 30_000;

/** What people call each container, by id. */
export function nameContainers(
  { tracked, cri, at }: ContainersInput,
  shims: ShimsValue | null,
): ReadonlyMap<string, ContainerName> {
  const byEngine = tracked.value?.containers ?? [];
  const byRuntimes = [...listedByRuntimes(cri.value, new Set(byEngine.map(({ id }) => id)), new Map(), at).values()];
  const listed = [...byRuntimes.map(({ container }) => container), ...byEngine];
  return new Map([
    ...namesOfBundles(shims),
    ...nameSandboxes(cri.value),
    ...listed.map((container): [string, ContainerName] => [container.id, nameContainer(container)]),
  ]);
}

/** Null if neither an engine nor the kernel ever reported one. */
export function deriveContainers(input: ContainersInput, join: ContainersJoin): ContainersModel | null {
  const { value } = input.tracked;
  const kernel = joinKernel({ ...join, history: input.history, monoMs: input.monoMs });
  const byEngine = value?.containers ?? [];
  const byRuntimes = listedByRuntimes(input.cri.value, new Set(byEngine.map(({ id }) => id)), kernel, input.at);
  const listed = [...byEngine, ...[...byRuntimes.values()].map(({ container }) => container)];
  const seenSeconds = new Map(join.models.map(({ pid, seconds }) => [pid, seconds]));
  const workers = workersOf({ ...join, containers: byEngine, seenSeconds });
  const known = new Set(listed.map(({ id }) => id));
  const hasList = value !== null || listsOf(input.cri.value).length > 0;
  const named = new Map([...namesOfBundles(join.shims), ...nameSandboxes(input.cri.value)]);
  const unlisted = [...kernel.values()]
    .filter(({ id }) => !known.has(id))
    .map(({ id, ...rest }) => {
      const name = named.get(id) ?? nameByKernel(id);
      return derive({ id, name, listed: null, kernel: { id, ...rest }, worker: null, cri: null }, input, join);
    })
    // Beside a list that answers they are another runtime's, or the pause processes of pods: only of interest in trouble.
    .filter(({ stuck }) => !hasList || stuck);
  if (!hasList && unlisted.length === 0) return null;
  const list = [
    ...listed.map((one) => {
      const { id } = one;
      const cri = byRuntimes.get(id) ?? null;
      const [worker, name] = [workers.get(id) ?? null, nameContainer(one)];
      return derive({ id, name, listed: one, kernel: kernel.get(id) ?? null, worker, cri }, input, join);
    }),
    ...unlisted,
  ].sort(byAttention);
  return {
    list,
    ...listStateOf(input),
    churn: value?.churn ?? churnOf(input.cri.value),
    running: listed.filter(({ state }) => state === 'running').length,
    stuck: list.filter(({ stuck }) => stuck).length,
    stopping: list.filter(({ stuck, state }) => !stuck && state === 'stopping').length,
  };
}

interface Known {
  readonly id: string;
  readonly name: ContainerName;
  readonly listed: ContainerValue | null;
  readonly kernel: KernelContainer | null;
  readonly worker: Worker | null;
  /** Where a containerd or CRI-O lists it, rather than the engine. */
  readonly cri: CriListed | null;
}

function derive(known: Known, input: ContainersInput, join: ContainersJoin): ContainerModel {
  const { id, name, listed, kernel } = known;
  const facts = factsOf(known, input, join);
  const { phases, evidence } = judgeStuck(facts);
  const stuck = phases.length > 0;
  const inspected = okValue(facts.inspect ?? undefined);
  const bornAt = Math.max(facts.createdAt * 1000, inspected?.startedAt ?? 0);
  const inLogs = attemptsInLogs(facts.tallies, input.at, bornAt);
  const attempts = Math.max(facts.kill?.attempts ?? 0, inLogs.attempts);
  const sinces = evidence.map(({ since }) => since).filter((since) => since !== null);
  const stuckSince = stuck ? Math.min(input.at, ...sinces) : null;
  const blocker = blockerOf(facts);
  return {
    ...name,
    id,
    image: listed?.image ?? '',
    restarts: known.cri?.restarts ?? null,
    state: stateOf(facts, blocker),
    status: listed?.status ?? '',
    createdAt: facts.createdAt,
    stuck,
    stuckIn: phases,
    stuckSince,
    stuckSeconds: stuckSince === null ? null : (input.at - stuckSince) / 1000,
    evidence,
    attempts,
    attemptedBy: attempts === 0 ? null : inLogs.kubelet ? 'the kubelet' : 'through the API',
    listState: facts.listState,
    inspectState: inspected?.status ?? null,
    error: inspected === null || inspected.error === '' ? null : inspected.error,
    blocker,
    shim: kernel?.shim === null || kernel === null ? null : { pid: kernel.shim.pid, state: kernel.shim.state },
    worker: facts.worker,
    initPid: kernel?.initPid ?? (inspected?.pid || null),
    from: listed === null ? 'kernel' : 'engine',
    lost: lostPartOf(id, known.cri === null ? 'engine' : 'cri', input),
    reason: reasonOf(facts, evidence, blocker, stuck),
    pids: facts.tasks.filter(({ inD, state }) => inD || state === 'Z').map(({ pid }) => pid),
  };
}

function lostPartOf(
  id: string,
  listedBy: 'engine' | 'cri',
  { history, monoMs }: ContainersInput,
): ContainerModel['lost'] {
  const lost = history.lost.get(id);
  return lost === undefined ? null : { part: lost.part, seconds: (monoMs - lost.sinceMonoMs) / 1000, listedBy };
}

function factsOf(
  { id, name, listed, kernel, worker, cri }: Known,
  input: ContainersInput,
  join: ContainersJoin,
): StuckFacts {
  const { at, monoMs, tracked, history } = input;
  const ageMs = tracked.valueMonoMs === null ? null : monoMs - tracked.valueMonoMs;
  return {
    at,
    id,
    listState: listed?.state ?? null,
    stateSince: at - (monoMs - (history.states.get(id)?.sinceMonoMs ?? monoMs)),
    createdAt: listed?.createdAt ?? 0,
    kill: listed?.kill ?? null,
    inspect: listed?.inspect ?? null,
    inspectedThrough: cri === null ? 'engine' : 'cri',
    othersAnswer:
      cri === null
        ? ageMs !== null && ageMs < freshListMs && (tracked.value?.inspected ?? 0) > 0
        : cri.runtime.ping.status === 'ok',
    tasks: kernel?.tasks ?? [],
    shim: kernel?.shim ?? null,
    worker,
    tallies: talliesOf(join.logs, id, name.name),
  };
}

function stateOf(facts: StuckFacts, blocker: Blocker | null): string {
  const isGoing = isStopping(facts) || blocker?.killPending === true;
  if (facts.listState === null) return isGoing ? 'stopping' : 'unknown';
  return facts.listState === 'running' && isGoing ? 'stopping' : facts.listState;
}

/** Stuck ones first, the longest first; then what is on its way out; then by name. */
function byAttention(a: ContainerModel, b: ContainerModel): number {
  const rank = (container: ContainerModel): number =>
    container.stuck ? 0 : container.reason !== null ? 1 : container.state === 'running' ? 2 : 3;
  return rank(a) - rank(b) || (b.stuckSeconds ?? 0) - (a.stuckSeconds ?? 0) || compare(a.label, b.label);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
