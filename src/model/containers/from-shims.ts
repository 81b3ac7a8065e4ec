import type { ProcessesValue, ProcessValue } from '../../sample/processes.ts';
import type { ContainerTasks, ShimsValue, ShimValue, TaskValue } from '../../sample/shims.ts';
import type { ProcessModel } from '../processes/processes.ts';
import { type ContainersHistory, shimKey, taskKey } from './history.ts';
import type { ShimFacts, StuckTask } from './stuck/evidence.ts';

/** What the kernel knows of one container, without the engine. */
export interface KernelContainer {
  readonly id: string;
  /** Its tasks that are blocked, dead or doomed. */
  readonly tasks: readonly StuckTask[];
  readonly shim: ShimFacts | null;
  /** Host pid of its first process; null if that has exited, or is unknown. */
  readonly initPid: number | null;
}

interface KernelInput {
  readonly processes: ProcessesValue | null;
  /** The same processes with what was made of them. */
  readonly models: readonly ProcessModel[];
  readonly shims: ShimsValue | null;
  readonly history: ContainersHistory;
  readonly monoMs: number;
}

/** Joins processes and shims by container. */
export function joinKernel(input: KernelInput): ReadonlyMap<string, KernelContainer> {
  const joined = new Map<string, KernelContainer>();
  const models = new Map(input.models.map((model) => [model.pid, model]));
  const processes = input.processes?.processes ?? [];
  const containerOf = ({ pid, containerId }: ProcessValue): string | null =>
    containerId ?? models.get(pid)?.containerId ?? null;
  for (const [id, list] of Map.groupBy(processes, containerOf)) {
    if (id === null) continue;
    const tasks = list.map((process) => fromProcess(process, models.get(process.pid), input));
    joined.set(id, { id, tasks, shim: null, initPid: null });
  }
  const add = (container: ContainerTasks, shim: ShimValue | null): void => {
    const id = container.containerId;
    const known = joined.get(id)?.tasks ?? [];
    const pids = new Set(known.map(({ pid }) => pid));
    const others = container.tasks.filter((task) => !pids.has(task.pid) && isHeld(task));
    joined.set(id, {
      id,
      tasks: [...known, ...others.map((task) => fromTask(task, input))],
      shim: shim === null ? (joined.get(id)?.shim ?? null) : fromShim(shim, input),
      initPid: container.initPid,
    });
  };
  for (const shim of input.shims?.shims ?? []) {
    for (const container of shim.containers) add(container, shim);
    // Its processes have all exited, and it still exists.
    const { bundleId } = shim;
    if (bundleId !== null && !shim.containers.some(({ containerId }) => containerId === bundleId)) {
      add({ containerId: bundleId, initPid: null, count: 0, tasks: [] }, shim);
    }
  }
  for (const orphan of input.shims?.orphans ?? []) add(orphan, null);
  return joined;
}

function fromProcess(process: ProcessValue, model: ProcessModel | undefined, input: KernelInput): StuckTask {
  const [longest] = process.blocked.toSorted((a, b) => (b.offCpuSeconds ?? 0) - (a.offCpuSeconds ?? 0));
  const offCpuSeconds = longest?.offCpuSeconds ?? null;
  return {
    pid: process.pid,
    comm: process.comm,
    state: process.state,
    inD: process.state === 'D' || process.blocked.length > 0,
    killPending: process.killPending,
    ...killPendingOf(process, input),
    seconds: offCpuSeconds ?? model?.seconds ?? null,
    exact: offCpuSeconds !== null,
    wchan: longest?.wchan ?? null,
    waits: model?.waits ?? null,
  };
}

function isHeld({ state, killPending, blockedThreads }: TaskValue): boolean {
  return killPending || state === 'D' || blockedThreads > 0;
}

function fromTask(task: TaskValue, input: KernelInput): StuckTask {
  return {
    pid: task.pid,
    comm: task.comm,
    state: task.state,
    inD: task.state === 'D' || task.blockedThreads > 0,
    killPending: task.killPending,
    ...killPendingOf(task, input),
    seconds: null,
    exact: false,
    wchan: null,
    waits: null,
  };
}

function killPendingOf(
  task: { readonly pid: number; readonly starttime: number },
  { history, monoMs }: KernelInput,
): Pick<StuckTask, 'killPendingMs' | 'killPendingPolls'> {
  const watched = history.watched.get(taskKey(task));
  return { killPendingMs: monoMs - (watched?.sinceMonoMs ?? monoMs), killPendingPolls: watched?.polls ?? 0 };
}

function fromShim(shim: ShimValue, { history, monoMs }: KernelInput): ShimFacts {
  const since = history.watched.get(shimKey(shim))?.sinceMonoMs ?? monoMs;
  return { pid: shim.pid, state: shim.state, waits: shim.waits, troubledMs: monoMs - since };
}
