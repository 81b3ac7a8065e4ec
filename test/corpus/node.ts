import type { CgroupsValue } from '../../src/sample/cgroups.ts';
import type { ContainersValue, ContainerValue } from '../../src/sample/containers.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import type { DisksValue } from '../../src/sample/disks.ts';
import type { FilesystemValue } from '../../src/sample/filesystems.ts';
import type { HostValue } from '../../src/sample/host.ts';
import type { LogsValue } from '../../src/sample/logs.ts';
import type { ContainerMount, MountNamespaceValue, MountsValue } from '../../src/sample/mounts.ts';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { ShimsValue, ShimValue } from '../../src/sample/shims.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import type { WritersValue } from '../../src/sample/writers.ts';
import * as make from '../support/samples.ts';
import { containerdStacks, dockerdStacks, stacksAt } from './stacks.ts';

/** What a case says of its node; the rest is healthy and fits it. */
export interface NodeParts {
  readonly containers?: readonly ContainerValue[];
  readonly dockerd?: Partial<DaemonValue>;
  readonly containerd?: Partial<DaemonValue>;
  /** More goroutines than a healthy daemon has. */
  readonly dockerdStacks?: readonly FoldedStack[];
  readonly containerdStacks?: readonly FoldedStack[];
  readonly processes?: readonly ProcessValue[];
  /** Changes of a container's shim, by the container's id. */
  readonly shims?: Readonly<Record<string, Partial<ShimValue>>>;
  readonly orphans?: ShimsValue['orphans'];
  /** Namespaces beside the host's and the containers' own. */
  readonly namespaces?: readonly MountNamespaceValue[];
  readonly host?: Partial<HostValue>;
  readonly hostMounts?: readonly ContainerMount[];
  readonly disks?: Partial<DisksValue>;
  readonly filesystems?: readonly FilesystemValue[];
  readonly writers?: Partial<WritersValue>;
  readonly cgroups?: Partial<CgroupsValue>;
  readonly logs?: Partial<LogsValue>;
  readonly containersValue?: Partial<ContainersValue>;
  readonly mountsValue?: Partial<MountsValue>;
  /** In place of what all this comes to. */
  readonly readings?: Readings;
}

export const hostNamespace = '4026531841';
export const shimPid = (index: number): number => 3000 + index * 20;
export const initPid = (index: number): number => shimPid(index) + 19;
/** The storage driver's name of a container's layer. */
export const layerOf = ({ id }: Pick<ContainerValue, 'id'>): string => `1a${id.slice(2)}`;
export const mergedOf = (container: Pick<ContainerValue, 'id'>): string =>
  `/var/lib/docker/overlay2/${layerOf(container)}/merged`;

/** Running containers with these names. */
export const named = (...names: readonly string[]): ContainerValue[] =>
  names.map((name, index) => make.container((index + 10).toString(16).padStart(2, '0'), name));

const isUp = ({ state }: ContainerValue): boolean => ['running', 'paused', 'restarting'].includes(state);

/** A node with Docker at a second: every source tells of the same containers. */
export function dockerNode(second: number, parts: NodeParts = {}): Readings {
  const containers = parts.containers ?? named('web-1', 'web-2', 'batch-1');
  const running = containers.filter(isUp);
  const goroutines = 34 + 5 * running.length + (parts.dockerdStacks ?? []).reduce((sum, { count }) => sum + count, 0);
  return {
    daemons: ok(
      make.daemons(
        make.dockerd({ goroutines: ok(goroutines, 1), ...parts.dockerd }),
        make.containerd({ ...parts.containerd }),
      ),
      3,
    ),
    stacks: stacksAt(second, {
      dockerd: [...dockerdStacks(running.length), ...(parts.dockerdStacks ?? [])],
      containerd: [...containerdStacks(running.length), ...(parts.containerdStacks ?? [])],
    }),
    containers: ok(make.containers([...containers], parts.containersValue), 4),
    processes: ok(make.processes([...(parts.processes ?? [])]), 9),
    shims: ok(
      make.shims({
        shims: running.map((container, index) => shimOf(container, index, parts.shims?.[container.id])),
        orphans: parts.orphans ?? [],
      }),
      1,
    ),
    mounts: ok(mountsOf(running, containers, parts), 2),
    disks: ok(disksAt(second, parts.disks), 0.4),
    filesystems: ok(make.filesystems(...(parts.filesystems ?? [make.filesystem('/')])), 0.1),
    writers: ok(make.writers(parts.writers), 2),
    cgroups: ok(make.cgroups(parts.cgroups), 1),
    logs: ok(make.logs(parts.logs), 3),
    host: ok(make.host(parts.host), 60),
    ...parts.readings,
  };
}

function shimOf(container: ContainerValue, index: number, change: Partial<ShimValue> = {}): ShimValue {
  return make.shim(shimPid(index), {
    bundleId: container.id,
    bundle: `/run/containerd/io.containerd.runtime.v2.task/moby/${container.id}`,
    containers: [make.containerTasks(container.id, { initPid: initPid(index) })],
    ...change,
  });
}

/** The host's namespace has what dockerd mounted, and each container its own. */
function mountsOf(
  running: readonly ContainerValue[],
  all: readonly ContainerValue[],
  { namespaces = [], hostMounts = [], mountsValue = {}, dockerd, containerd }: NodeParts,
): MountsValue {
  const engine = [
    ...(dockerd?.process?.status === 'absent'
      ? []
      : [make.holder(901, 'dockerd', { kind: 'daemon', unit: 'docker.service' })]),
    ...(containerd?.process?.status === 'absent'
      ? []
      : [make.holder(890, 'containerd', { kind: 'daemon', unit: 'containerd.service' })]),
  ];
  const shims = running.map(({ id }, index) =>
    make.holder(shimPid(index), 'containerd-shim', { kind: 'shim', containerId: id, ageSeconds: 3_541_000 }),
  );
  const own = running.map((container, index) =>
    make.namespace(String(4_026_540_000 + index), [], {
      rootLayer: layerOf(container),
      holders: [make.holder(initPid(index), 'app', { containerId: container.id })],
    }),
  );
  const merged = running.flatMap((container, index) => [
    make.mount(mergedOf(container), { layer: layerOf(container), device: `0:${60 + index}` }),
    make.mount(`/run/docker/netns/${container.id.slice(0, 12)}`, {
      type: 'nsfs',
      device: '0:4',
      netNamespace: String(4_026_550_000 + index),
    }),
  ]);
  const host = make.namespace(hostNamespace, [...merged, ...hostMounts], {
    host: true,
    processes: 180,
    holders: [...engine, ...shims, make.holder(1, 'systemd', { kind: 'init' })],
  });
  return make.mounts([host, ...own, ...namespaces], {
    layers: ok(
      all.map((container) => ({ layer: layerOf(container), containerId: container.id })),
      0.2,
    ),
    ...mountsValue,
  });
}

/** One disk that writes a little, and holds the engine's root. */
function disksAt(second: number, change: Partial<DisksValue> = {}): DisksValue {
  return make.disks([quietDisk(second)], {
    pressure: ok(pressureAt(second, 0.2, 0.1), 0.1),
    writeBack: {
      dirtiedBytes: 9e9 + second * 90_000,
      writtenBytes: 8e9 + second * 90_000,
      limitBytes: 1024 ** 3,
      backgroundBytes: 512 * 1024 ** 2,
    },
    topology: make.topology([make.blockDevice('vda')], [make.diskMount('/')]),
    ...change,
  });
}

export const quietDisk = (second: number): ReturnType<typeof make.disk> =>
  make.disk('vda', {
    writes: 5000 + second * 12,
    writtenSectors: 400_000 + second * 900,
    writeMs: 9000 + second * 20,
    busyMs: 8000 + second * 15,
    weightedMs: 12_000 + second * 22,
  });

/** Pressure that has been the same for long: the means and the totals agree. */
export function pressureAt(
  second: number,
  some: number,
  full: number,
): {
  readonly some: { avg10: number; avg60: number; totalMicros: number };
  readonly full: { avg10: number; avg60: number; totalMicros: number };
} {
  const line = (percent: number): { avg10: number; avg60: number; totalMicros: number } => ({
    avg10: percent,
    avg60: percent,
    totalMicros: 3_000_000 + second * percent * 10_000,
  });
  return { some: line(some), full: line(full) };
}
