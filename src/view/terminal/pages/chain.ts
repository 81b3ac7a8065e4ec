import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import type { ProcessModel } from '../../../model/processes/processes.ts';
import type { Subjects } from '../../../rules/engine/rule.ts';
import type { Line } from '../parts/line.tsx';
import type { Theme } from '../theme.ts';
import { paragraph } from './fields.ts';

/** Subjects shown of each kind; the rest is counted. */
const maxEach = 5;

/** The cause chain, from the blocked daemon down to the device: one line each, with its state. */
export function chainLines(model: Model, subjects: Subjects, theme: Theme, width: number): Line[] {
  const links = [
    ...some(subjects.daemons, (name) => daemonText(model, name)),
    ...some(subjects.containers, (id) => containerText(model, id)),
    ...some(subjects.pids, (pid) => processText(model, pid)),
    ...some(subjects.mounts, (path) => `mount ${path}`),
    ...some(subjects.devices, (name) => `device ${name}`),
  ];
  return links.flatMap((text, index) =>
    paragraph(`${index === 0 ? '' : `${theme.glyphs.parent} `}${text}`, width, 'plain', 2),
  );
}

function some<T>(all: readonly T[], text: (one: T) => string): string[] {
  const left = all.length - maxEach;
  return [...all.slice(0, maxEach).map(text), ...(left > 0 ? [`${formatCount(left)} more`] : [])];
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
