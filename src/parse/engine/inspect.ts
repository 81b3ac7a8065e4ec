import { textOf } from '../../base/json-object.ts';
import type { ContainerInspect, InspectedMount } from '../../sample/containers.ts';

/** More mounts than this say nothing more of a container. */
const maxMounts = 64;
const maxErrorLength = 2000;

/** Drivers that write files of their own without end unless `max-size` says otherwise (docs.docker.com, json-file). */
const growingDrivers = new Set(['json-file']);

/**
 * Parses the answer of `GET /containers/{id}/json` (Docker Engine API, ContainerInspect).
 *
 * @throws if it lacks the container's state
 */
export function parseContainerInspect(answer: unknown): ContainerInspect {
  const inspect = recordOf(answer);
  const state = recordOf(inspect['State']);
  const status = state['Status'];
  if (typeof status !== 'string') throw new Error('no state in the engine’s inspect');
  const config = recordOf(inspect['Config']);
  const hostConfig = recordOf(inspect['HostConfig']);
  const logConfig = recordOf(hostConfig['LogConfig']);
  const logDriver = nonEmpty(logConfig['Type']);
  return {
    status,
    pid: wholeOr(state['Pid'], 0),
    error: textOf(state['Error']).slice(0, maxErrorLength),
    startedAt: timeOf(state['StartedAt']),
    stopTimeoutSeconds: wholeOr(config['StopTimeout'], null),
    init: hostConfig['Init'] === true,
    logDriver,
    logRotated: logDriver === null ? null : isRotated(logDriver, recordOf(logConfig['Config'])),
    restarts: wholeOr(inspect['RestartCount'], 0),
    mergedDir: nonEmpty(recordOf(recordOf(inspect['GraphDriver'])['Data'])['MergedDir']),
    mounts: mountsOf(inspect['Mounts']),
  };
}

/** `max-size` is `-1`, or not there, for a log without end. */
function isRotated(driver: string, options: Readonly<Record<string, unknown>>): boolean {
  if (!growingDrivers.has(driver)) return true;
  const size = textOf(options['max-size']);
  return size !== '' && !size.startsWith('-');
}

function mountsOf(mounts: unknown): InspectedMount[] {
  if (!Array.isArray(mounts)) return [];
  return mounts.slice(0, maxMounts).map((mount: unknown) => {
    const { Type, Source, Destination, Propagation } = recordOf(mount);
    return {
      type: textOf(Type),
      source: textOf(Source),
      destination: textOf(Destination),
      propagation: textOf(Propagation),
    };
  });
}

/** Go writes RFC 3339 with nanoseconds, and its zero time, year 1, for what never happened. */
function timeOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : null;
}

function wholeOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

function nonEmpty(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
