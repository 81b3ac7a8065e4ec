import type { FileHandles, OtherDaemon } from '../sample/daemons.ts';
import type { HostValue } from '../sample/host.ts';
import type { Status } from '../sample/reading.ts';
import { type SourceName, sourceNames } from '../sample/sample.ts';
import type { ShimsValue } from '../sample/shims.ts';
import { type CgroupsModel, containerUses, deriveCgroups } from './cgroups/cgroups.ts';
import { judgeKernelMemory, type KernelMemoryModel } from './cgroups/kernel-memory.ts';
import { type ContainersModel, deriveContainers, nameContainers } from './containers/containers.ts';
import { type IdleShim, idleShims } from './containers/idle-shims.ts';
import { logSizesOf } from './containers/log-size.ts';
import { type ContainerSettings, deriveContainerSettings } from './containers/settings.ts';
import { type CriModel, deriveCri } from './cri/cri.ts';
import { type DaemonModel, deriveDaemons } from './daemons/daemons.ts';
import { deriveStacks, type StacksModel } from './daemons/stacks.ts';
import { type DisksModel, deriveDisks } from './disks/disks.ts';
import { type IoWindow, ioWindowOf } from './disks/io-window.ts';
import { deriveWriters, type WritersModel } from './disks/writers.ts';
import { deriveFilesystems, type FilesystemsModel } from './filesystems/filesystems.ts';
import type { History } from './history.ts';
import { deriveLogs, type LogsModel } from './logs/logs.ts';
import { deriveMounts, type MountsModel } from './mounts/mounts.ts';
import { deriveProcesses, type ProcessesModel } from './processes/processes.ts';
import type { SamplerCostHistory } from './sampler-cost.ts';
import type { Tracked } from './tracked.ts';

/**
 * The node at one moment, with everything joined and computed once. Null is a source that never had a value; a source that
 * no longer has one keeps its last, and `sources` says how old it is.
 */
export interface Model {
  /** Milliseconds since 1970, by the node's clock. */
  readonly at: number;
  readonly monoMs: number;
  readonly sources: readonly SourceModel[];
  readonly host: HostValue | null;
  /** How long the node has been up now, in milliseconds; null if unknown. */
  readonly upMs: number | null;
  readonly daemons: readonly DaemonModel[];
  /** Every dockerd and containerd that is not watched. */
  readonly otherDaemons: readonly OtherDaemon[];
  /** Open files of the whole node; null if unknown. */
  readonly fileHandles: FileHandles | null;
  /** By daemon; null before the first read of any. */
  readonly stacks: readonly StacksModel[] | null;
  readonly containers: ContainersModel | null;
  /** Every containerd and CRI-O that is asked, and the pods that they list. */
  readonly cri: CriModel | null;
  /** Of those whose inspect is known. */
  readonly containerSettings: readonly ContainerSettings[];
  readonly processes: ProcessesModel | null;
  readonly shims: ShimsValue | null;
  /** Shims below which nothing runs. */
  readonly idleShims: readonly IdleShim[];
  readonly mounts: MountsModel | null;
  readonly disks: DisksModel | null;
  readonly filesystems: FilesystemsModel | null;
  /** Null until the disks were polled for ten seconds. */
  readonly ioWindow: IoWindow | null;
  readonly writers: WritersModel | null;
  readonly cgroups: CgroupsModel | null;
  /** Null if the control groups were unreadable. */
  readonly kernelMemory: KernelMemoryModel | null;
  readonly logs: LogsModel | null;
  readonly sampler: Pick<SamplerCostHistory, 'pid' | 'cpuPercent' | 'rssBytes' | 'stalled' | 'slowed'>;
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

/** Everything that rules and views see of a moment, from what is remembered up to then. */
export function derive(history: History): Model {
  const { sources, at, monoMs } = history;
  const { processes, shims, logs, containers, nameOf } = joinContainers(history);
  return {
    at,
    monoMs,
    sources: sourceNames.map((name) => deriveSource(name, history)),
    host: sources.host.value,
    upMs: upMsOf(sources.host, monoMs),
    daemons: deriveDaemons({
      tracked: sources.daemons,
      history: history.daemons,
      monoMs,
      memoryBytes: sources.host.value?.memoryBytes ?? null,
      runtimes: sources.cri.value?.runtimes ?? [],
    }),
    otherDaemons: sources.daemons.value?.others ?? [],
    stacks: deriveStacks(sources.stacks, history.stacks, monoMs),
    fileHandles: sources.daemons.value?.fileHandles ?? null,
    containers,
    cri: deriveCri(sources.cri.value),
    containerSettings: deriveContainerSettings(sources.containers, nameOf),
    processes,
    shims,
    idleShims: idleShims(shims, history.containers, monoMs),
    mounts: deriveMounts({ sources, history: history.mounts, logs, at, monoMs }),
    disks: deriveDisks({
      tracked: sources.disks,
      history: history.disks,
      monoMs,
      daemons: sources.daemons.value,
      cri: sources.cri.value,
      processes: sources.processes.value,
      blocked: processes?.list ?? [],
    }),
    filesystems: deriveFilesystems(sources.filesystems),
    ioWindow: ioWindowOf(history.ioWindow),
    writers: deriveWriters(sources.writers, nameOf),
    cgroups: deriveCgroups(sources.cgroups, history.cgroups, nameOf),
    kernelMemory: deriveKernelMemory(history),
    logs,
    sampler: history.sampler,
  };
}

/** The host is read rarely: the node has been up longer by now. */
function upMsOf({ value, valueMonoMs }: Tracked<HostValue>, monoMs: number): number | null {
  return value === null || valueMonoMs === null ? null : value.uptimeSeconds * 1000 + monoMs - valueMonoMs;
}

/** The containers with all that is joined to them. */
function joinContainers(history: History): JoinedContainers {
  const { sources, at, monoMs } = history;
  const containersInput = { tracked: sources.containers, cri: sources.cri, history: history.containers, at, monoMs };
  const names = nameContainers(containersInput, sources.shims.value);
  const nameOf = (id: string): string | null => names.get(id)?.label ?? null;
  const processes = deriveProcesses(sources.processes, history.processes, monoMs, nameOf, sources.shims.value);
  const shims = sources.shims.value;
  const logs = deriveLogs(sources.logs, history.logs, history.at);
  const settings = [...history.daemons.values()].find((daemon) => daemon.settings !== null)?.settings ?? null;
  const home = { rootDir: settings?.rootDir ?? '/var/lib/docker', driver: settings?.storageDriver ?? 'overlay2' };
  const uses = containerUses(history.cgroups);
  const logSizes = logSizesOf(sources.filesystems);
  const models = processes?.list ?? [];
  const join = { processes: sources.processes.value, models, shims, logs, uses, logSizes, home };
  return { processes, shims, logs, containers: deriveContainers(containersInput, join), nameOf };
}

type JoinedContainers = Pick<Model, 'processes' | 'shims' | 'logs' | 'containers'> & {
  /** What people call a container, by id. */
  readonly nameOf: (id: string) => string | null;
};

function deriveKernelMemory({ sources, at }: History): KernelMemoryModel | null {
  const cgroups = sources.cgroups.value;
  if (cgroups === null) return null;
  const containers = sources.containers.value;
  return judgeKernelMemory({
    kernel: sources.host.value?.kernel ?? null,
    memory: cgroups.memory,
    liveContainers: containers?.containers.filter(({ state }) => state === 'running').length ?? null,
    churn: containers?.churn ?? null,
    at,
    tallies: sources.logs.value?.tallies ?? [],
  });
}

function deriveSource(name: SourceName, { sources, monoMs, sampler }: History): SourceModel {
  const { reading, valueMonoMs } = sources[name];
  const ageMs = valueMonoMs === null ? null : monoMs - valueMonoMs;
  // It is no longer read, so nothing would mark its last value as outdated.
  if (sampler.stalled.some((read) => read.source === name && read.path === null)) {
    return { name, status: 'failed', tookMs: 0, detail: 'its read hung, so it is no longer read', ageMs };
  }
  return {
    name,
    status: reading.status,
    tookMs: reading.status === 'ok' ? reading.tookMs : reading.status === 'pending' ? reading.forMs : 0,
    detail: reading.status === 'ok' ? null : reading.detail,
    ageMs,
  };
}
