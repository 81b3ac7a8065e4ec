import { formatBytes } from '../../../base/bytes.ts';
import { formatCount } from '../../../base/counts.ts';
import { formatMoment } from '../../../base/moments.ts';
import { quote } from '../../../base/shell-word.ts';
import type { ContainerModel } from '../../../model/containers/container.ts';
import type { Model } from '../../../model/model.ts';
import type { Line } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { exitMeaning } from './exit-code.ts';
import { field } from './fields.ts';
import { listAt, numberAt, objectAt, textAt } from './json-at.ts';

/** Whether an answer is of a containerd or CRI-O rather than of a Docker engine. */
export function isCriInspect(inspect: unknown): boolean {
  return Object.hasOwn(objectAt(inspect) ?? {}, 'statusError');
}

/** The summary of a CRI status and an OCI specification: identity, state, configuration, and the last log lines. */
export function criSummaryLines(
  inspect: unknown,
  container: ContainerModel | null,
  { at }: Model,
  { zone }: Theme,
  width: number,
): Line[] {
  const one = (label: string, text: string | null, tone?: Tone): Line[] => field(label, text, width, tone);
  const moment = (label: string, name: string): Line[] => {
    const ms = Date.parse(textAt(inspect, 'status', name) ?? '');
    return Number.isNaN(ms) ? [] : field(label, formatMoment(ms, at, zone), width);
  };
  return [
    ...one('id', textAt(inspect, 'id')),
    ...one('name', textAt(inspect, 'name') ?? container?.label ?? null, 'strong'),
    ...one('image', imageText(inspect) ?? (container?.image || null)),
    ...one('command', commandText(inspect)),
    ...one('runtime', textAt(inspect, 'runtime')),
    [],
    ...one('state', stateText(inspect, container), container?.stuck ? 'critical' : 'plain'),
    ...one('no status', textAt(inspect, 'statusError'), 'warning'),
    ...one('reason', textAt(inspect, 'status', 'reason')),
    ...one('message', textAt(inspect, 'status', 'message')),
    ...moment('created', 'createdAt'),
    ...moment('started', 'startedAt'),
    ...moment('finished', 'finishedAt'),
    ...one('exit code', exitText(inspect)),
    ...one('restarts', restartText(inspect)),
    [],
    ...mountLines(inspect, width),
    ...one('limits', limitsText(inspect)),
    ...one('cgroup', textAt(inspect, 'spec', 'linux', 'cgroupsPath')),
    ...one('bundle', textAt(inspect, 'bundle')),
    ...one('no spec', textAt(inspect, 'specError'), 'dim'),
    ...logTailLines(inspect, width),
  ];
}

/** `CONTAINER_RUNNING` is said as the list says it. */
function stateText(inspect: unknown, container: ContainerModel | null): string {
  const asked = textAt(inspect, 'status', 'state')
    ?.replace(/^CONTAINER_/, '')
    .toLowerCase();
  const pid = container?.initPid == null ? '' : `, init pid ${container.initPid}`;
  const listed = container?.listState ?? null;
  if (asked === undefined) return `${listed === null ? 'unknown' : `${listed} in the list`}${pid}`;
  return `${listed === null || listed === asked ? asked : `${listed} in the list, ${asked} in ContainerStatus`}${pid}`;
}

function imageText(inspect: unknown): string | null {
  return (
    textAt(inspect, 'status', 'image', 'userSpecifiedImage') ??
    textAt(inspect, 'status', 'image', 'image') ??
    textAt(inspect, 'spec', 'annotations', 'io.kubernetes.cri.image-name')
  );
}

/** As typed in a shell: arguments with spaces are quoted. */
function commandText(inspect: unknown): string | null {
  const args = listAt(inspect, 'spec', 'process', 'args').map(String);
  return args.length === 0 ? null : args.map(quote).join(' ');
}

function exitText(inspect: unknown): string | null {
  const code = numberAt(inspect, 'status', 'exitCode');
  if (code === null || textAt(inspect, 'status', 'state') !== 'CONTAINER_EXITED') return null;
  return `${code}: ${exitMeaning(code, textAt(inspect, 'status', 'reason') === 'OOMKilled')}`;
}

/** The kubelet counts how many times it made the container. */
function restartText(inspect: unknown): string | null {
  const attempt = numberAt(inspect, 'status', 'metadata', 'attempt');
  return attempt === null ? null : formatCount(attempt);
}

function mountLines(inspect: unknown, width: number): Line[] {
  return listAt(inspect, 'status', 'mounts').flatMap((mount, index) => {
    const mode = objectAt(mount)?.['readonly'] === true ? ' (read-only)' : '';
    const text = `${textAt(mount, 'hostPath') ?? '?'} → ${textAt(mount, 'containerPath') ?? '?'}${mode}`;
    return field(index === 0 ? 'mounts' : '', text, width);
  });
}

function limitsText(inspect: unknown): string | null {
  const of = (...path: string[]): number => numberAt(inspect, 'spec', 'linux', 'resources', ...path) ?? 0;
  if (objectAt(inspect, 'spec') === null) return null;
  const cpus = of('cpu', 'period') > 0 ? of('cpu', 'quota') / of('cpu', 'period') : 0;
  return [
    `memory ${of('memory', 'limit') > 0 ? formatBytes(of('memory', 'limit')) : 'none'}`,
    `cpus ${cpus > 0 ? Math.round(cpus * 100) / 100 : 'none'}`,
    `pids ${of('pids', 'limit') > 0 ? formatCount(of('pids', 'limit')) : 'none'}`,
  ].join(', ');
}

function logTailLines(inspect: unknown, width: number): Line[] {
  const error = textAt(inspect, 'logError');
  const file = textAt(inspect, 'status', 'logPath') ?? textAt(inspect, 'logPath');
  const lines = listAt(inspect, 'logTail').map(String);
  if (file === null) return [];
  return [
    ...field('log', file, width),
    ...field('', error, width, 'warning'),
    ...lines.flatMap((line) => field('', line, width, 'dim')),
  ];
}
