import type { CgroupsValue } from '../../src/sample/cgroups.ts';
import type { ContainerInspect, ContainersValue, ContainerValue, PendingKill } from '../../src/sample/containers.ts';
import type { DaemonProcess, DaemonsValue, DaemonValue, EngineSettings } from '../../src/sample/daemons.ts';
import type { DiskCounters, DisksValue } from '../../src/sample/disks.ts';
import type { HostValue } from '../../src/sample/host.ts';
import type { LogsValue } from '../../src/sample/logs.ts';
import type { ContainerMount, MountNamespaceValue, MountsValue, NamespaceHolder } from '../../src/sample/mounts.ts';
import type { BlockedTask, ProcessesValue, ProcessValue } from '../../src/sample/processes.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import type { ShimsValue } from '../../src/sample/shims.ts';
import type { WritersValue } from '../../src/sample/writers.ts';

/** The moment all fixtures are about. */
export const noon = Date.UTC(2026, 10, 21, 12, 0, 0);

/** A container id made of one letter or a few. */
export const idOf = (letters: string): string => letters.repeat(64).slice(0, 64);

/** A Sample some seconds after the first one. */
export function sampleAt(seconds: number, readings: Readings, change: Partial<Sample> = {}): Sample {
  return {
    v: 1,
    seq: Math.round(seconds * 4),
    at: noon + seconds * 1000,
    monoMs: 5_000_000 + seconds * 1000,
    readings,
    sampler: { pid: 4711, cpuMs: 500 + seconds * 9, rssBytes: 60 * 1024 ** 2 },
    ...change,
  };
}

export const daemonProcess = (change: Partial<DaemonProcess> = {}): DaemonProcess => ({
  pid: 901,
  starttime: 2_000,
  ageSeconds: 3_542_400,
  rssBytes: 128 * 1024 ** 2,
  fds: 65,
  fdLimit: 1_048_576,
  threads: 14,
  mountNamespace: '4026531841',
  fdKinds: null,
  ...change,
});

export const settings = (change: Partial<EngineSettings> = {}): EngineSettings => ({
  rootDir: '/var/lib/docker',
  liveRestore: false,
  storageDriver: 'overlay2',
  cgroupDriver: 'systemd',
  cgroupVersion: '2',
  loggingDriver: 'json-file',
  debug: false,
  ...change,
});

export const dockerd = (change: Partial<DaemonValue> = {}): DaemonValue => ({
  name: 'dockerd',
  process: ok(daemonProcess(), 0.2),
  endpoint: 'unix:///var/run/docker.sock',
  goroutines: ok(64, 1),
  heap: ok({ allocBytes: 11e6, inuseBytes: 13 * 1024 ** 2, sysBytes: 70e6, gcCount: 40 }, 2),
  version: ok({ version: '20.10.24', goVersion: 'go1.19.8' }, 1),
  ping: ok({ ms: 2.4 }, 2.4),
  settings: ok(settings(), 3),
  ...change,
});

export const containerd = (change: Partial<DaemonValue> = {}): DaemonValue => ({
  name: 'containerd',
  process: ok(daemonProcess({ pid: 890, rssBytes: 54 * 1024 ** 2, fds: 33 }), 0.2),
  endpoint: 'unix:///run/containerd/debug.sock',
  goroutines: ok(51, 1),
  heap: ok({ allocBytes: 4e6, inuseBytes: 6 * 1024 ** 2, sysBytes: 30e6, gcCount: 12 }, 2),
  version: ok({ version: '1.6.20', goVersion: null }, 1),
  ping: absent('only dockerd answers pings'),
  settings: absent('only dockerd tells its settings'),
  ...change,
});

export const daemons = (...list: DaemonValue[]): DaemonsValue => ({
  daemons: list.length === 0 ? [dockerd(), containerd()] : list,
});

export const container = (id: string, name: string, change: Partial<ContainerValue> = {}): ContainerValue => ({
  id: idOf(id),
  name,
  image: 'registry.example/app:1',
  state: 'running',
  status: 'Up 3 hours',
  createdAt: noon / 1000 - 10_800,
  labels: {},
  kill: null,
  inspect: null,
  ...change,
});

/** Signals that nobody answered. */
export const pendingKill = (change: Partial<PendingKill> = {}): PendingKill => ({
  firstAt: noon - 60_000,
  lastAt: noon - 50_000,
  count: 2,
  attempts: 1,
  signal: 9,
  ...change,
});

export const inspected = (change: Partial<ContainerInspect> = {}): ContainerInspect => ({
  status: 'running',
  pid: 4242,
  error: '',
  startedAt: noon - 10_800_000,
  finishedAt: null,
  stopTimeoutSeconds: null,
  init: false,
  logDriver: 'json-file',
  logRotated: true,
  mergedDir: null,
  mounts: [],
  ...change,
});

export const containers = (list: ContainerValue[], change: Partial<ContainersValue> = {}): ContainersValue => ({
  listMs: 4.2,
  events: ok({ seen: 3 }, 0),
  containers: list,
  inspected: 12,
  churn: null,
  ...change,
});

export const task = (tid: number, change: Partial<BlockedTask> = {}): BlockedTask => ({
  tid,
  comm: 'dd',
  wchan: 'percpu_rwsem_wait',
  stack: ['percpu_rwsem_wait', 'mnt_want_write', 'path_openat', 'do_sys_openat2'],
  offCpuSeconds: 93_600,
  syscall: null,
  ...change,
});

/** A process in D, by its leader alone. */
export const blocked = (
  pid: number,
  change: Partial<ProcessValue> = {},
  waits: Partial<BlockedTask> = {},
): ProcessValue => ({
  pid,
  starttime: 144_229,
  comm: 'dd',
  state: 'D',
  ppid: pid - 10,
  parentComm: 'sh',
  parentIsInit: null,
  nsPid: null,
  exiting: false,
  volumes: [],
  kernelThread: false,
  threads: 1,
  killPending: false,
  containerId: null,
  blocked: [task(pid, waits)],
  ...change,
});

export const zombie = (pid: number, change: Partial<ProcessValue> = {}): ProcessValue =>
  blocked(pid, { comm: 'sleep', state: 'Z', ppid: 26_244, parentComm: 'sleep', blocked: [], ...change });

export const processes = (list: ProcessValue[], change: Partial<ProcessesValue> = {}): ProcessesValue => ({
  uptimeSeconds: 3_542_500,
  total: 412,
  unreadable: 0,
  processes: list,
  more: 0,
  ...change,
});

export const mount = (path: string, change: Partial<ContainerMount> = {}): ContainerMount => ({
  path,
  type: 'overlay',
  device: '0:51',
  propagation: 'shared',
  containerId: null,
  layer: null,
  podUid: null,
  netNamespace: null,
  deleted: false,
  ...change,
});

export const holder = (pid: number, comm: string, change: Partial<NamespaceHolder> = {}): NamespaceHolder => ({
  pid,
  comm,
  starttime: 3000 + pid,
  ageSeconds: 3_542_000,
  kind: 'other',
  containerId: null,
  unit: null,
  ...change,
});

export const namespace = (
  inode: string,
  list: ContainerMount[],
  change: Partial<MountNamespaceValue> = {},
): MountNamespaceValue => ({
  inode,
  host: false,
  processes: 1,
  holders: [holder(1200, 'nginx')],
  total: list.length + 20,
  rootPropagation: 'shared',
  rootLayer: null,
  mounts: ok(list, 0.3),
  ...change,
});

export const mounts = (list: MountNamespaceValue[], change: Partial<MountsValue> = {}): MountsValue => ({
  namespaces: list,
  unreadable: 0,
  layers: ok([], 0.2),
  mayDetachMounts: null,
  units: [],
  reads: list.length,
  ...change,
});

export const disk = (name: string, change: Partial<DiskCounters> = {}): DiskCounters => ({
  name,
  device: '254:0',
  reads: 1000,
  readSectors: 80_000,
  readMs: 900,
  writes: 5000,
  writtenSectors: 400_000,
  writeMs: 9000,
  inFlight: 0,
  busyMs: 8000,
  weightedMs: 12_000,
  ...change,
});

export const disks = (list: DiskCounters[], change: Partial<DisksValue> = {}): DisksValue => ({
  pressure: ok(
    {
      some: { avg10: 0.12, avg60: 0.2, avg300: 0.1, totalMicros: 3_000_000 },
      full: { avg10: 0.08, avg60: 0.1, avg300: 0.1, totalMicros: 2_000_000 },
    },
    0.1,
  ),
  disks: list,
  dirtyBytes: 4 * 1024 ** 2,
  writebackBytes: 0,
  procsBlocked: 0,
  ...change,
});

export const logs = (change: Partial<LogsValue> = {}): LogsValue => ({
  origins: [{ name: 'journal', reading: ok({ lines: 1200, bytes: 400_000, skippedBytes: 0 }, 3) }],
  tallies: [],
  lines: [],
  untold: 0,
  ...change,
});

export const shims = (change: Partial<ShimsValue> = {}): ShimsValue => ({ shims: [], orphans: [], ...change });

export const writers = (change: Partial<WritersValue> = {}): WritersValue => ({
  processes: [],
  unreadable: 0,
  ...change,
});

export const cgroups = (change: Partial<CgroupsValue> = {}): CgroupsValue => ({
  version: 'v2',
  groups: [],
  memory: { counted: 90, visible: 90, dying: 0, nokmem: false, accounting: null },
  ...change,
});

export const host = (change: Partial<HostValue> = {}): HostValue => ({
  hostname: 'node-7',
  kernel: '6.1.0-13-amd64',
  distribution: 'Debian GNU/Linux 12',
  uptimeSeconds: 3_542_500,
  cpus: 8,
  memoryBytes: 16 * 1024 ** 3,
  memoryAvailableBytes: 9 * 1024 ** 3,
  ...change,
});
