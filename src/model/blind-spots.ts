import type { LogOrigin } from '../sample/logs.ts';
import type { DaemonModel } from './daemons/daemons.ts';
import type { Model, SourceModel } from './model.ts';

/** Something that rtwatch was configured to read, or must read, and cannot: "nothing found" would then claim too much. */
interface BlindSpot {
  readonly id: string;
  readonly because: string;
  /** What a person could do about it. */
  readonly remedy: string | null;
}

type Seen = Pick<Model, 'host' | 'daemons' | 'shims' | 'logs' | 'sources'>;

/** What is not seen at this moment; empty on a node that is seen whole. */
export function blindSpots(model: Seen): BlindSpot[] {
  return [
    ...namespaceSpot(model),
    ...(model.host?.missingRoots ?? []).map(rootSpot),
    ...model.daemons.flatMap(endpointSpot),
    ...model.sources.flatMap(runtimeSpot),
    ...(model.logs?.origins ?? []).flatMap(logSpot),
  ];
}

/** A namespace in which daemons run is a node of its own (kind, LXC), whatever runs around it. */
function namespaceSpot({ host, daemons, shims }: Seen): BlindSpot[] {
  if (host?.pidNamespace !== 'nested') return [];
  const hasRuntime = daemons.some(({ process }) => process !== null) || (shims?.shims.length ?? 0) > 0;
  if (hasRuntime) return [];
  return [
    {
      id: 'pid-namespace',
      because: 'this is not the host’s PID namespace: the host’s processes and daemons are not visible',
      remedy: 'run the container with --pid=host',
    },
  ];
}

function rootSpot(option: string): BlindSpot {
  return { id: 'root', because: `${option} is not a directory that can be read`, remedy: null };
}

function endpointSpot({ name, named, endpoint, goroutines }: DaemonModel): BlindSpot[] {
  if (!named || goroutines.status === 'ok') return [];
  return [
    {
      id: `pprof ${name}`,
      because: `${name} was named with --pprof, and ${endpoint} gives no goroutine count: ${goroutines.detail}`,
      remedy: null,
    },
  ];
}

/**
 * An engine or a runtime that was named and is not there, or that refuses. One that was found and is gone is the daemons' news,
 * and one that was only assumed is absent.
 */
function runtimeSpot({ name, status, detail }: SourceModel): BlindSpot[] {
  if ((name !== 'cri' && name !== 'containers') || status !== 'failed') return [];
  const who = name === 'cri' ? 'runtime' : 'engine';
  return [{ id: name, because: detail ?? `the container ${who} does not answer`, remedy: null }];
}

function logSpot({ name, named, reading }: LogOrigin): BlindSpot[] {
  if (!named || (reading.status !== 'absent' && reading.status !== 'failed')) return [];
  return [
    { id: `log ${name}`, because: `${name} was named with --log, and cannot be read: ${reading.detail}`, remedy: null },
  ];
}
