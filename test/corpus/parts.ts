import type { CgroupValue } from '../../src/sample/cgroups.ts';
import type { ContainerValue, PendingKill } from '../../src/sample/containers.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import type { DisksValue } from '../../src/sample/disks.ts';
import type { MountNamespaceValue } from '../../src/sample/mounts.ts';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { finds } from './case.ts';
import { layerOf, mergedOf, type NodeParts, named, pressureAt } from './node.ts';

export const trio = named('web-1', 'web-2', 'batch-1');
export const [web1, web2, batch1] = trio as [ContainerValue, ContainerValue, ContainerValue];

/** SIGTERM was sent at a moment, and nothing since. */
export const sigterm = (at: number): PendingKill =>
  make.pendingKill({ firstAt: at, lastAt: at, count: 1, attempts: 1, signal: 15 });

/** It does not run, and its socket refuses connections. */
export const noProcess = (name: string): Partial<DaemonValue> => ({
  process: absent(`no ${name} process`),
  goroutines: absent('connect ECONNREFUSED'),
  heap: absent('connect ECONNREFUSED'),
  version: absent('connect ECONNREFUSED'),
  ping: absent('connect ECONNREFUSED'),
  settings: absent('connect ECONNREFUSED'),
});

/** No engine's files, sockets or processes. */
export const withoutEngine: NodeParts & { readonly readings: Readings } = {
  containers: [],
  dockerd: noProcess('dockerd'),
  containerd: { ...noProcess('containerd'), endpoint: null },
  hostMounts: [],
  readings: {
    containers: absent('no container engine at unix:///var/run/docker.sock'),
    stacks: ok({ daemons: [] }, 0),
  },
};

export const debian10Docker: Partial<DaemonValue> = {
  version: ok({ version: '19.03.15', goVersion: 'go1.13.15', product: null }, 1),
};

/** SIGTERM and SIGKILL were sent again and again, and nothing exited. */
export const unanswered = (container: ContainerValue, times = 6): ContainerValue => ({
  ...container,
  kill: make.pendingKill({
    firstAt: make.noon - 300_000,
    lastAt: make.noon - 20_000,
    count: times * 2,
    attempts: times,
  }),
});

/** A writer of a container on a frozen filesystem, with SIGKILL pending. */
export const frozenWriter = (pid: number, containerId: string, second: number): ProcessValue =>
  make.blocked(
    pid,
    { containerId, killPending: true, nsPid: 12, volumes: [make.volume('/data')] },
    {
      offCpuSeconds: 310 + second,
      stack: ['percpu_rwsem_wait', '__percpu_down_read', 'vfs_write', 'ksys_write'],
      syscall: { number: 1, name: 'write', fd: 3, file: '/data/log' },
    },
  );

/** Its filesystem is the cause. */
export const frozenData = finds('frozen-filesystem', { mounts: ['/data'] });

/** A process that waits for a device. */
export const diskWaiter = (pid: number, seconds: number, change: Partial<ProcessValue> = {}): ProcessValue =>
  make.blocked(
    pid,
    {
      comm: 'postgres',
      parentComm: 'postgres',
      volumes: [make.volume('/srv', { source: '/dev/sdb1', device: '8:17' })],
      ...change,
    },
    {
      offCpuSeconds: seconds,
      wchan: 'folio_wait_bit_common',
      stack: ['io_schedule', 'folio_wait_bit_common', 'filemap_read', 'vfs_read'],
      syscall: { number: 0, name: 'read', fd: 4, file: '/srv/db/base' },
    },
  );

/** Dead children of one process that does not reap them. */
export const zombies = (count: number, ppid: number, containerId: string | null): ProcessValue[] =>
  Array.from({ length: count }, (_, n) =>
    make.zombie(26_268 + n, { ppid, parentComm: 'sh', parentIsInit: containerId !== null, containerId, nsPid: 20 + n }),
  );

/** An unmount of a shim that waits for all dirty memory of the node. */
export const unmountOf = (pid: number, seconds: number): ProcessValue =>
  make.blocked(
    pid,
    { comm: 'containerd-shim', state: 'S', threads: 12, parentComm: 'systemd', ppid: 1 },
    {
      tid: pid + 4,
      comm: 'containerd-shim',
      wchan: 'wb_wait_for_completion',
      stack: ['wb_wait_for_completion', 'sync_inodes_sb', 'sync_filesystem', 'cleanup_mnt', '__x64_sys_umount'],
      offCpuSeconds: seconds,
      syscall: { number: 166, name: 'umount2', fd: null, file: null },
    },
  );

/** The engine's disk does what it can, and that is not enough. */
export const slowDisk = (second: number, some = 48, full = 30): Partial<DisksValue> => ({
  disks: [
    make.disk('vda', {
      writes: 5000 + second * 320,
      writtenSectors: 400_000 + second * 160_000,
      writeMs: 9000 + second * 68_000,
      flushes: second * 4,
      flushMs: second * 900,
      busyMs: 8000 + second * 995,
      weightedMs: 12_000 + second * 38_000,
      inFlight: 38,
    }),
  ],
  pressure: ok(pressureAt(second, some, full), 0.1),
  dirtyBytes: 900 * 1024 ** 2,
  writebackBytes: 96 * 1024 ** 2,
  procsBlocked: 7,
  writeBack: {
    dirtiedBytes: 9e9 + second * 60e6,
    writtenBytes: 8e9 + second * 80e6,
    limitBytes: 1024 ** 3,
    backgroundBytes: 512 * 1024 ** 2,
  },
});

const busy = (container: ContainerValue): string =>
  `container ${container.id}: driver "overlay2" failed to remove root filesystem: unlinkat ${mergedOf(container)}: device or resource busy`;

/** The list says removing for ever; inspect says dead, and why. */
export const unremovable = (container: ContainerValue, error = busy(container)): ContainerValue => ({
  ...container,
  state: 'removing',
  status: 'Removal In Progress',
  inspect: ok(make.inspected({ status: 'dead', pid: 0, error, mergedDir: mergedOf(container) }), 3),
});

export const exited = (container: ContainerValue): ContainerValue => ({
  ...container,
  state: 'exited',
  status: 'Exited (0) 2 hours ago',
});

/** A namespace beside the host's that holds a container's mount under another path. */
export const scanner = (container: Pick<ContainerValue, 'id'>, path = '/mnt/scan/a'): MountNamespaceValue =>
  make.namespace(
    '4026541700',
    [make.mount(path, { layer: layerOf(container), device: '0:77', propagation: 'private' })],
    {
      holders: [make.holder(10_695, 'scan-agent', { unit: 'scan-agent.service' })],
    },
  );

/** The shims' namespace after dockerd and containerd were started again in another one. */
export const oldNamespace = (containers: readonly ContainerValue[], shims: readonly number[]): MountNamespaceValue =>
  make.namespace(
    '4026532186',
    containers.map((container, index) =>
      make.mount(mergedOf(container), { layer: layerOf(container), device: `0:${60 + index}`, propagation: 'master' }),
    ),
    {
      processes: shims.length,
      holders: shims.map((pid, index) =>
        make.holder(pid, 'containerd-shim', { kind: 'shim', containerId: containers[index]?.id ?? null }),
      ),
    },
  );

/** Threads of dockerd in the removal of a container’s files, on a filesystem that is frozen unless told otherwise. */
export const removingEngine = (
  seconds: number,
  stack: readonly string[] = ['percpu_rwsem_wait', 'mnt_want_write', 'do_rmdir', '__x64_sys_rmdir'],
): ProcessValue => {
  const threads = [910, 915, 917].map((tid, index) =>
    make.task(tid, {
      comm: 'dockerd',
      wchan: stack[0] ?? null,
      stack: [...stack],
      offCpuSeconds: Math.max(0, seconds - index),
      syscall: { number: 84, name: 'rmdir', fd: null, file: null },
    }),
  );
  return make.blocked(901, {
    comm: 'dockerd',
    state: 'S',
    threads: 28,
    ppid: 1,
    parentComm: 'systemd',
    blocked: threads,
    volumes: [make.volume('/', { device: '254:0', source: '/dev/vda' }), make.volume('/var/lib/docker')],
  });
};

/** A task in the freezer of control groups, version 1. */
export const frozenTask = (pid: number, containerId: string, seconds: number): ProcessValue =>
  make.blocked(
    pid,
    { comm: 'app', containerId },
    {
      offCpuSeconds: seconds,
      wchan: '__refrigerator',
      stack: ['__refrigerator', 'futex_wait_queue_me', 'futex_wait', 'do_futex'],
    },
  );

/** The frozen group of a container, which was told so itself. */
export const frozenGroup = (
  { id }: Pick<ContainerValue, 'id'>,
  version: 'v1' | 'v2',
  seconds: number,
): CgroupValue => ({
  path: `docker/${id}`,
  containerId: id,
  ageMs: 0,
  ioPressure: absent('not told'),
  io: null,
  freezer: {
    frozen: true,
    self: true,
    pids: [5100],
    offCpuSeconds: seconds,
    file:
      version === 'v1'
        ? `/sys/fs/cgroup/freezer/docker/${id}/freezer.state`
        : `/sys/fs/cgroup/docker/${id}/cgroup.freeze`,
  },
});
