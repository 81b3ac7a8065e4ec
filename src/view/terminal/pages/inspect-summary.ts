import { formatBytes } from '../../../base/bytes.ts';
import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import { formatMoment } from '../../../base/moments.ts';
import { quote } from '../../../base/shell-word.ts';
import type { Zone } from '../../../base/zone.ts';
import type { ContainerModel } from '../../../model/containers/container.ts';
import type { Model } from '../../../model/model.ts';
import { stuckFor } from '../../stuck-for.ts';
import type { Line } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { exitMeaning } from './exit-code.ts';
import { field } from './fields.ts';
import { flagAt, listAt, numberAt, objectAt, textAt } from './json-at.ts';

/** A container without an inspect: from the list alone. */
export function listedLines(
  container: ContainerModel | null,
  id: string,
  { at }: Model,
  { zone }: Theme,
  width: number,
): Line[] {
  if (container === null)
    return [...field('id', id, width), ...field('state', 'not in the engine’s list', width, 'warning')];
  return [
    ...field('id', id, width),
    ...field('name', container.name, width, 'strong'),
    ...field('pod', listedPod(container), width),
    ...field('image', container.image, width),
    ...field('state', stateText(container, null), width, container.stuck ? 'critical' : 'plain'),
    // The kernel does not know when a container was created.
    ...(container.createdAt === 0 ? [] : field('created', formatMoment(container.createdAt * 1000, at, zone), width)),
  ];
}

/** The summary of an inspect: identity, state, configuration. */
export function summaryLines(
  inspect: unknown,
  container: ContainerModel | null,
  { at }: Model,
  { zone }: Theme,
  width: number,
): Line[] {
  const one = (label: string, text: string | null, tone?: Tone): Line[] => field(label, text, width, tone);
  const moment = (label: string, ...path: string[]): Line[] => one(label, momentAt(inspect, at, zone, ...path));
  const error = textAt(inspect, 'State', 'Error');
  const oom = flagAt(inspect, 'State', 'OOMKilled');
  return [
    ...one('id', textAt(inspect, 'Id')),
    ...one('name', textAt(inspect, 'Name')?.replace(/^\//, '') ?? container?.name ?? null, 'strong'),
    ...one('pod', podText(inspect) ?? listedPod(container)),
    ...one('service', serviceText(inspect)),
    ...one('image', imageText(inspect)),
    ...one('command', commandText(inspect)),
    [],
    ...stateLines(inspect, container, width),
    ...one('error', error, 'critical'),
    ...moment('created', 'Created'),
    ...moment('started', 'State', 'StartedAt'),
    ...moment('finished', 'State', 'FinishedAt'),
    ...one('exit code', exitText(inspect)),
    ...one('OOM killed', oom ? 'yes: memory limit reached' : 'no', oom ? 'critical' : 'plain'),
    ...healthLines(inspect, width),
    ...one('restarts', restartText(inspect)),
    ...one('stop', stopText(inspect)),
    [],
    ...mountLines(inspect, width),
    ...one('limits', limitsText(inspect)),
    ...one('network', networkText(inspect)),
    ...logLines(inspect, width),
    ...one('init', initText(inspect)),
  ];
}

/** List and inspect read different state; on a sick engine they differ, and the difference is a clue. */
function stateLines(inspect: unknown, container: ContainerModel | null, width: number): Line[] {
  const inspected = textAt(inspect, 'State', 'Status');
  const pid = numberAt(inspect, 'State', 'Pid') ?? 0;
  const process = pid > 0 ? `, init pid ${pid}` : '';
  // `stopping` is our word for a running container that was asked to stop.
  const listed = container?.state === 'stopping' ? 'running' : (container?.state ?? null);
  if (inspected !== null && listed !== null && inspected !== listed) {
    return field('state', `${listed} in the list, ${inspected} in inspect${process}`, width, 'critical');
  }
  return field('state', `${stateText(container, inspected)}${process}`, width, container?.stuck ? 'critical' : 'plain');
}

function stateText(container: ContainerModel | null, inspected: string | null): string {
  if (container === null) return `${inspected ?? 'unknown'}; not in the list`;
  const stuck = container.stuck ? `, stuck for ${stuckFor(container)}` : '';
  return `${container.state}, “${container.status}”${stuck}`;
}

function podText(inspect: unknown): string | null {
  const label = (name: string): string | null => textAt(inspect, 'Config', 'Labels', `io.kubernetes.${name}`);
  const pod = label('pod.name');
  if (pod === null) return null;
  const container = label('container.name');
  return `${label('pod.namespace') ?? 'default'}/${pod}${container === null ? '' : `, container ${container}`}`;
}

function listedPod(container: ContainerModel | null): string | null {
  return container?.pod == null ? null : `${container.namespace}/${container.pod}`;
}

function serviceText(inspect: unknown): string | null {
  const label = (name: string): string | null => textAt(inspect, 'Config', 'Labels', name);
  const service = label('com.docker.compose.service');
  if (service !== null) return `${label('com.docker.compose.project') ?? ''}/${service} (compose)`;
  const swarm = label('com.docker.swarm.service.name');
  return swarm === null ? null : `${swarm} (swarm)`;
}

function imageText(inspect: unknown): string | null {
  const name = textAt(inspect, 'Config', 'Image');
  const id =
    textAt(inspect, 'Image')
      ?.replace(/^sha256:/, '')
      .slice(0, 12) ?? null;
  return name === null ? id : id === null || name.includes(id) ? name : `${name} (${id})`;
}

/** As typed in a shell: arguments with spaces are quoted. */
function commandText(inspect: unknown): string | null {
  const path = textAt(inspect, 'Path');
  if (path === null) return null;
  return [path, ...listAt(inspect, 'Args').map(String)].map(quote).join(' ');
}

/** Go's zero time stands for “never”. */
function momentAt(inspect: unknown, now: number, zone: Zone, ...path: string[]): string | null {
  const text = textAt(inspect, ...path);
  if (text === null || text.startsWith('0001-01-01')) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : formatMoment(at, now, zone);
}

function exitText(inspect: unknown): string | null {
  const code = numberAt(inspect, 'State', 'ExitCode');
  // 0 has no meaning for a container that runs or never ran.
  if (
    code === null ||
    (code === 0 && (flagAt(inspect, 'State', 'Running') || textAt(inspect, 'State', 'Status') === 'created'))
  )
    return null;
  return `${code}: ${exitMeaning(code, flagAt(inspect, 'State', 'OOMKilled'))}`;
}

function healthLines(inspect: unknown, width: number): Line[] {
  const status = textAt(inspect, 'State', 'Health', 'Status');
  if (status === null || status === 'none') return [];
  const streak = numberAt(inspect, 'State', 'Health', 'FailingStreak') ?? 0;
  const last = listAt(inspect, 'State', 'Health', 'Log').at(-1);
  const output = textAt(last, 'Output')?.trim().split('\n').at(-1) ?? null;
  const failed = streak === 0 ? '' : `, failed ${streak} times in a row`;
  return [
    ...field('health', `${status}${failed}`, width, status === 'unhealthy' ? 'warning' : 'plain'),
    ...(output === null ? [] : field('last check', `exit ${numberAt(last, 'ExitCode') ?? '?'}: ${output}`, width)),
  ];
}

function restartText(inspect: unknown): string {
  const count = numberAt(inspect, 'RestartCount') ?? 0;
  const policy = textAt(inspect, 'HostConfig', 'RestartPolicy', 'Name') ?? 'no';
  const most = numberAt(inspect, 'HostConfig', 'RestartPolicy', 'MaximumRetryCount') ?? 0;
  return `${formatCount(count)}, policy ${policy}${most > 0 ? `, at most ${most}` : ''}`;
}

/** Defaults of the engine: moby container/container.go, DefaultStopSignal and defaultStopTimeout. */
function stopText(inspect: unknown): string {
  const signal = textAt(inspect, 'Config', 'StopSignal') ?? 'SIGTERM (default)';
  const seconds = numberAt(inspect, 'Config', 'StopTimeout');
  const wait = seconds === null ? '10s (default)' : seconds < 0 ? 'forever' : formatSeconds(seconds);
  return `${signal}, then SIGKILL after ${wait}`;
}

function mountLines(inspect: unknown, width: number): Line[] {
  const mounts = listAt(inspect, 'Mounts').map((mount) => {
    const source = textAt(mount, 'Source') ?? textAt(mount, 'Name') ?? textAt(mount, 'Type') ?? '?';
    const traits = [
      textAt(mount, 'Type'),
      textAt(mount, 'Propagation'),
      objectAt(mount)?.['RW'] === false ? 'read-only' : null,
    ].filter((trait) => trait !== null);
    return `${source} → ${textAt(mount, 'Destination') ?? '?'}${traits.length === 0 ? '' : ` (${traits.join(', ')})`}`;
  });
  const tmpfs = Object.keys(objectAt(inspect, 'HostConfig', 'Tmpfs') ?? {}).map((path) => `${path} (tmpfs)`);
  return [...mounts, ...tmpfs].flatMap((text, index) => field(index === 0 ? 'mounts' : '', text, width));
}

function limitsText(inspect: unknown): string {
  const host = (name: string): number => numberAt(inspect, 'HostConfig', name) ?? 0;
  const cpus =
    host('NanoCpus') > 0 ? host('NanoCpus') / 1e9 : host('CpuPeriod') > 0 ? host('CpuQuota') / host('CpuPeriod') : 0;
  const cpuset = textAt(inspect, 'HostConfig', 'CpusetCpus');
  const nofile = listAt(inspect, 'HostConfig', 'Ulimits').find((limit) => textAt(limit, 'Name') === 'nofile');
  return [
    `memory ${host('Memory') > 0 ? formatBytes(host('Memory')) : 'none'}`,
    ...(host('MemoryReservation') > 0 ? [`reserved ${formatBytes(host('MemoryReservation'))}`] : []),
    ...(flagAt(inspect, 'HostConfig', 'OomKillDisable') ? ['never OOM killed'] : []),
    `cpus ${cpus > 0 ? Math.round(cpus * 100) / 100 : 'none'}${cpuset === null ? '' : ` on ${cpuset}`}`,
    `pids ${host('PidsLimit') > 0 ? formatCount(host('PidsLimit')) : 'none'}`,
    nofile === undefined
      ? 'nofile from the daemon'
      : `nofile ${formatCount(numberAt(nofile, 'Soft'))} of ${formatCount(numberAt(nofile, 'Hard'))}`,
  ].join(', ');
}

function networkText(inspect: unknown): string | null {
  const mode = textAt(inspect, 'HostConfig', 'NetworkMode');
  const addresses = Object.entries(objectAt(inspect, 'NetworkSettings', 'Networks') ?? {}).flatMap(
    ([name, network]) => {
      const address = textAt(network, 'IPAddress');
      return address === null ? [] : [`${name} ${address}`];
    },
  );
  return mode === null ? null : [mode, ...addresses].join(', ');
}

/** Only json-file grows without limit by default: `local` rotates, the others write no files of their own. */
function logLines(inspect: unknown, width: number): Line[] {
  const driver = textAt(inspect, 'HostConfig', 'LogConfig', 'Type');
  if (driver === null) return [];
  const most = textAt(inspect, 'HostConfig', 'LogConfig', 'Config', 'max-size');
  const files = textAt(inspect, 'HostConfig', 'LogConfig', 'Config', 'max-file');
  if (driver === 'json-file' && (most === null || most === '-1'))
    return field('log', 'json-file, not rotated: the file grows without limit', width, 'warning');
  const rotation = most === null ? '' : `, rotated at ${most}${files === null ? '' : `, ${files} files`}`;
  return field('log', `${driver}${rotation}`, width);
}

function initText(inspect: unknown): string {
  const init = objectAt(inspect, 'HostConfig')?.['Init'];
  const own = init === true ? 'yes: it reaps zombies' : 'no: pid 1 in the container must reap zombies';
  return init === null || init === undefined ? `${own} (unless dockerd runs with --init)` : own;
}
