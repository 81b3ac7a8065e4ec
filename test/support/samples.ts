import type { CgroupsValue, CgroupUse, CgroupValue, MemoryCgroups } from '../../src/sample/cgroups.ts';
import type { CniPlugin } from '../../src/sample/cni.ts';
import type { ContainerInspect, ContainersValue, ContainerValue, PendingKill } from '../../src/sample/containers.ts';
import type { CriContainer, CriRuntime, CriValue } from '../../src/sample/cri.ts';
import type { DaemonProcess, DaemonsValue, DaemonValue, EngineSettings, FdKinds } from '../../src/sample/daemons.ts';
import type {
  BlockDevice,
  DiskCounters,
  DiskMount,
  DiskMounts,
  DisksValue,
  DiskTopology,
} from '../../src/sample/disks.ts';
import type { FilesystemsValue, FilesystemValue } from '../../src/sample/filesystems.ts';
import type { HostValue } from '../../src/sample/host.ts';
import type { LogLine, LogsValue, LogTally } from '../../src/sample/logs.ts';
import type { ContainerMount, MountNamespaceValue, MountsValue, NamespaceHolder } from '../../src/sample/mounts.ts';
import type { BlockedTask, ProcessesValue, ProcessValue, VolumeMount } from '../../src/sample/processes.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { RuntimeProcess } from '../../src/sample/runtimes.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import type { ContainerTasks, ShimsValue, ShimValue, TaskValue } from '../../src/sample/shims.ts';
import type { FoldedStack, StacksValue } from '../../src/sample/stacks.ts';
import type { WriterCounters, WritersValue } from '../../src/sample/writers.ts';

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
  named: false,
  goroutines: ok(64, 1),
  heap: ok({ allocBytes: 11e6, inuseBytes: 13 * 1024 ** 2 }, 2),
  version: ok({ version: '20.10.24', goVersion: 'go1.19.8', product: null }, 1),
  ping: ok({ ms: 2.4 }, 2.4),
  settings: ok(settings(), 3),
  ...change,
});

export const containerd = (change: Partial<DaemonValue> = {}): DaemonValue => ({
  name: 'containerd',
  process: ok(daemonProcess({ pid: 890, rssBytes: 54 * 1024 ** 2, fds: 33 }), 0.2),
  endpoint: 'unix:///run/containerd/debug.sock',
  named: false,
  goroutines: ok(51, 1),
  heap: ok({ allocBytes: 4e6, inuseBytes: 6 * 1024 ** 2 }, 2),
  version: ok({ version: '1.6.20', goVersion: null, product: null }, 1),
  ping: absent('only dockerd answers pings'),
  settings: absent('only dockerd reports its settings'),
  ...change,
});

/** The change of a daemon that neither runs nor answers. */
export const goneDaemon = {
  process: absent('no such process'),
  goroutines: absent('no such socket'),
  heap: absent('no such socket'),
  ping: absent('no such socket'),
} satisfies Partial<DaemonValue>;

export const daemons = (...list: DaemonValue[]): DaemonsValue => ({
  daemons: list.length === 0 ? [dockerd(), containerd()] : list,
  fileHandles: { allocated: 4_224, free: 0, max: 1_620_000 },
  others: [],
});

export const fdKinds = (change: Partial<FdKinds> = {}): FdKinds => ({
  sockets: 12,
  unixSockets: 11,
  accepted: 4,
  peerless: 0,
  pipes: 6,
  files: 39,
  anonymous: 8,
  unseen: 0,
  ...change,
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

/** Signals that nobody answered: SIGTERM first, and SIGKILL ten seconds after it when that is the newest. */
export const pendingKill = (change: Partial<PendingKill> = {}): PendingKill => {
  const kill = { firstAt: noon - 60_000, lastAt: noon - 50_000, count: 2, attempts: 1, signal: 9, ...change };
  const { firstAt, lastAt, count, signal } = kill;
  const first = { signal: 15, count: 1, firstAt, lastAt: firstAt };
  const killed = { signal: 9, count: Math.max(1, count - 1), firstAt: Math.min(firstAt + 10_000, lastAt), lastAt };
  return {
    signals: signal !== 9 ? [{ ...first, signal, count, lastAt }] : count === 1 ? [killed] : [first, killed],
    ...kill,
  };
};

export const inspected = (change: Partial<ContainerInspect> = {}): ContainerInspect => ({
  status: 'running',
  pid: 4242,
  error: '',
  startedAt: noon - 10_800_000,
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

/** A process that was killed and sleeps until those below it have ended. */
export const doomed = (pid: number, change: Partial<ProcessValue> = {}): ProcessValue =>
  blocked(pid, { comm: 'sh', state: 'S', exiting: true, killPending: true, nsPid: 1, blocked: [], ...change });

export const volume = (mountPoint: string, change: Partial<VolumeMount> = {}): VolumeMount => ({
  mountPoint,
  root: '/',
  source: '/dev/loop0',
  type: 'ext4',
  device: '7:0',
  readOnly: false,
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

/** A CNI plugin that containerd started for the network of a pod. */
export const cniPlugin = (pid: number, change: Partial<CniPlugin> = {}): CniPlugin => ({
  pid,
  starttime: 144_300,
  comm: 'bridge',
  ppid: 890,
  parentComm: 'containerd',
  state: 'S',
  ageSeconds: 300,
  command: 'ADD',
  sandboxId: idOf('c1'),
  pod: 'shop/cart-0',
  waitsFor: 'host-local',
  waits: ['flock_lock_inode_wait'],
  ...change,
});

/** `runc create` that a shim started. */
export const runtime = (pid: number, change: Partial<RuntimeProcess> = {}): RuntimeProcess => ({
  pid,
  starttime: 144_300,
  ppid: 3000,
  parentComm: 'containerd-shim',
  comm: 'runc',
  state: 'S',
  ageSeconds: 70,
  command: 'create',
  attached: false,
  containerId: null,
  wchan: 'ep_poll',
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
  discards: 0,
  flushes: 0,
  flushMs: 0,
  inFlight: 0,
  busyMs: 8000,
  weightedMs: 12_000,
  ...change,
});

export const disks = (list: DiskCounters[], change: Partial<DisksValue> = {}): DisksValue => ({
  pressure: ok(
    {
      some: { avg10: 0.12, avg60: 0.2, totalMicros: 3_000_000 },
      full: { avg10: 0.08, avg60: 0.1, totalMicros: 2_000_000 },
    },
    0.1,
  ),
  disks: list,
  more: 0,
  dirtyBytes: 4 * 1024 ** 2,
  writebackBytes: 0,
  procsBlocked: 0,
  writeBack: null,
  cpu: null,
  topology: null,
  ...change,
});

/** With 60 % free. */
export const filesystem = (path: string, change: Partial<FilesystemValue> = {}): FilesystemValue => ({
  path,
  source: '/dev/vda',
  type: 'ext4',
  device: '254:0',
  holds: [path],
  totalBytes: 100 * 1024 ** 3,
  freeBytes: 65 * 1024 ** 3,
  availableBytes: 60 * 1024 ** 3,
  inodes: { total: 6_553_600, free: 6_000_000 },
  ...change,
});

export const filesystems = (...list: FilesystemValue[]): FilesystemsValue => ({ filesystems: list, skipped: [] });

export const blockDevice = (name: string, change: Partial<BlockDevice> = {}): BlockDevice => ({
  name,
  device: '254:0',
  kind: 'disk',
  label: null,
  level: null,
  missing: null,
  disk: null,
  slaves: [],
  readOnly: false,
  rotational: false,
  ...change,
});

export const diskMount = (path: string, change: Partial<DiskMount> = {}): DiskMount => ({
  device: '254:0',
  source: '/dev/vda',
  path,
  root: '/',
  type: 'ext4',
  readOnly: false,
  filesystemReadOnly: false,
  stopped: false,
  ...change,
});

export const topology = (
  devices: BlockDevice[],
  mounts: DiskMount[],
  change: Partial<DiskMounts> = {},
): DiskTopology => ({
  devices,
  mounts: ok({ list: mounts, more: 0, roots: [], taskOverlays: { total: 0, volatile: 0 }, ...change }, 0.2),
  more: 0,
});

export const writer = (pid: number, change: Partial<WriterCounters> = {}): WriterCounters => ({
  pid,
  starttime: 144_229,
  comm: 'dd',
  containerId: null,
  readBytes: 0,
  writeBytes: 90 * 1024 ** 2,
  readDelta: 0,
  writeDelta: 40e6,
  overMs: 5000,
  ...change,
});

/** How often a sign was seen; once, half a minute ago. */
export const logTally = (sign: string, container: string | null = null, change: Partial<LogTally> = {}): LogTally => ({
  sign,
  container,
  count: 1,
  firstAt: noon - 30_000,
  lastAt: noon - 30_000,
  lastMinute: 1,
  ...change,
});

/** A line that matched a sign. */
export const logLine = (n: number, sign: string, change: Partial<LogLine> = {}): LogLine => ({
  n,
  at: noon + n * 1000,
  origin: 'journal',
  unit: 'dockerd',
  sign,
  container: null,
  pid: null,
  text: `${sign} ${n}`,
  ...change,
});

export const logs = (change: Partial<LogsValue> = {}): LogsValue => ({
  origins: [{ name: 'journal', reading: ok({ lines: 1200, bytes: 400_000, skippedBytes: 0 }, 3), named: false }],
  tallies: [],
  lines: [],
  untold: 0,
  ...change,
});

export const shim = (pid: number, change: Partial<ShimValue> = {}): ShimValue => ({
  pid,
  starttime: 140_000,
  ageSeconds: 3_541_000,
  comm: 'containerd-shim',
  state: 'S',
  waits: [],
  mountNamespace: '4026531841',
  bundle: null,
  runtimeNamespace: 'moby',
  bundleId: null,
  containers: [],
  ...change,
});

export const containerTasks = (id: string, change: Partial<ContainerTasks> = {}): ContainerTasks => ({
  containerId: idOf(id),
  initPid: null,
  count: 1,
  tasks: [],
  ...change,
});

/** A task below a shim. */
export const treeTask = (pid: number, ppid: number, change: Partial<TaskValue> = {}): TaskValue => ({
  pid,
  starttime: 144_000,
  ppid,
  comm: 'sh',
  state: 'S',
  threads: 1,
  exiting: false,
  killPending: false,
  blockedThreads: 0,
  ...change,
});

/** A container of the pod shop/web-0. */
export const criContainer = (id: string, change: Partial<CriContainer> = {}): CriContainer => ({
  id: idOf(id),
  sandboxId: idOf('5'),
  runtimeNamespace: 'k8s.io',
  name: 'app',
  image: 'registry.example/app:1',
  state: 'running',
  createdAt: noon / 1000 - 3600,
  restarts: 2,
  labels: {},
  ...change,
});

/** A containerd with one pod and its container. */
export const cri = (change: Partial<CriRuntime> = {}): CriValue => ({
  runtimes: [
    {
      kind: 'containerd',
      socket: 'unix:///run/containerd/containerd.sock',
      pid: 890,
      ping: ok({ ms: 1 }, 1),
      version: 'v1.7.24',
      sandboxList: ok({ ms: 2 }, 2),
      containerList: ok({ ms: 3 }, 3),
      events: ok({ seen: 4 }, 0),
      sandboxes: [
        {
          id: idOf('5'),
          name: 'web-0',
          namespace: 'shop',
          uid: 'uid-1',
          attempt: 0,
          ready: true,
          createdAt: noon / 1000 - 3600,
        },
      ],
      containers: [criContainer('a')],
      heldStatuses: [],
      churn: null,
      ...change,
    },
  ],
});

/** A shim of Docker that was stopped, and the init of its container. */
export const stoppedShim = (containerId: string, count = 1): ShimValue => ({
  pid: 700,
  starttime: 7,
  ageSeconds: 50,
  comm: 'containerd-shim',
  state: 'T',
  waits: [],
  mountNamespace: null,
  bundle: null,
  runtimeNamespace: 'moby',
  bundleId: containerId,
  containers: [{ containerId, initPid: 710, count, tasks: [] }],
});

export const shims = (change: Partial<ShimsValue> = {}): ShimsValue => ({ shims: [], orphans: [], ...change });

const dockerDaemon = 'github.com/docker/docker/daemon.(*Daemon)';

/** Goroutines with one stack, the callee first. */
export const goroutines = (count: number, ...funcs: string[]): FoldedStack => ({ count, funcs });

/** Requests of docker stop that wait for an exit. */
export const stopWaits = (count: number): FoldedStack =>
  goroutines(
    count,
    `${dockerDaemon}.Kill`,
    `${dockerDaemon}.containerStop`,
    `${dockerDaemon}.ContainerStop`,
    'net/http.(*conn).serve',
  );

/** What hears containerd's events: two are healthy. */
export const eventStreams = (count = 2): FoldedStack =>
  goroutines(count, 'github.com/docker/docker/libcontainerd/remote.(*client).processEventStream');

/** What every dockerd has. */
export const dockerMain = (): FoldedStack => goroutines(1, 'main.(*DaemonCli).start', 'main.main');

/** Each daemon's stacks, at the so-manieth look; null for a daemon that was not asked. */
export const stacks = (daemons: Readonly<Record<string, FoldedStack[] | null>>, look = 1): StacksValue => ({
  daemons: Object.entries(daemons).map(([daemon, groups]) => ({
    daemon,
    look,
    stacks:
      groups === null
        ? absent('24000 goroutines: reading them pauses the daemon, so press x')
        : ok({ total: groups.reduce((sum, { count }) => sum + count, 0), groups, rest: 0 }, 3),
  })),
});

/** Of daemons that are well. */
export const healthyStacks = (): StacksValue =>
  stacks({
    dockerd: [dockerMain(), eventStreams()],
    containerd: [goroutines(6, 'github.com/containerd/ttrpc.(*Client).run')],
  });

export const writers = (change: Partial<WritersValue> = {}): WritersValue => ({
  processes: [],
  unreadable: 0,
  ...change,
});

/** What /proc/cgroups and the mounts say of the memory controller, on a node that counts the kernel's memory of each group. */
export const memoryCgroups = (change: Partial<MemoryCgroups> = {}): MemoryCgroups => ({
  counted: 140,
  visible: 120,
  dying: 20,
  elsewhere: 118,
  nokmem: false,
  accounting: { path: 'docker/x', usageBytes: 4096, slabs: 20 },
  ...change,
});

export const cgroups = (change: Partial<CgroupsValue> = {}): CgroupsValue => ({
  version: 'v2',
  groups: [],
  more: 0,
  memory: { counted: 90, visible: 90, dying: 0, elsewhere: null, nokmem: false, accounting: null },
  ...change,
});

export const cgroup = (path: string, change: Partial<CgroupValue> = {}): CgroupValue => ({
  path,
  containerId: /([0-9a-f]{64})(?!.*[0-9a-f]{64})/.exec(path)?.[1] ?? null,
  ageMs: 0,
  ioPressure: absent('only cgroup v2 tells pressure'),
  io: null,
  ...change,
});

/** What a small container uses, without limits. */
export const groupUse = (change: Partial<CgroupUse> = {}): CgroupUse => ({
  ageMs: 0,
  cpuMicros: 0,
  memoryBytes: 96 * 1024 ** 2,
  memoryLimitBytes: null,
  pids: 12,
  pidsLimit: null,
  oomKills: 0,
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
  pidNamespace: null,
  ...change,
});
