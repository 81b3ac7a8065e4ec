import { ok } from '../sample/reading.ts';
import type { SourceName } from '../sample/sample.ts';
import { CgroupsCollector } from './cgroups/cgroups.ts';
import { ContainersCollector } from './containers/containers.ts';
import { ShimsCollector } from './containers/shims.ts';
import { DaemonsCollector } from './daemons/daemons.ts';
import { StacksCollector } from './daemons/stacks.ts';
import { DisksCollector } from './disks/disks.ts';
import { WritersCollector } from './disks/writers.ts';
import type { Endpoint } from './engine/endpoint.ts';
import { collectHost, kernelRelease } from './host.ts';
import { LogsCollector } from './logs/logs.ts';
import { MountsCollector } from './mounts/mounts.ts';
import { ProcessesCollector } from './processes/processes.ts';
import { ProcessTable } from './processes/table.ts';
import type { Source } from './sampler.ts';
import type { World } from './world.ts';

interface SourcesOptions {
  readonly engine: Endpoint;
  /** The endpoint was named, rather than assumed: it has to be there. */
  readonly engineNamed?: boolean;
  readonly pprof: ReadonlyMap<string, string>;
  /** `--log`: paths, or `journal`; empty for what the node has. */
  readonly logs: readonly string[];
  readonly intervalMs: number;
  readonly disabled: ReadonlySet<SourceName>;
}

const stacksPeriodMs = 2000;
const shimsPeriodMs = 2000;
const cgroupsPeriodMs = 5000;
const writersPeriodMs = 5000;
const mountsPeriodMs = 10_000;
const hostPeriodMs = 30_000;

/**
 * Every source, in the order of a tick: `processes` first, because it finds the processes that the others ask about;
 * then what is read at once; then what waits for an answer.
 */
export function openSources(world: World, options: SourcesOptions): { sources: Source[]; close: () => void } {
  const table = new ProcessTable(world);
  const processes = new ProcessesCollector(world, table, kernelRelease(world));
  const daemons = new DaemonsCollector(world, table, { ...options, periodMs: options.intervalMs });
  const containers = new ContainersCollector(options.engine, options.engineNamed ?? false);
  const mounts = new MountsCollector(world, table, kernelRelease(world));
  const shims = new ShimsCollector(world, table);
  const writers = new WritersCollector(world, table, kernelRelease(world));
  const disks = new DisksCollector(world);
  const cgroups = new CgroupsCollector(world);
  const stacks = new StacksCollector(() => daemons.stackTargets());
  const logs = new LogsCollector(world, options);
  // Loading dockerode and systeminformation keeps this thread busy for a tenth of a second, which would be measured as
  // the time that the daemons take to answer.
  const askedDaemons = Promise.withResolvers<void>();
  const all: Source[] = [
    source('processes', 0, () => timed(() => processes.collect())),
    source('shims', shimsPeriodMs, () => timed(() => shims.collect())),
    source('disks', 0, () => timed(() => disks.collect())),
    source('mounts', mountsPeriodMs, () => timed(() => mounts.collect())),
    source('writers', writersPeriodMs, () => timed(() => writers.collect())),
    source('cgroups', cgroupsPeriodMs, () => cgroups.collect()),
    source('logs', 0, () => logs.collect()),
    source('daemons', 0, () => timedAsync(() => daemons.collect()).finally(askedDaemons.resolve)),
    source('stacks', stacksPeriodMs, () => askedDaemons.promise.then(() => timed(() => stacks.collect()))),
    source('containers', 0, () => askedDaemons.promise.then(() => containers.collect())),
    source('host', hostPeriodMs, () => askedDaemons.promise.then(() => timedAsync(() => collectHost(world)))),
  ];
  const sources = all.filter(({ name }) => !options.disabled.has(name));
  if (options.disabled.has('daemons')) askedDaemons.resolve();
  if (!options.disabled.has('containers')) void askedDaemons.promise.then(() => containers.start());
  if (!options.disabled.has('logs')) logs.start();
  return {
    sources,
    close: () => {
      logs.close();
      stacks.close();
      daemons.close();
      containers.close();
    },
  };
}

const source = <N extends SourceName>(name: N, periodMs: number, collect: Source<N>['collect']): Source =>
  ({ name, periodMs, collect }) as unknown as Source;

function timed<T>(look: () => T): ReturnType<typeof ok<T>> {
  const started = performance.now();
  return ok(look(), performance.now() - started);
}

async function timedAsync<T>(look: () => Promise<T>): Promise<ReturnType<typeof ok<T>>> {
  const started = performance.now();
  return ok(await look(), performance.now() - started);
}
