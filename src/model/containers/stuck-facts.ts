import type { ContainersValue, ContainerValue } from '../../sample/containers.ts';
import type { CriValue } from '../../sample/cri.ts';
import type { ProcessesValue } from '../../sample/processes.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import type { ContainerUse } from '../cgroups/cgroups.ts';
import { type LogsModel, talliesOf } from '../logs/logs.ts';
import type { ProcessModel } from '../processes/processes.ts';
import type { Tracked } from '../tracked.ts';
import type { CriListed } from './from-cri.ts';
import type { KernelContainer } from './from-shims.ts';
import type { ContainersHistory } from './history.ts';
import type { LogSizes } from './log-size.ts';
import type { ContainerName } from './name.ts';
import type { ListedSandbox } from './sandboxes.ts';
import type { SandboxFacts, StuckFacts } from './stuck/evidence.ts';
import type { EngineHome, Worker } from './workers.ts';

export interface ContainersInput {
  readonly tracked: Tracked<ContainersValue>;
  readonly cri: Tracked<CriValue>;
  readonly history: ContainersHistory;
  readonly at: number;
  readonly monoMs: number;
}

/** What else is known of containers, besides what the engine says. */
export interface ContainersJoin {
  /** As sampled, and what was made of them. */
  readonly processes: ProcessesValue | null;
  readonly models: readonly ProcessModel[];
  readonly shims: ShimsValue | null;
  readonly logs: LogsModel | null;
  readonly uses: ReadonlyMap<string, ContainerUse>;
  readonly logSizes: LogSizes;
  readonly home: EngineHome;
}

/** A container by what each source says of it. */
export interface KnownContainer {
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

/** A list that is older says nothing of how the engine answers now. It comes every ten seconds when all is well. */
const freshListMs = 30_000;

/** What the judgement of whether it is stuck goes by. */
export function stuckFactsOf(
  { id, name, listed, kernel, worker, cri, left }: KnownContainer,
  input: ContainersInput,
  join: ContainersJoin,
): StuckFacts {
  const { at, monoMs, tracked, history } = input;
  const ageMs = tracked.valueMonoMs === null ? null : monoMs - tracked.valueMonoMs;
  const state = history.states.get(id);
  return {
    at,
    id,
    listState: listed?.state ?? null,
    stateSince: at - (monoMs - (state?.sinceMonoMs ?? monoMs)),
    stateBeganBefore: state?.beganBefore ?? true,
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
