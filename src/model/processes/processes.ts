import type { CniPlugin } from '../../sample/cni.ts';
import type { BlockedTask, FuseDaemon, ProcessesValue, ProcessValue, SyscallValue } from '../../sample/processes.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import type { RuntimeProcess } from '../../sample/runtimes.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import type { Tracked } from '../tracked.ts';
import { blockerOf, parentsOf } from './blockers.ts';
import { type Wait, waitOf } from './waits.ts';
import { type Zombie, zombieOf } from './zombies.ts';

/** When each blocked or dead process, and each of its tasks in D, was first seen so, in milliseconds of CLOCK_MONOTONIC, by key. */
export type ProcessesHistory = ReadonlyMap<string, number>;

export const noProcesses: ProcessesHistory = new Map();

/** Pids are reused; with the start time it is one process forever. The state belongs to it: D can turn into Z. */
const keyOf = (process: ProcessValue): string => `${process.pid} ${process.starttime} ${stateOf(process)}`;
/** Where the kernel does not say when a task last ran, one that ran in between is another wait. */
const taskKey = ({ pid, starttime }: ProcessValue, { tid, switches }: BlockedTask): string =>
  `${pid} ${starttime} task ${tid}${switches === undefined ? '' : ` ${switches}`}`;

/** What is remembered of processes after one more reading: since when each task is seen. */
export function reduceProcesses(
  before: ProcessesHistory,
  reading: Reading<ProcessesValue> | undefined,
  monoMs: number,
): ProcessesHistory {
  const value = okValue(reading);
  if (value === null) return before;
  const keys = value.processes.flatMap((process) => [
    keyOf(process),
    ...process.blocked.map((task) => taskKey(process, task)),
  ]);
  return new Map(keys.map((key) => [key, before.get(key) ?? monoMs]));
}

/** A process that is blocked, dead or doomed, as rules and views see it. */
export interface ProcessModel {
  readonly pid: number;
  readonly starttime: number;
  readonly comm: string;
  /**
   * Z when the leader is a zombie, even with a thread in D; D when any thread is in D; S, which only `sleepers` are, when it
   * sleeps in another way.
   */
  readonly state: 'D' | 'Z' | 'S';
  readonly seconds: number;
  /** `last-ran`: exact, the time since it last ran. `first-seen`: a lower bound, since rtwatch first saw it. */
  readonly secondsFrom: 'last-ran' | 'first-seen';
  /** For how long one of its tasks has been in D in every sample; 0 when only the newest shows it. */
  readonly seenSeconds: number;
  /** Of the task that has waited longest. */
  readonly wchan: string | null;
  readonly stack: readonly string[] | null;
  readonly syscall: SyscallValue | null;
  /** The result; null if nothing of it is in D. */
  readonly waits: Wait | null;
  /** Why it is still there; null when it is no zombie. */
  readonly zombie: Zombie | null;
  /** It was killed or began to exit, and sleeps until its children or threads have exited. */
  readonly doomed: boolean;
  /** Of a doomed one: the process in D that it waits for; null when none is known. */
  readonly blockerPid: number | null;
  readonly killPending: boolean;
  readonly containerId: string | null;
  /** What people call the container; null when in none, or not listed by the engine. */
  readonly containerName: string | null;
  /** The threads in D; null when it is the leader alone, or nothing is in D. */
  readonly blockedTids: readonly number[] | null;
  /** How many more threads are in D than those. */
  readonly moreBlocked: number;
  readonly ppid: number;
  readonly parentComm: string | null;
  /** Its pid in its own container; null if unknown. */
  readonly nsPid: number | null;
  readonly kernelThread: boolean;
}

export interface ProcessesModel {
  /** Those in D or Z. */
  readonly list: readonly ProcessModel[];
  /** Those that are doomed and sleep: killing them again is useless, what they wait for is below them. */
  readonly sleepers: readonly ProcessModel[];
  readonly total: number;
  readonly unreadable: number;
  /** Not all of the node's processes are seen. */
  readonly partial: boolean;
  /** Those beyond what a Sample carries. */
  readonly more: number;
  /** Runtimes of containers that have lived for long. */
  readonly runtimes: readonly RuntimeProcess[];
  /** CNI plugins that have run for long. */
  readonly cniPlugins: readonly CniPlugin[];
  /** Programs that may serve the FUSE filesystems of blocked processes. */
  readonly fuseDaemons: readonly FuseDaemon[];
}

/** One that dies in good health is seen so for a moment at most. */
const doomedSeconds = 0.5;

/**
 * @param nameOf the usual name of a container, by id
 * @param shims the newest of them, for the parents of processes
 */
export function deriveProcesses(
  tracked: Tracked<ProcessesValue>,
  history: ProcessesHistory,
  monoMs: number,
  nameOf: (containerId: string) => string | null,
  shims: ShimsValue | null = null,
): ProcessesModel | null {
  const { value } = tracked;
  if (value === null) return null;
  const all = value.processes.map((process) => deriveProcess(process, value, history, monoMs, nameOf, shims));
  const list = all.filter(({ state }) => state !== 'S').sort(byAttention);
  const holding = list.filter(isHolding);
  const parents = parentsOf(all, shims);
  const sleepers = all
    .filter(({ doomed }) => doomed)
    .map((process) => ({ ...process, blockerPid: blockerOf(process, holding, parents)?.pid ?? null }))
    .sort(byAttention);
  return {
    list,
    sleepers,
    total: value.total,
    unreadable: value.unreadable,
    partial: value.partial === true,
    more: value.more,
    runtimes: value.runtimes ?? [],
    cniPlugins: value.cniPlugins ?? [],
    fuseDaemons: value.fuseDaemons ?? [],
  };
}

function deriveProcess(
  process: ProcessValue,
  value: ProcessesValue,
  history: ProcessesHistory,
  monoMs: number,
  nameOf: (containerId: string) => string | null,
  shims: ShimsValue | null,
): ProcessModel {
  const [longest] = process.blocked.toSorted((a, b) => (b.offCpuSeconds ?? 0) - (a.offCpuSeconds ?? 0));
  const sinceSeen = (key: string): number => (monoMs - (history.get(key) ?? monoMs)) / 1000;
  const stateSeconds = sinceSeen(keyOf(process));
  const offCpuSeconds = longest?.offCpuSeconds ?? null;
  const seenSeconds = Math.max(0, ...process.blocked.map((task) => sinceSeen(taskKey(process, task))));
  const isCounted = process.blocked.some(({ switches }) => switches !== undefined);
  const tids = process.blocked.map(({ tid }) => tid);
  return {
    pid: process.pid,
    starttime: process.starttime,
    comm: process.comm,
    state: stateOf(process),
    seconds: offCpuSeconds ?? (isCounted ? seenSeconds : stateSeconds),
    secondsFrom: offCpuSeconds === null ? 'first-seen' : 'last-ran',
    seenSeconds,
    wchan: longest?.wchan ?? null,
    stack: longest?.stack ?? null,
    syscall: longest?.syscall ?? null,
    // An older sampler does not send volumes.
    waits: longest === undefined ? null : waitOf(longest, process.volumes ?? []),
    zombie: zombieOf(process, value, shims),
    // One that runs is on its way: to free a large memory takes a while.
    doomed: stateOf(process) === 'S' && process.state !== 'R' && stateSeconds >= doomedSeconds,
    blockerPid: null,
    nsPid: process.nsPid,
    killPending: process.killPending,
    containerId: process.containerId,
    containerName: process.containerId === null ? null : nameOf(process.containerId),
    blockedTids: tids.length === 0 || (tids.length === 1 && tids[0] === process.pid) ? null : tids,
    moreBlocked: process.moreBlocked ?? 0,
    ppid: process.ppid,
    parentComm: process.parentComm,
    kernelThread: process.kernelThread,
  };
}

function stateOf(process: ProcessValue): ProcessModel['state'] {
  if (process.state === 'Z') return 'Z';
  return process.state === 'D' || process.blocked.length > 0 ? 'D' : 'S';
}

/** What holds something up first: tasks in D, the longest first; then zombies. */
function byAttention(a: ProcessModel, b: ProcessModel): number {
  const rank = (process: ProcessModel): number => (isHolding(process) ? 0 : 1);
  return rank(a) - rank(b) || b.seconds - a.seconds || a.pid - b.pid;
}

/** Whether a task of it is in D: also a zombie's thread, which keeps the zombie from being reaped. */
export function isHolding(process: ProcessModel): boolean {
  return process.state === 'D' || process.blockedTids !== null;
}
