import { countOf } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import { listOf } from '../../base/words.ts';
import type { ContainerModel } from '../../model/containers/container.ts';
import type { ProcessModel } from '../../model/processes/processes.ts';
import type { Parts } from '../engine/parts.ts';
import type { Evidence, Severity } from '../engine/rule.ts';
import { isLongWait } from './long-waits.ts';

/** What one cause holds up. */
export interface Held {
  /** Blocked by it, the longest first. */
  readonly processes: readonly ProcessModel[];
  /** Those that cannot exit because of it. */
  readonly stuck: readonly ContainerModel[];
  /** Those that have a process blocked by it, stuck or not, by id. */
  readonly containers: readonly string[];
}

/** Named in a sentence; the rest is counted. */
const maxNamed = 3;
const maxEvidence = 8;
/** As many as the subjects of a finding name. */
const maxSubjects = 100;

/** @param devices numbers of what is behind the mounts that the blockers of containers wait at */
export function heldBy(
  processes: readonly ProcessModel[],
  devices: readonly string[],
  { containers }: Parts<'containers'>,
): Held {
  const pids = new Set(processes.map(({ pid }) => pid));
  const at = new Set(devices);
  const stuck = (containers?.list ?? []).filter(
    ({ stuckIn, blocker }) =>
      stuckIn.includes('stop') &&
      blocker !== null &&
      (pids.has(blocker.pid) || (blocker.waits?.mount != null && at.has(blocker.waits.mount.device))),
  );
  const ids = [...stuck.map(({ id }) => id), ...processes.flatMap(({ containerId }) => containerId ?? [])];
  return { processes, stuck, containers: [...new Set(ids)].sort() };
}

/** No moment of a healthy node: it lasts as `blocked-process` counts, or a container cannot exit. */
export function isLong({ processes, stuck }: Held): boolean {
  return stuck.length > 0 || processes.some(isLongWait);
}

/** `2 containers cannot exit`, `dd (pid 4242) is blocked`; empty when it holds up nothing that is known. */
export function effectWords({ processes, stuck }: Held): string {
  const [container] = stuck;
  if (container !== undefined) {
    return stuck.length === 1 ? `${container.label} cannot exit` : `${stuck.length} containers cannot exit`;
  }
  const users = processes.filter(({ kernelThread }) => !kernelThread);
  const [process] = users;
  if (process === undefined) return '';
  return users.length === 1
    ? `${process.comm} (pid ${process.pid}) is blocked`
    : `${users.length} processes are blocked`;
}

/** Which of the first cannot exit until that is over; empty when there is none. */
export function stuckSentence({ stuck }: Held, until: string): string {
  const labels = stuck.map(({ label }) => label);
  return stuck.length === 0 ? '' : ` ${listOf(labels, maxNamed)} cannot exit until ${until}.`;
}

/** A line for each of the first of them. */
export function heldEvidence({ processes }: Held): Evidence[] {
  const more = processes.length - maxEvidence;
  return [
    ...processes
      .slice(0, maxEvidence)
      .map((process) => ({ source: `/proc/${process.pid}/stack`, text: lineOf(process) })),
    ...(more > 0
      ? [{ source: '/proc', text: `${countOf(more, 'more process', 'more processes')} blocked by the same` }]
      : []),
  ];
}

function lineOf({
  comm,
  pid,
  containerId,
  containerName,
  seconds,
  secondsFrom,
  killPending,
  waits,
}: ProcessModel): string {
  const of = containerId === null ? '' : ` in ${containerName ?? containerId.slice(0, 12)}`;
  const atLeast = secondsFrom === 'last-ran' ? '' : 'at least ';
  return `${comm} (pid ${pid})${of}: D for ${atLeast}${formatSeconds(seconds)}${killPending ? ', SIGKILL pending' : ''}${waits === null ? '' : `, ${waits.text}`}`;
}

/** When the first of them began to wait, to the second; null when none is known. */
export function heldSince({ processes }: Held, { at }: Parts): number | null {
  const seconds = Math.max(...processes.map((process) => process.seconds));
  return processes.length === 0 ? null : Math.round((at - seconds * 1000) / 1000) * 1000;
}

/** The pids that a finding names, in their order; not all of very many. */
export function pidsOf({ processes }: Held): number[] {
  return processes
    .map(({ pid }) => pid)
    .sort((a, b) => a - b)
    .slice(0, maxSubjects);
}

/** The ids of containers that a finding names; not all of very many. */
export function containersOf({ containers }: Held): readonly string[] {
  return containers.slice(0, maxSubjects);
}

/** A container that cannot exit is a fault now; processes that wait are one that may pass. */
export function severityOf({ stuck }: Held): Severity {
  return stuck.length > 0 ? 'critical' : 'warning';
}
