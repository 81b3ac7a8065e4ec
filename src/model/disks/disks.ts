import type { CriValue } from '../../sample/cri.ts';
import type { DaemonsValue } from '../../sample/daemons.ts';
import type { DiskMount, DisksValue, IoPressure, RuntimeRoot } from '../../sample/disks.ts';
import type { ProcessesValue } from '../../sample/processes.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import type { ChartSeries } from '../chart-series.ts';
import { daemonName } from '../daemons/kind.ts';
import type { ProcessModel } from '../processes/processes.ts';
import type { Series } from '../series.ts';
import type { Tracked } from '../tracked.ts';
import { type DiskFault, type FrozenMount, faultsOf, stuckSeconds } from './faults.ts';
import { type DirtyModel, dirtyOf, type FlushModel, flushOf } from './flush.ts';
import type { DisksHistory } from './history.ts';
import type { DiskRates } from './rates.ts';
import { type DiskUse, usesOf } from './uses.ts';
import { frozenMounts } from './waits.ts';

export { type DisksHistory, noDisks, reduceDisks } from './history.ts';
export type { DiskRates } from './rates.ts';

/** A device as rules and views see it. */
export interface DiskModel {
  readonly name: string;
  /** `major:minor` */
  readonly device: string;
  /** What people call it: `/dev/mapper` name, a loop device's file, `raid1`; null when the kernel's name is all there is. */
  readonly label: string | null;
  /** Null if unknown, and for loop devices. */
  readonly rotational: boolean | null;
  /** Null until two readings are there. */
  readonly rates: DiskRates | null;
  readonly inFlight: number;
  /** Since when it ends none of the requests it has, in seconds; null when it moves. */
  readonly stillSeconds: number | null;
  readonly mounts: readonly DiskMount[];
  /** The runtimes' directories that lie on it. */
  readonly roots: readonly RuntimeRoot[];
  /** Devices that it is built on, and devices that are built on it. */
  readonly slaves: readonly string[];
  readonly carries: readonly string[];
  readonly partitions: readonly string[];
  /** Of a loop device, the mount that its file lies on. */
  readonly backing: DiskMount | null;
  readonly faults: readonly DiskFault[];
}

export interface DisksModel {
  /** The busiest first; without loop devices that hold nothing and do nothing. */
  readonly list: readonly DiskModel[];
  /** Of real filesystems, those of devices that are gone too. */
  readonly mounts: readonly DiskMount[];
  /** Devices beyond what a Sample carries. */
  readonly more: number;
  readonly pressure: Reading<IoPressure>;
  readonly someSeries: Series;
  readonly fullSeries: Series;
  readonly someChart: ChartSeries;
  /** A substitute for pressure on a kernel without PSI; null with PSI. */
  readonly substitute: PressureSubstitute | null;
  readonly ioWaitSeries: Series;
  readonly dirty: DirtyModel;
  /** Null if no process waits for dirty memory to be written. */
  readonly flush: FlushModel | null;
  /** Root filesystems that containerd mounted for containers, and how many of them `volatile`; null if unknown. */
  readonly taskOverlays: { readonly total: number; readonly volatile: number } | null;
  readonly dirtyBytes: number | null;
  readonly writebackBytes: number | null;
  readonly procsBlocked: number | null;
}

/** Indications of waiting for I/O that every kernel has. None of them is a share of lost time, as pressure is. */
export interface PressureSubstitute {
  readonly procsBlocked: number | null;
  /** Share of the processors' time: it is small on a node with many processors, whatever waits. */
  readonly ioWaitPercent: number | null;
  readonly busiest: { readonly name: string; readonly utilPercent: number } | null;
}

interface DisksInput {
  readonly tracked: Tracked<DisksValue>;
  readonly history: DisksHistory;
  readonly monoMs: number;
  readonly daemons: DaemonsValue | null;
  readonly cri: CriValue | null;
  readonly processes: ProcessesValue | null;
  /** The processes in D: those that wait to write show which filesystems are frozen. */
  readonly blocked: readonly ProcessModel[];
}

/**
 * The disks as rules and views see them: the most urgent first, loop devices that do nothing left out. Null before the first reading.
 */
export function deriveDisks(input: DisksInput): DisksModel | null {
  const { tracked, history, processes } = input;
  const { value } = tracked;
  if (value === null) return null;
  const uses = usesOf(history.topology, value.disks, wantedRoots(input));
  const frozen = frozenMounts(input.blocked, uses);
  const all = value.disks.map((disk) => derive(disk.name, input, uses.get(disk.name) ?? null, frozen));
  const list = all
    .filter((disk) => !isIdleLoop(disk))
    .sort((a, b) => urgency(b) - urgency(a) || b.inFlight - a.inFlight || (a.name < b.name ? -1 : 1));
  const dirty = dirtyOf(history);
  const stuck = list.find((disk) => stuckSeconds(disk) !== null);
  return {
    list,
    mounts: okValue(history.topology?.mounts)?.list ?? [],
    more: value.more,
    pressure: value.pressure,
    someSeries: history.some,
    fullSeries: history.full,
    someChart: history.someChart,
    substitute: value.pressure.status === 'ok' ? null : substituteOf(value, history, list),
    ioWaitSeries: history.ioWait,
    dirty,
    flush: flushOf(dirty, processes, stuck?.name ?? null),
    taskOverlays: okValue(history.topology?.mounts)?.taskOverlays ?? null,
    dirtyBytes: value.dirtyBytes,
    writebackBytes: value.writebackBytes,
    procsBlocked: value.procsBlocked,
  };
}

function derive(
  name: string,
  { tracked, history, monoMs }: DisksInput,
  use: DiskUse | null,
  frozen: readonly FrozenMount[],
): DiskModel {
  const counters = tracked.value?.disks.find((disk) => disk.name === name);
  const since = history.still.get(name);
  const device = use?.device ?? null;
  const disk = {
    name,
    device: counters?.device ?? '',
    label: device?.label ?? device?.level ?? null,
    // A loop device says so of no disk: its file lies on one.
    rotational: device === null || device.kind === 'loop' ? null : device.rotational,
    rates: history.rates.get(name) ?? null,
    inFlight: counters?.inFlight ?? 0,
    // The value can be old, if the source failed since: what stood still then is reported as of then.
    stillSeconds: since === undefined ? null : ((history.last?.monoMs ?? monoMs) - since) / 1000,
    mounts: use?.mounts ?? [],
    roots: use?.roots ?? [],
    slaves: device?.slaves ?? [],
    carries: use?.carries ?? [],
    partitions: use?.partitions ?? [],
    backing: use?.backing ?? null,
  };
  return { ...disk, faults: faultsOf(disk, device, frozen) };
}

/** Where the runtimes keep their data, as far as they say it; the usual place of one that runs and was not seen elsewhere. */
function wantedRoots({ history, daemons, cri }: DisksInput): RuntimeRoot[] {
  const seen = okValue(history.topology?.mounts)?.roots ?? [];
  const running = (name: string) =>
    daemons?.daemons.find((daemon) => daemon.name === name && daemon.process.status === 'ok');
  const engine = running('dockerd');
  const isPodman = engine !== undefined && daemonName(engine, null) === 'podman';
  const engineRoot = okValue(engine?.settings)?.rootDir;
  const roots: RuntimeRoot[] =
    engineRoot === undefined || engineRoot === '' ? [] : [{ of: isPodman ? 'podman' : 'docker', path: engineRoot }];
  for (const { kind, storage } of cri?.runtimes ?? [])
    if (kind === 'crio' && storage !== undefined) roots.push({ of: 'crio', path: storage.root });
  const usual = [
    ['docker', 'dockerd'],
    ['containerd', 'containerd'],
  ] as const;
  for (const [of, name] of usual) {
    const known = [...seen, ...roots].some((root) => root.of === of);
    if (!known && running(name) !== undefined && !(of === 'docker' && isPodman))
      roots.push({ of, path: `/var/lib/${of}` });
  }
  return roots;
}

function substituteOf(value: DisksValue, history: DisksHistory, list: readonly DiskModel[]): PressureSubstitute {
  const busiest = list.reduce<PressureSubstitute['busiest']>((best, { name, rates }) => {
    if (rates === null || rates.utilPercent <= (best?.utilPercent ?? -1)) return best;
    return { name, utilPercent: rates.utilPercent };
  }, null);
  return { procsBlocked: value.procsBlocked, ioWaitPercent: history.ioWait.at(-1) ?? null, busiest };
}

/** A loop device that was used once and is not now: there are eight of them on many a node. */
function isIdleLoop({ name, rates, inFlight, mounts, roots, carries }: DiskModel): boolean {
  if (!name.startsWith('loop')) return false;
  const moves = rates !== null && rates.readsPerSec + rates.writesPerSec + rates.utilPercent > 0;
  return !moves && inFlight === 0 && mounts.length + roots.length + carries.length === 0;
}

/** What is wrong first; then by whole percents, so that disks that do next to nothing keep their places. */
function urgency(disk: DiskModel): number {
  return (disk.faults.some(({ severe }) => severe) ? 1000 : 0) + Math.round(disk.rates?.utilPercent ?? 0);
}
