import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import type { ProcessModel } from '../../../model/processes/processes.ts';
import type { Subjects } from '../../../rules/engine/rule.ts';
import { stuckFor } from '../../stuck-for.ts';
import { rowNamed } from '../panes/named.ts';
import { type Line, linkSpan, type Target } from '../parts/line.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';

/** Subjects shown of each kind; the rest is counted. */
const maxEach = 5;

/** A subject of a finding: its text, and the row that it is; null for the count of the rest, and where no pane lists it. */
interface Named {
  readonly text: string;
  readonly target: Target | null;
}

/** What a finding is about, a line each with its state now. What causes what is the cause tree's to say (`rules/engine/chains.ts`). */
export function subjectLines(model: Model, subjects: Subjects, width: number): Line[] {
  return namedIn(model, subjects, maxEach).flatMap(({ text, target }) => wrapSpans([linkSpan(text, target)], width, 2));
}

/** The same, a piece each, at most `most` of each kind. */
export function subjectSpans(model: Model, subjects: Subjects, most: number): Line {
  return namedIn(model, subjects, most).map(({ text, target }) => linkSpan(text, target));
}

function namedIn(model: Model, subjects: Subjects, most: number): Named[] {
  return [
    ...some(model, subjects, 'daemons', most, (name) => daemonText(model, name)),
    ...some(model, subjects, 'containers', most, (id) => containerText(model, id)),
    ...some(model, subjects, 'pids', most, (pid) => processText(model, pid)),
    ...some(model, subjects, 'mounts', most, mountText),
    ...some(model, subjects, 'devices', most, (name) => `device ${name}`),
  ];
}

/** libnetwork mounts each network namespace on a file of that directory (osl, namespace_linux.go). */
function mountText(path: string): string {
  return path.includes('/netns/') ? `network namespace ${path}` : `mount ${path}`;
}

function some<K extends keyof Subjects>(
  model: Model,
  subjects: Subjects,
  kind: K,
  most: number,
  textOf: (id: Subjects[K][number]) => string,
): Named[] {
  const all: readonly Subjects[K][number][] = subjects[kind];
  const left = all.length - most;
  return [
    ...all.slice(0, most).map((id) => ({ text: textOf(id), target: rowNamed(model, kind, id) })),
    ...(left > 0 ? [{ text: `${formatCount(left)} more`, target: null }] : []),
  ];
}

function daemonText({ daemons }: Model, name: string): string {
  const goroutines = daemons.find((daemon) => daemon.name === name)?.goroutines;
  return goroutines?.status === 'ok' ? `${name}, ${formatCount(goroutines.value)} goroutines` : name;
}

function containerText({ containers }: Model, id: string): string {
  const container = containers?.list.find((one) => one.id === id);
  if (container === undefined) return `container ${id.slice(0, 12)}`;
  const since = container.stuck ? ` for ${stuckFor(container)}` : '';
  return `container ${container.label}, ${container.state}${since}`;
}

function processText({ processes }: Model, pid: number): string {
  const process = processes?.list.find((one) => one.pid === pid);
  return process === undefined ? `pid ${pid}` : `${process.comm} ${pid}, ${stateText(process)}`;
}

function stateText({ state, seconds, wchan }: ProcessModel): string {
  return `${state} for ${formatSeconds(seconds)}${wchan === null ? '' : `, waits in ${wchan}`}`;
}
