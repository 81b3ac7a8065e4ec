import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import type { ContainerTasks, ShimValue, TaskValue } from '../../../sample/shims.ts';
import { clean, truncate } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { field } from './fields.ts';

/** Tasks shown of one container; the rest is counted. */
const maxTasks = 60;
/** Deeper levels are not indented further. */
const maxDepth = 8;

/** The processes of a container from the kernel, as a tree below their shim, with the trouble of each. */
export function taskLines({ shims }: Model, containerId: string, theme: Theme, width: number): Line[] {
  if (shims === null) return [];
  for (const shim of shims.shims) {
    const own = shim.containers.find((one) => one.containerId === containerId);
    if (own !== undefined) return [[], ...shimLine(shim, width), ...tasksOf(own, theme, width)];
  }
  const orphan = shims.orphans.find((one) => one.containerId === containerId);
  if (orphan === undefined) return [];
  return [
    [],
    ...field('shim', 'none: it died, or the runtime uses none', width, 'warning'),
    ...tasksOf(orphan, theme, width),
  ];
}

function shimLine({ pid, comm, state, ageSeconds, waits }: ShimValue, width: number): Line[] {
  const isIll = state === 'D' || state === 'T' || waits.length > 0;
  const waiting = waits.length === 0 ? '' : `, threads blocked in ${waits.join(', ')}`;
  const text = `${comm} ${pid}, ${stateWords[state] ?? state}, up ${formatSeconds(ageSeconds)}${waiting}`;
  return field('shim', text, width, isIll ? 'critical' : 'plain');
}

function tasksOf({ initPid, count, tasks }: ContainerTasks, theme: Theme, width: number): Line[] {
  if (tasks.length === 0) {
    const first = initPid === null ? 'init exited' : `init is pid ${initPid}`;
    return field('processes', `${formatCount(count)}, none in trouble, ${first}`, width);
  }
  const depths = depthsOf(tasks);
  const shown = tasks.slice(0, maxTasks);
  const left = Math.max(count, tasks.length) - shown.length;
  return [
    ...field('processes', formatCount(Math.max(count, tasks.length)), width),
    ...shown.map((task) => taskLine(task, depths.get(task.pid) ?? 0, theme, width)),
    ...(left > 0 ? [[span(`  ${formatCount(left)} more`, 'dim')]] : []),
  ];
}

/** Parents come before their children. */
function depthsOf(tasks: readonly TaskValue[]): ReadonlyMap<number, number> {
  const depths = new Map<number, number>();
  for (const { pid, ppid } of tasks) {
    const parent = depths.get(ppid);
    depths.set(pid, parent === undefined ? 0 : parent + 1);
  }
  return depths;
}

/** `  ▸ 28816 dd  D uninterruptible sleep, SIGKILL pending` */
function taskLine(task: TaskValue, depth: number, theme: Theme, width: number): Line {
  const { pid, comm, state, threads, exiting, killPending, blockedThreads } = task;
  const signs = [
    `${state} ${stateWords[state] ?? ''}`.trim(),
    ...(threads > 1 ? [`${formatCount(threads)} threads`] : []),
    ...(blockedThreads > 0 ? [`${formatCount(blockedThreads)} of them in D`] : []),
    // A zombie has exited.
    ...(exiting && state !== 'Z' && state !== 'X' ? ['exiting'] : []),
    ...(killPending ? ['SIGKILL pending'] : []),
  ];
  const indent = `${'  '.repeat(Math.min(depth, maxDepth) + 1)}${depth > 0 ? `${theme.glyphs.dot} ` : ''}`;
  const name = `${pid} ${clean(comm)}  `;
  return [
    span(indent, 'dim'),
    span(name, 'strong'),
    span(truncate(clean(signs.join(', ')), Math.max(0, width - indent.length - name.length)), toneOf(task)),
  ];
}

function toneOf({ state, blockedThreads, killPending }: TaskValue): Tone {
  if (state === 'D' || blockedThreads > 0 || killPending) return 'critical';
  return state === 'Z' || state === 'T' ? 'warning' : 'dim';
}

/** proc_pid_stat(5), field 3. */
const stateWords: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'uninterruptible sleep',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  X: 'dead',
  I: 'idle',
};
