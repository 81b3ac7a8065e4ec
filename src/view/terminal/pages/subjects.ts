import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import type { ProcessModel } from '../../../model/processes/processes.ts';
import type { Subjects } from '../../../rules/engine/rule.ts';
import type { Line } from '../parts/line.ts';
import { paragraph } from './fields.ts';

/** Subjects shown of each kind; the rest is counted. */
const maxEach = 5;

/** What a finding is about, a line each with its state now. What causes what is the cause tree's to say (`rules/engine/chains.ts`). */
export function subjectLines(model: Model, subjects: Subjects, width: number): Line[] {
  return subjectTexts(model, subjects, maxEach).flatMap((text) => paragraph(text, width, 'plain', 2));
}

/** The same as texts, at most `most` of each kind. */
export function subjectTexts(model: Model, subjects: Subjects, most: number): string[] {
  return [
    ...some(subjects.daemons, most, (name) => daemonText(model, name)),
    ...some(subjects.containers, most, (id) => containerText(model, id)),
    ...some(subjects.pids, most, (pid) => processText(model, pid)),
    ...some(subjects.mounts, most, mountText),
    ...some(subjects.devices, most, (name) => `device ${name}`),
  ];
}

/** libnetwork mounts each network namespace on a file of that directory (osl, namespace_linux.go). */
function mountText(path: string): string {
  return path.includes('/netns/') ? `network namespace ${path}` : `mount ${path}`;
}

function some<T>(all: readonly T[], most: number, text: (one: T) => string): string[] {
  const left = all.length - most;
  return [...all.slice(0, most).map(text), ...(left > 0 ? [`${formatCount(left)} more`] : [])];
}

function daemonText({ daemons }: Model, name: string): string {
  const goroutines = daemons.find((daemon) => daemon.name === name)?.goroutines;
  return goroutines?.status === 'ok' ? `${name}, ${formatCount(goroutines.value)} goroutines` : name;
}

function containerText({ containers }: Model, id: string): string {
  const container = containers?.list.find((one) => one.id === id);
  if (container === undefined) return `container ${id.slice(0, 12)}`;
  const since = container.stuckSeconds === null ? '' : ` for ${formatSeconds(container.stuckSeconds)}`;
  return `container ${container.label}, ${container.state}${since}`;
}

function processText({ processes }: Model, pid: number): string {
  const process = processes?.list.find((one) => one.pid === pid);
  return process === undefined ? `pid ${pid}` : `${process.comm} ${pid}, ${stateText(process)}`;
}

function stateText({ state, seconds, wchan }: ProcessModel): string {
  return `${state} for ${formatSeconds(seconds)}${wchan === null ? '' : `, waits in ${wchan}`}`;
}
