import type { Reading } from '../sample/reading.ts';
import { type Sample, type SourceName, type SourceValues, sourceNames } from '../sample/sample.ts';
import { type CgroupsHistory, noCgroups, reduceCgroups } from './cgroups/cgroups.ts';
import { type ContainersHistory, noContainers, reduceContainers } from './containers/history.ts';
import { type DaemonsHistory, noDaemons, reduceDaemons } from './daemons/history.ts';
import { noStacks, reduceStacks, type StacksHistory } from './daemons/stacks.ts';
import { type DisksHistory, noDisks, reduceDisks } from './disks/disks.ts';
import { type IoWindowHistory, noIoWindow, reduceIoWindow } from './disks/io-window.ts';
import { type LogsHistory, noLogs, reduceLogs } from './logs/logs.ts';
import { type MountsHistory, noMounts, reduceMounts } from './mounts/history.ts';
import { whoIs } from './processes/identify.ts';
import { noProcesses, type ProcessesHistory, reduceProcesses } from './processes/processes.ts';
import { noSamplerCost, reduceSamplerCost, type SamplerCostHistory } from './sampler-cost.ts';
import { type Tracked, track, untracked } from './tracked.ts';

/** All that is remembered of the Samples so far: bounded, and the only state there is. */
export interface History {
  /** The newest Sample's wall clock, milliseconds since 1970; 0 before the first. */
  readonly at: number;
  /** The newest Sample's CLOCK_MONOTONIC, milliseconds. */
  readonly monoMs: number;
  readonly sources: TrackedSources;
  readonly daemons: DaemonsHistory;
  readonly stacks: StacksHistory;
  readonly containers: ContainersHistory;
  readonly processes: ProcessesHistory;
  readonly mounts: MountsHistory;
  readonly disks: DisksHistory;
  readonly ioWindow: IoWindowHistory;
  readonly cgroups: CgroupsHistory;
  readonly logs: LogsHistory;
  readonly sampler: SamplerCostHistory;
}

type TrackedSources = { readonly [N in SourceName]: Tracked<SourceValues[N]> };

export const emptyHistory: History = {
  at: 0,
  monoMs: 0,
  sources: forSources(() => untracked),
  daemons: noDaemons,
  stacks: noStacks,
  containers: noContainers,
  processes: noProcesses,
  mounts: noMounts,
  disks: noDisks,
  ioWindow: noIoWindow,
  cgroups: noCgroups,
  logs: noLogs,
  sampler: noSamplerCost,
};

/** Samples that two samplers wrote at about the same time may come in either order. */
const disorderMs = 1000;

/** Takes one Sample in. The monotonic clock goes back only with another boot: then nothing of before is so any more. */
export function reduce(before: History, sample: Sample): History {
  const { at, monoMs, readings } = sample;
  const history = monoMs < before.monoMs - disorderMs ? emptyHistory : before;
  const one = <N extends SourceName>(name: N): Tracked<SourceValues[N]> => {
    const reading: Reading<SourceValues[N]> | undefined = readings[name];
    const tracked: Tracked<SourceValues[N]> = history.sources[name];
    return reading === undefined ? tracked : track(tracked, reading, monoMs);
  };
  const tracked = forSources(one);
  return {
    at,
    monoMs,
    sources: tracked,
    daemons: reduceDaemons(history.daemons, readings.daemons, monoMs),
    stacks: reduceStacks(history.stacks, readings.stacks, monoMs),
    containers: reduceContainers(history.containers, sample, tracked),
    processes: reduceProcesses(history.processes, readings.processes, monoMs),
    mounts: reduceMounts(history.mounts, readings, tracked, monoMs),
    disks: reduceDisks(history.disks, readings.disks, monoMs),
    ioWindow: reduceIoWindow(history.ioWindow, readings.disks, monoMs),
    cgroups: reduceCgroups(history.cgroups, readings.cgroups, monoMs),
    logs: reduceLogs(history.logs, readings.logs),
    sampler: reduceSamplerCost(history.sampler, sample, (pid) => whoIs(pid, history.sources)),
  };
}

function forSources(give: <N extends SourceName>(name: N) => Tracked<SourceValues[N]>): TrackedSources {
  return Object.fromEntries(sourceNames.map((name) => [name, give(name)])) as TrackedSources;
}
