import type { ContainerChurn, ContainerInspect, ContainersValue, ContainerValue } from '../../sample/containers.ts';
import type { CriRuntime, CriValue } from '../../sample/cri.ts';
import type { ProcessesValue } from '../../sample/processes.ts';
import { okValue } from '../../sample/reading.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import type { ContainerUse } from '../cgroups/cgroups.ts';
import { type LogsModel, linesAbout, talliesOf } from '../logs/logs.ts';
import type { ProcessModel } from '../processes/processes.ts';
import type { Tracked } from '../tracked.ts';
import { type Blocker, blockerOf } from './blocker.ts';
import { type CriListed, listedByRuntimes, nameSandboxes, namesOfBundles } from './from-cri.ts';
import { joinKernel, type KernelContainer } from './from-shims.ts';
import { type ContainersHistory, strayKey } from './history.ts';
import { churnOf, type ListState, listStateOf, listsOf } from './list-state.ts';
import { loggedError } from './logged-error.ts';
import type { LostPart } from './lost.ts';
import { type ContainerName, nameByKernel, nameContainer } from './name.ts';
import { reasonOf } from './reason.ts';
import { sandboxFacts } from './sandbox-facts.ts';
import { type ListedSandbox, listedSandboxes, sandboxAsContainer, sandboxNote } from './sandboxes.ts';
import type { Phase, SandboxFacts, StuckEvidence, StuckFacts } from './stuck/evidence.ts';
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
  readonly uses: ReadonlyMap<string, ContainerUse>;
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
  const pods = listedSandboxes(input.cri.value);
  const ended = [
    ...[...byRuntimes.values()].map(({ container }) => container).filter(({ state }) => state === 'exited'),
    ...pods.filter(({ state }) => state === 'not ready').map((pod) => sandboxAsContainer(pod, input.at)),
  ];
  const workers = workersOf({ ...join, containers: byEngine, ended, seenSeconds });
  const known = new Set([...listed.map(({ id }) => id), ...pods.map(({ sandbox }) => sandbox.id)]);
  const hasList = value !== null || listsOf(input.cri.value).length > 0;
  const named = new Map([...namesOfBundles(join.shims), ...nameSandboxes(input.cri.value)]);
  const unlisted = [...kernel.values()]
    .filter(({ id }) => !known.has(id))
    .map(({ id, ...rest }) => {
      const name = named.get(id) ?? nameByKernel(id);
      return derive({ ...unknown, id, name, kernel: { id, ...rest } }, input, join);
    })
    // Beside a list that answers they are another runtime's, or the pause processes of pods: only of interest in trouble.
    .filter(({ stuck }) => !hasList || stuck);
  if (!hasList && unlisted.length === 0) return null;
  const containers = listed.map((one) => {
    const { id } = one;
    const cri = byRuntimes.get(id) ?? null;
    const [worker, name] = [workers.get(id) ?? null, nameContainer(one)];
    return derive({ ...unknown, id, name, listed: one, kernel: kernel.get(id) ?? null, worker, cri }, input, join);
  });
  const list = [...containers, ...oddSandboxes(pods, { containers, kernel, workers }, input, join), ...unlisted].sort(
    byAttention,
  );
  return {
    list,
    ...listStateOf(input),
    churn: value?.churn ?? churnOf(input.cri.value),
    running: listed.filter(({ state }) => state === 'running').length,
    stuck: list.filter(({ stuck }) => stuck).length,
    stopping: list.filter(({ stuck, state }) => !stuck && state === 'stopping').length,
  };
}

interface PodParts {
  readonly containers: readonly ContainerModel[];
  readonly kernel: ReadonlyMap<string, KernelContainer>;
  readonly workers: ReadonlyMap<string, Worker>;
}

/** Sandboxes that are stuck, empty for long, or below a shim in trouble of which no container is left to show it. */
function oddSandboxes(
  pods: readonly ListedSandbox[],
  { containers, kernel, workers }: PodParts,
  input: ContainersInput,
  join: ContainersJoin,
): ContainerModel[] {
  const shown = new Set(containers.flatMap(({ shim }) => shim?.pid ?? []));
  // The pause process of a pod with one PID namespace waits for every task in it (zap_pid_ns_processes).
  const blockers = new Set(
    containers.flatMap(({ stuck, blocker }) => (stuck && blocker !== null ? [blocker.pid] : [])),
  );
  return pods
    .map((pod) => {
      const { runtime, sandbox } = pod;
      const listed = sandboxAsContainer(pod, input.at);
      const own = kernel.get(sandbox.id) ?? null;
      const cri: CriListed = { container: listed, runtime, restarts: null };
      const name = { ...nameContainer(listed), name: listed.name };
      const worker = workers.get(sandbox.id) ?? null;
      const known = { ...unknown, worker, id: sandbox.id, name, listed, kernel: own, cri, pod };
      return derive({ ...known, left: sandboxFacts(pod, kernel, own) }, input, join);
    })
    .filter(({ stuck, stuckIn, reason, evidence, shim, blocker }) => {
      if (blocker !== null && blockers.has(blocker.pid) && !stuckIn.includes('removal')) return false;
      if (stuck || evidence.length === 0) return stuck || reason !== null;
      return shim === null || !shown.has(shim.pid);
    });
}

const unknown = { listed: null, kernel: null, worker: null, cri: null, pod: null, left: null } as const;

interface Known {
  readonly id: string;
  readonly name: ContainerName;
  readonly listed: ContainerValue | null;
  readonly kernel: KernelContainer | null;
  readonly worker: Worker | null;
  /** Where a containerd or CRI-O lists it, rather than the engine. */
  readonly cri: CriListed | null;
  /** Of a sandbox: as it is listed, and what is left of it. */
  readonly pod: ListedSandbox | null;
  readonly left: SandboxFacts | null;
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
    reason: reasonOf(facts, evidence, blocker, stuck) ?? noteOf(known, facts, input),
    pids: facts.tasks.filter(({ inD, state }) => inD || state === 'Z').map(({ pid }) => pid),
  };
}

function errorOf(
  { id, cri }: Known,
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
  { id, pod }: Known,
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

function factsOf(
  { id, name, listed, kernel, worker, cri, left }: Known,
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
    sandbox: left,
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
