import type { CgroupsValue } from './cgroups.ts';
import type { ContainersValue } from './containers.ts';
import type { CriValue } from './cri.ts';
import type { DaemonsValue } from './daemons.ts';
import type { DisksValue } from './disks.ts';
import type { FilesystemsValue } from './filesystems.ts';
import type { HostValue } from './host.ts';
import type { LogsValue } from './logs.ts';
import type { MountsValue } from './mounts.ts';
import type { ProcessesValue } from './processes.ts';
import type { Reading } from './reading.ts';
import type { ShimsValue } from './shims.ts';
import type { StacksValue } from './stacks.ts';
import type { WritersValue } from './writers.ts';

/** The version of the wire. It rises when a field is added; a field never changes its type. */
export const wireVersion = 1;

/** Every source, with the type of its reading. */
export interface SourceValues {
  readonly daemons: DaemonsValue;
  readonly stacks: StacksValue;
  readonly containers: ContainersValue;
  readonly cri: CriValue;
  readonly processes: ProcessesValue;
  readonly shims: ShimsValue;
  readonly mounts: MountsValue;
  readonly disks: DisksValue;
  readonly filesystems: FilesystemsValue;
  readonly writers: WritersValue;
  readonly cgroups: CgroupsValue;
  readonly logs: LogsValue;
  readonly host: HostValue;
}

export type SourceName = keyof SourceValues;

/** As a table: a source without its line does not compile. */
const sources: { readonly [N in SourceName]: true } = {
  daemons: true,
  stacks: true,
  containers: true,
  cri: true,
  processes: true,
  shims: true,
  mounts: true,
  disks: true,
  filesystems: true,
  writers: true,
  cgroups: true,
  logs: true,
  host: true,
};

export const sourceNames = Object.keys(sources) as readonly SourceName[];

export type ReadingOf<N extends SourceName> = Reading<SourceValues[N]>;

export type Readings = { readonly [N in SourceName]?: ReadingOf<N> };

/**
 * One poll of the node: the only thing that crosses from the sampler to everything else, as one line of NDJSON. It carries
 * the readings that arrived since the line before, not those that were requested.
 */
export interface Sample {
  readonly v: number;
  /** Counts the lines of one sampler from 0. */
  readonly seq: number;
  /** Wall clock, milliseconds since 1970. For showing only: clocks jump. */
  readonly at: number;
  /** Milliseconds of CLOCK_MONOTONIC. For rates and ages; continues across samplers of the same boot. */
  readonly monoMs: number;
  readonly readings: Readings;
  /** Set if a read that can block forever is about to start. If no line follows, the sampler hangs there. */
  readonly begin?: BeginRead;
  readonly sampler: SamplerCost;
}

/** A read that the sampler was about to do when it wrote the line. */
export interface BeginRead {
  readonly source: SourceName;
  /** The file, if the sampler knows that this one can block. */
  readonly path?: string;
}

/** What the sampler itself costs the node. */
interface SamplerCost {
  readonly pid: number;
  /** CPU time used since it started, user and system, in milliseconds. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Paths that it skips, with everything below them; missing if none, or from an older sampler. */
  readonly avoided?: readonly string[];
  /** Reads that earlier samplers did not return from, as their parent found out; missing if none. */
  readonly hung?: readonly HungRead[];
  /** Set while it polls less often than configured, to keep its own CPU within the budget. */
  readonly slowed?: SlowedPolls;
}

/** The polling of a sampler that uses too much CPU. */
export interface SlowedPolls {
  /** How many times longer all periods are: 2, 4 or 8. */
  readonly factor: number;
  /** From one poll to the next now, in milliseconds. */
  readonly intervalMs: number;
  /** Its budget, percent of one core. */
  readonly budgetPercent: number;
}

/** A read that never returned. */
export interface HungRead {
  readonly source: SourceName;
  /** The file; null if only its source is known, which is then quarantined as a whole. */
  readonly path: string | null;
  /** The last line of the first sampler that hung in it, in milliseconds since 1970. */
  readonly at: number;
}
