import type { HostValue } from '../sample/host.ts';
import type { Status } from '../sample/reading.ts';
import { type SourceName, sourceNames } from '../sample/sample.ts';
import { type CgroupsModel, deriveCgroups } from './cgroups.ts';
import { type ContainersModel, deriveContainers, nameContainers } from './containers.ts';
import { type DaemonModel, deriveDaemons } from './daemons.ts';
import { type DisksModel, deriveDisks } from './disks.ts';
import type { History } from './history.ts';
import { deriveLogs, type LogsModel } from './logs.ts';
import { deriveMounts, type MountsModel } from './mounts.ts';
import { deriveProcesses, type ProcessesModel } from './processes.ts';
import { deriveShims, type ShimsModel } from './shims.ts';
import { deriveWriters, type WritersModel } from './writers.ts';

/**
 * The node at one moment, with everything joined and computed once. Null stands for a source that never gave a value;
 * a source that stopped giving one keeps its last, and `sources` tells how old it is.
 */
export interface Model {
  /** Milliseconds since 1970, by the node's clock. */
  readonly at: number;
  readonly monoMs: number;
  readonly sources: readonly SourceModel[];
  readonly host: HostValue | null;
  readonly daemons: readonly DaemonModel[];
  readonly containers: ContainersModel | null;
  readonly processes: ProcessesModel | null;
  readonly shims: ShimsModel | null;
  readonly mounts: MountsModel | null;
  readonly disks: DisksModel | null;
  readonly writers: WritersModel | null;
  readonly cgroups: CgroupsModel | null;
  readonly logs: LogsModel | null;
  readonly sampler: { readonly pid: number; readonly cpuPercent: number | null; readonly rssBytes: number };
}

export interface SourceModel {
  readonly name: SourceName;
  readonly status: Status;
  /** How long the newest answer took; for `pending`, how long the question is open. */
  readonly tookMs: number;
  readonly detail: string | null;
  /** Age of the value that is shown, in milliseconds; null when there is none. */
  readonly ageMs: number | null;
}

export function derive(history: History): Model {
  const { sources, at, monoMs } = history;
  const containersInput = { tracked: sources.containers, history: history.containers, at, monoMs };
  const names = nameContainers(containersInput);
  const nameOf = (id: string): string | null => names.get(id)?.label ?? null;
  const processes = deriveProcesses(sources.processes, history.processes, monoMs, nameOf);
  return {
    at,
    monoMs,
    sources: sourceNames.map((name) => deriveSource(name, history)),
    host: sources.host.value,
    daemons: deriveDaemons(sources.daemons, history.daemons, monoMs),
    containers: deriveContainers(containersInput, processes?.list ?? []),
    processes,
    shims: deriveShims(sources.shims),
    mounts: deriveMounts(sources.mounts),
    disks: deriveDisks(sources.disks, history.disks),
    writers: deriveWriters(sources.writers),
    cgroups: deriveCgroups(sources.cgroups, history.cgroups),
    logs: deriveLogs(sources.logs, history.logs),
    sampler: history.sampler,
  };
}

function deriveSource(name: SourceName, { sources, monoMs }: History): SourceModel {
  const { reading, valueMonoMs } = sources[name];
  return {
    name,
    status: reading.status,
    tookMs: reading.status === 'ok' ? reading.tookMs : reading.status === 'pending' ? reading.forMs : 0,
    detail: reading.status === 'ok' ? null : reading.detail,
    ageMs: valueMonoMs === null ? null : monoMs - valueMonoMs,
  };
}
