import { failed, ok } from '../sample/reading.ts';
import type { SourceName } from '../sample/sample.ts';
import { CgroupsCollector } from './cgroups/cgroups.ts';
import { ContainersCollector } from './containers/containers.ts';
import { ShimsCollector } from './containers/shims.ts';
import { CriCollector } from './cri/cri.ts';
import { SocketActivation } from './daemons/activation.ts';
import { DaemonsCollector } from './daemons/daemons.ts';
import { StacksCollector } from './daemons/stacks.ts';
import { DisksCollector } from './disks/disks.ts';
import { WritersCollector } from './disks/writers.ts';
import type { Endpoint } from './engine/endpoint.ts';
import { otherEngineHint } from './engine/other-engine.ts';
import { ContainerLogs } from './filesystems/container-logs.ts';
import { FilesystemsCollector } from './filesystems/filesystems.ts';
import { engineLogFiles, podLogFiles } from './filesystems/log-files.ts';
import { collectHost, kernelRelease } from './host.ts';
import { LogsCollector } from './logs/logs.ts';
import { MountsCollector } from './mounts/mounts.ts';
import { isBlocked } from './processes/containers.ts';
import { ProcessesCollector } from './processes/processes.ts';
import { ProcessTable } from './processes/table.ts';
import type { Source } from './sampler.ts';
import { settledWithin } from './settled-within.ts';
import type { World } from './world.ts';

interface SourcesOptions {
  readonly engine: Endpoint;
  /** The endpoint was named, rather than assumed: it has to be there. */
  readonly engineNamed?: boolean;
  readonly pprof: ReadonlyMap<string, string>;
  /** `--cri`: URLs of sockets; empty for every containerd and CRI-O that is found. */
  readonly cri?: readonly string[];
  /** `--log`: paths, or `journal`; empty for what the node has. */
  readonly logs: readonly string[];
  readonly intervalMs: number;
  /** By the user: they say so instead of a value. */
  readonly disabled: ReadonlySet<SourceName>;
  /** Because they hung: they say nothing, and what they gave before stays. */
  readonly skipped?: ReadonlySet<SourceName>;
}

const stacksPeriodMs = 2000;
const shimsPeriodMs = 2000;
const cgroupsPeriodMs = 5000;
const writersPeriodMs = 5000;
const filesystemsPeriodMs = 10_000;
/** How long the first poll of the filesystems waits for the engines: on a busy node GET /info takes seconds. */
const firstAnswersMs = 3000;
const mountsPeriodMs = 10_000;
const hostPeriodMs = 30_000;

/** Daemons that write the logs of containers themselves. */
const logWriters = ['dockerd', 'containerd'];

/** How each source is polled: a source that is missing here does not compile. */
type Polls = { readonly [N in SourceName]: Omit<Source<N>, 'name'> };

/**
 * Every source, in the order of a tick: `processes` first, because it finds the processes that the others read; then what is
 * read at once; then what waits for an answer.
 */
export function openSources(world: World, options: SourcesOptions): { sources: Source[]; close: () => void } {
  const disks = new DisksCollector(world);
  const table = new ProcessTable(world, undefined, () => disks.ioWaiters);
  const processes = new ProcessesCollector(world, table, kernelRelease(world));
  const named = options.engineNamed ?? false;
  const { gate } = new SocketActivation(world, table, { named });
  const daemons = new DaemonsCollector(world, table, { ...options, gate, periodMs: options.intervalMs });
  const containers = new ContainersCollector(options.engine, {
    named,
    gate,
    otherEngine: () => otherEngineHint(world),
  });
  const cri = new CriCollector(world, table, { named: options.cri ?? [], knownIds: () => shims.containerIds });
  const mounts = new MountsCollector(world, table, kernelRelease(world));
  const shims = new ShimsCollector(world, table);
  const writers = new WritersCollector(world, table, kernelRelease(world));
  const containerLogs = new ContainerLogs(world, {
    files: () => [...engineLogFiles(containers.listedIds, daemons.engineRoots()), ...cri.lists.flatMap(podLogFiles)],
    isBlocked: () => logWriters.some((comm) => table.named(comm).some(isBlocked)),
  });
  const filesystems = new FilesystemsCollector(world, {
    containerLogs: (mountinfo) => containerLogs.read(mountinfo),
    engineRoots: () => [...daemons.engineRoots(), ...cri.storageRoots],
    kernel: kernelRelease(world),
  });
  const cgroups = new CgroupsCollector(world, { namedTasks: () => shims.namedTasks });
  const stacks = new StacksCollector(() => daemons.stackTargets());
  const logs = new LogsCollector(world, options);
  // Loading a client keeps this thread busy, which would be measured as the time that the daemons take to answer.
  const askedDaemons = new Turn(world);
  const askedCri = new Turn(world);
  let waited: Promise<void> | null = null;
  const polls: Polls = {
    processes: { periodMs: 0, collect: () => timed(() => processes.collect()) },
    shims: { periodMs: shimsPeriodMs, collect: () => timed(() => shims.collect()) },
    disks: { periodMs: 0, collect: () => timed(() => disks.collect()) },
    // The engine says where its data is, and the lists have the containers whose logs are measured.
    filesystems: {
      periodMs: filesystemsPeriodMs,
      collect: async () => {
        await askedDaemons.over;
        waited ??= settledWithin(firstAnswers(), firstAnswersMs);
        await waited;
        world.onResume();
        return filesystems.collect();
      },
    },
    mounts: { periodMs: mountsPeriodMs, collect: () => timed(() => mounts.collect()) },
    writers: { periodMs: writersPeriodMs, collect: () => timed(() => writers.collect()) },
    cgroups: { periodMs: cgroupsPeriodMs, collect: () => cgroups.collect() },
    logs: { periodMs: 0, collect: () => logs.collect() },
    daemons: { periodMs: 0, collect: () => timedAsync(() => daemons.collect()).finally(askedDaemons.end) },
    stacks: { periodMs: stacksPeriodMs, collect: () => askedDaemons.before(() => timed(() => stacks.collect())) },
    containers: { periodMs: 0, collect: () => askedCri.before(() => containers.collect()) },
    cri: { periodMs: 0, collect: () => askedDaemons.before(() => cri.collect().finally(askedCri.end)) },
    host: { periodMs: hostPeriodMs, collect: () => timed(() => collectHost(world)) },
  };
  const all = Object.entries(polls).map(([name, poll]) => ({ name, ...poll }) as Source);
  const { disabled, skipped = new Set() } = options;
  const isOff = (name: SourceName): boolean => disabled.has(name) || skipped.has(name);
  const sources = all
    .filter(({ name }) => !skipped.has(name))
    .map((source): Source => (disabled.has(source.name) ? { ...source, ...disabledPoll(source.name) } : source));
  const firstAnswers = async (): Promise<void> => {
    const lists = isOff('containers') ? null : containers.firstAnswer;
    await Promise.all([daemons.firstAnswers(), askedCri.over.then(() => cri.firstAnswers()), lists]);
  };
  if (isOff('daemons')) askedDaemons.end();
  if (isOff('cri')) void askedDaemons.over.then(askedCri.end);
  if (!isOff('containers')) void askedCri.over.then(() => containers.start());
  if (!isOff('logs')) logs.start();
  return {
    sources,
    close: () => {
      logs.close();
      stacks.close();
      daemons.close();
      containers.close();
      cri.close();
    },
  };
}

/** Once an hour is enough: nothing changes it. */
const disabledPoll = (name: SourceName): Pick<Source, 'periodMs' | 'collect'> => ({
  periodMs: 3_600_000,
  collect: () => failed(`disabled with --disable ${name}`),
});

/** The first polls come one after another; the later ones wait for nothing, so they need not be announced a second time. */
class Turn {
  readonly over: Promise<void>;
  readonly end: () => void;
  readonly #world: World;
  #isOver = false;

  constructor(world: World) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#world = world;
    this.over = promise;
    this.end = () => {
      this.#isOver = true;
      resolve();
    };
  }

  /** Collects when it is over. */
  before<T>(collect: () => T | Promise<T>): T | Promise<T> {
    if (this.#isOver) return collect();
    return this.over.then(() => {
      this.#world.onResume();
      return collect();
    });
  }
}

function timed<T>(poll: () => T): ReturnType<typeof ok<T>> {
  const started = performance.now();
  return ok(poll(), performance.now() - started);
}

async function timedAsync<T>(poll: () => Promise<T>): Promise<ReturnType<typeof ok<T>>> {
  const started = performance.now();
  return ok(await poll(), performance.now() - started);
}
