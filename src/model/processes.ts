import type { ProcessesValue, ProcessValue } from '../sample/processes.ts';
import { okValue, type Reading } from '../sample/reading.ts';
import type { Tracked } from './tracked.ts';

/** When each blocked or dead process was first seen so, in milliseconds of CLOCK_MONOTONIC, by `keyOf`. */
export type ProcessesHistory = ReadonlyMap<string, number>;

export const noProcesses: ProcessesHistory = new Map();

/** A pid is used again; with the start time it is one process for ever. The state belongs to it: D can end in Z. */
const keyOf = (process: ProcessValue): string => `${process.pid} ${process.starttime} ${stateOf(process)}`;

export function reduceProcesses(
  before: ProcessesHistory,
  reading: Reading<ProcessesValue> | undefined,
  monoMs: number,
): ProcessesHistory {
  const value = okValue(reading);
  if (value === null) return before;
  return new Map(value.processes.map((process) => [keyOf(process), before.get(keyOf(process)) ?? monoMs]));
}

/** A process in D or Z, as rules and views see it. */
export interface ProcessModel {
  readonly pid: number;
  readonly starttime: number;
  readonly comm: string;
  /** Z when the leader is a zombie, even with a thread in D; D when any thread is in D. */
  readonly state: 'D' | 'Z';
  readonly seconds: number;
  /** `last-ran`: exact, the time it has not run. `first-seen`: a lower bound, since rtwatch looks. */
  readonly secondsFrom: 'last-ran' | 'first-seen';
  /** Of the task that has waited longest. */
  readonly wchan: string | null;
  readonly stack: readonly string[] | null;
  readonly killPending: boolean;
  readonly containerId: string | null;
  /** What people call the container; null when in none, or not listed by the engine. */
  readonly containerName: string | null;
  /** The threads in D; null when it is the leader alone, or nothing is in D. */
  readonly blockedTids: readonly number[] | null;
  readonly ppid: number;
  readonly parentComm: string | null;
  readonly kernelThread: boolean;
}

export interface ProcessesModel {
  readonly list: readonly ProcessModel[];
  readonly total: number;
  readonly unreadable: number;
  /** Those beyond what a Sample carries. */
  readonly more: number;
}

/** @param nameOf what people call a container, by id */
export function deriveProcesses(
  tracked: Tracked<ProcessesValue>,
  history: ProcessesHistory,
  monoMs: number,
  nameOf: (containerId: string) => string | null,
): ProcessesModel | null {
  const { value } = tracked;
  if (value === null) return null;
  const list = value.processes.map((process) => deriveProcess(process, history, monoMs, nameOf)).sort(byAttention);
  return { list, total: value.total, unreadable: value.unreadable, more: value.more };
}

function deriveProcess(
  process: ProcessValue,
  history: ProcessesHistory,
  monoMs: number,
  nameOf: (containerId: string) => string | null,
): ProcessModel {
  const [longest] = process.blocked.toSorted((a, b) => (b.offCpuSeconds ?? 0) - (a.offCpuSeconds ?? 0));
  const seenSeconds = (monoMs - (history.get(keyOf(process)) ?? monoMs)) / 1000;
  const offCpuSeconds = longest?.offCpuSeconds ?? null;
  const tids = process.blocked.map(({ tid }) => tid);
  return {
    pid: process.pid,
    starttime: process.starttime,
    comm: process.comm,
    state: stateOf(process),
    seconds: offCpuSeconds ?? seenSeconds,
    secondsFrom: offCpuSeconds === null ? 'first-seen' : 'last-ran',
    wchan: longest?.wchan ?? null,
    stack: longest?.stack ?? null,
    killPending: process.killPending,
    containerId: process.containerId,
    containerName: process.containerId === null ? null : nameOf(process.containerId),
    blockedTids: tids.length === 0 || (tids.length === 1 && tids[0] === process.pid) ? null : tids,
    ppid: process.ppid,
    parentComm: process.parentComm,
    kernelThread: process.kernelThread,
  };
}

function stateOf(process: ProcessValue): 'D' | 'Z' {
  return process.state === 'Z' ? 'Z' : 'D';
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
