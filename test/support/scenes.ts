import { emptyHistory, type History, reduce } from '../../src/model/history.ts';
import { derive, type Model } from '../../src/model/model.ts';
import type { Verdicts } from '../../src/rules/engine/run.ts';
import type { CgroupValue } from '../../src/sample/cgroups.ts';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import * as make from './samples.ts';

/** A node over a few Samples, the newest last: what every test of rules and views looks at. */
export type Scene = readonly Sample[];

export const historyOf = (scene: Scene): History => scene.reduce(reduce, emptyHistory);
export const modelOf = (scene: Scene): Model => derive(historyOf(scene));

/** The node after the last Sample of a scene, with its findings followed over all of them. */
export function followed(scene: Scene): { readonly model: Model; readonly verdicts: Verdicts } {
  const follower = new NodeFollower();
  for (const sample of scene) follower.take(sample);
  return follower.judge();
}

/** The same readings in two Samples: what is in D in one of them alone is not known to stay there. */
export const twice = (readings: Readings): Scene => over(1, () => readings);

/** Some Samples a second apart, made from the second they are taken at. */
export const over = (seconds: number, readings: (second: number) => Readings): Scene =>
  Array.from({ length: seconds + 1 }, (_, second) => make.sampleAt(second, readings(second)));

/** One container that works within its limits, and one that has none. */
const healthyGroups = (second: number): CgroupValue[] => [
  make.cgroup(`docker/${make.idOf('a1')}`, {
    use: make.groupUse({ cpuMicros: 9_000_000 + second * 120_000, memoryLimitBytes: 1024 ** 3, pidsLimit: 500 }),
  }),
  make.cgroup(`docker/${make.idOf('b2')}`, { use: make.groupUse({ cpuMicros: 400_000 + second * 1_430_000 }) }),
];

const healthyReadings = (second: number): Readings => ({
  daemons: ok(make.daemons(), 3),
  containers: ok(
    make.containers([
      make.container('a1', 'web-1'),
      make.container('b2', 'web-2'),
      make.container('c3', 'batch-9', { state: 'exited', status: 'Exited (0) 2 hours ago' }),
    ]),
    4,
  ),
  processes: ok(make.processes([]), 9),
  mounts: ok(
    make.mounts([
      make.namespace(
        '4026531841',
        [
          make.mount('/var/lib/docker/overlay2/aa/merged', { layer: 'aa' }),
          make.mount('/run/docker/netns/bb', { type: 'nsfs' }),
        ],
        {
          host: true,
          processes: 180,
          holders: [make.holder(1, 'systemd')],
        },
      ),
      make.namespace('4026532400', []),
    ]),
    2,
  ),
  disks: ok(
    make.disks([
      make.disk('vda', {
        writes: 5000 + second * 12,
        writtenSectors: 400_000 + second * 900,
        writeMs: 9000 + second * 20,
        busyMs: 8000 + second * 15,
        weightedMs: 12_000 + second * 22,
      }),
    ]),
    0.4,
  ),
  stacks: ok(make.healthyStacks(), 2),
  shims: ok(make.shims(), 1),
  writers: ok(make.writers(), 2),
  cgroups: ok(make.cgroups({ groups: healthyGroups(second) }), 1),
  logs: ok(make.logs(), 3),
  host: ok(make.host(), 60),
});

/** Nothing is wrong. */
export const healthy: Scene = over(5, healthyReadings);

const frozen = make.idOf('a9');
const cron = make.idOf('c3');

/** Goroutines leak: two containers cannot be stopped, because a process of each is held by a frozen filesystem. */
export const stopLeak: Scene = over(8, (second) => ({
  ...healthyReadings(second),
  stacks: ok(
    make.stacks({
      dockerd: [
        make.stopWaits(2_520),
        make.goroutines(2_520, 'github.com/docker/docker/container.(*State).Wait.func1'),
        make.dockerMain(),
        make.eventStreams(),
      ],
    }),
    12,
  ),
  daemons: ok(
    make.daemons(
      make.dockerd({
        goroutines: ok(5_119 + second * 17, 2),
        heap: ok({ allocBytes: 8e9, inuseBytes: 8.2 * 1024 ** 3 }, 4),
        process: ok(make.daemonProcess({ rssBytes: 10.1 * 1024 ** 3, fds: 1_572 }), 0.2),
        version: ok({ version: '19.03.15', goVersion: 'go1.13.15', product: null }, 1),
      }),
      make.containerd(),
    ),
    3,
  ),
  containers: ok(
    make.containers([
      make.container('a9', 'k8s_fluentd_fluentd-hjj42_kube-system_0f3c_0', {
        kill: make.pendingKill({
          firstAt: make.noon - 93_590_000,
          lastAt: make.noon - 20_000,
          count: 412,
          attempts: 206,
          signal: 9,
        }),
      }),
      make.container('fe', 'k8s_shipper_shipper-0_logging_77aa_1', {
        state: 'removing',
        status: 'Removal In Progress',
        inspect: ok(
          make.inspected({
            status: 'dead',
            pid: 0,
            error: 'driver "overlay2" failed to remove root filesystem: device or resource busy',
          }),
          5,
        ),
      }),
      make.container('c3', 'cron'),
      make.container('b2', 'web-1'),
    ]),
    41,
  ),
  processes: ok(
    make.processes([
      make.blocked(
        28_816,
        { ppid: 26_138, containerId: frozen, killPending: true, nsPid: 455, volumes: [make.volume('/data')] },
        { offCpuSeconds: 93_600 + second, syscall: { number: 257, name: 'openat', fd: null, file: null } },
      ),
      make.doomed(26_138, { containerId: frozen, ppid: 26_119, parentComm: 'containerd-shim' }),
      make.zombie(26_268, { containerId: cron, parentIsInit: true }),
      make.zombie(26_269, { containerId: cron, parentIsInit: true }),
      make.blocked(31_007, {
        comm: 'java',
        state: 'Z',
        threads: 12,
        killPending: true,
        blocked: [make.task(31_044, { comm: 'io-worker', offCpuSeconds: 700 + second })],
      }),
    ]),
    14,
  ),
  disks: ok(
    make.disks(
      [
        make.disk('vda', {
          writes: 5000 + second * 3000,
          writtenSectors: 400_000 + second * 80_000,
          writeMs: 9000 + second * 60_000,
          busyMs: 8000 + second * 990,
          weightedMs: 12_000 + second * 38_000,
          inFlight: 38,
        }),
      ],
      {
        pressure: ok(
          {
            some: { avg10: 41.2, avg60: 30, totalMicros: 3_000_000 + second * 410_000 },
            full: { avg10: 38.4, avg60: 30, totalMicros: 2_000_000 + second * 380_000 },
          },
          0.1,
        ),
        dirtyBytes: 812 * 1024 ** 2,
        writebackBytes: 96 * 1024 ** 2,
        procsBlocked: 7,
      },
    ),
    0.4,
  ),
  host: ok(make.host({ kernel: '4.19.25' }), 60),
}));

/** Each stop that nobody answers leaves dockerd a connection and two goroutines: 12 a minute, with 2,000 descriptors allowed. */
export const fdLeak: Scene = over(120, (second) => {
  const stops = Math.floor(second / 5);
  const accepted = 1_520 + stops;
  return {
    ...healthyReadings(second),
    daemons: ok(
      make.daemons(
        make.dockerd({
          goroutines: ok(3_097 + stops * 2, 2),
          process: ok(
            make.daemonProcess({
              rssBytes: 2 * 1024 ** 3 + second * 1024 ** 2,
              fds: 1_570 + stops,
              fdLimit: 2_000,
              fdKinds: make.fdKinds({
                sockets: accepted + 11,
                unixSockets: accepted + 10,
                accepted,
                peerless: accepted - 4,
                pipes: 3,
                files: 35,
                anonymous: 1,
              }),
            }),
            0.2,
          ),
          version: ok({ version: '19.03.15', goVersion: 'go1.13.15', product: null }, 1),
          settings: ok(make.settings({ liveRestore: true, cgroupDriver: 'cgroupfs', cgroupVersion: null }), 40),
        }),
        make.containerd(),
      ),
      3,
    ),
  };
});

/** The disk of the engine cannot keep up, an unmount waits for dirty memory, and another device hangs. */
export const slowDisk: Scene = over(10, (second) => ({
  ...healthyReadings(second),
  processes: ok(
    make.processes([
      make.blocked(
        23_743,
        { comm: 'containerd-shim' },
        {
          wchan: 'wb_wait_for_completion',
          stack: ['wb_wait_for_completion', 'sync_inodes_sb', 'cleanup_mnt', '__x64_sys_umount'],
          offCpuSeconds: 9 + second,
        },
      ),
    ]),
    9,
  ),
  disks: ok(
    make.disks(
      [
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
        make.disk('dm-0', { device: '253:0', inFlight: 2 }),
        make.disk('nvme0n1', { device: '259:0', reads: 1000 + second * 40, readSectors: 80_000 + second * 4000 }),
      ],
      {
        pressure: ok(
          {
            some: { avg10: 62.4, avg60: 30, totalMicros: 3_000_000 + second * 610_000 },
            full: { avg10: 48.1, avg60: 20, totalMicros: 2_000_000 + second * 470_000 },
          },
          0.1,
        ),
        dirtyBytes: 900 * 1024 ** 2,
        writebackBytes: 96 * 1024 ** 2,
        procsBlocked: 7,
        writeBack: {
          dirtiedBytes: 9e9 + second * 60e6,
          writtenBytes: 8e9 + second * 80e6,
          limitBytes: 1024 ** 3,
          backgroundBytes: 512 * 1024 ** 2,
        },
        topology: make.topology(
          [
            make.blockDevice('vda'),
            make.blockDevice('vda1', { device: '254:1', kind: 'partition', disk: 'vda' }),
            make.blockDevice('dm-0', { device: '253:0', kind: 'dm', label: 'vg0-data', slaves: ['nvme0n1'] }),
            make.blockDevice('nvme0n1', { device: '259:0' }),
          ],
          [
            make.diskMount('/', { device: '254:1', source: '/dev/vda1' }),
            make.diskMount('/srv/data', { device: '253:0', source: '/dev/mapper/vg0-data', type: 'xfs' }),
          ],
          { taskOverlays: { total: 3, volatile: 0 } },
        ),
      },
    ),
    0.4,
  ),
  writers: ok(
    make.writers({
      processes: [
        make.writer(30_112, { comm: 'postgres', containerId: make.idOf('a1'), writeDelta: 210e6, readDelta: 4e6 }),
        make.writer(30_200, { comm: 'unpigz', writeDelta: 90e6 }),
      ],
    }),
    2,
  ),
  cgroups: ok(
    make.cgroups({
      groups: [
        {
          path: `/docker/${make.idOf('a1')}`,
          containerId: make.idOf('a1'),
          ageMs: 0,
          ioPressure: ok(
            {
              some: { avg10: 55.2, avg60: 30, totalMicros: 1_000_000 + second * 550_000 },
              full: { avg10: 40.1, avg60: 20, totalMicros: 900_000 + second * 400_000 },
            },
            0.1,
          ),
          io: { readBytes: 8e8 + second * 1e6, writeBytes: 9e9 + second * 42e6 },
        },
      ],
    }),
    1,
  ),
}));

/** No source has answered yet. */
export const unanswered: Scene = [];

/** A machine without containers, on a kernel without pressure stall information. */
export const bare: Scene = over(3, (second) => ({
  ...healthyReadings(second),
  cri: absent('no containerd or CRI-O listens on this node'),
  daemons: ok(
    make.daemons(
      make.dockerd({
        process: absent('no dockerd process'),
        goroutines: absent('no such socket'),
        heap: absent('no such socket'),
        version: absent('no such socket'),
        ping: absent('no such socket'),
      }),
      make.containerd({
        process: absent('no containerd process'),
        endpoint: null,
        goroutines: absent('no debug socket'),
        heap: absent('no debug socket'),
        version: absent('only the engine’s API reports versions'),
      }),
    ),
    1,
  ),
  stacks: ok(make.stacks({}), 1),
  containers: absent('no container engine at unix:///var/run/docker.sock'),
  mounts: ok(make.mounts([]), 1),
  disks: ok(make.disks([make.disk('sda')], { pressure: absent('this kernel has no pressure stall information') }), 0.3),
}));

/** dockerd was there, was killed, and another one came. */
export const restarted: Scene = [
  ...healthy,
  make.sampleAt(6, {
    daemons: ok(
      make.daemons(
        make.dockerd({
          process: absent('no dockerd process'),
          goroutines: absent('no such socket'),
          ping: absent('no such socket'),
        }),
        make.containerd(),
      ),
      1,
    ),
  }),
  make.sampleAt(18, {
    daemons: ok(
      make.daemons(
        make.dockerd({ process: ok(make.daemonProcess({ pid: 2204, starttime: 354_000_000, ageSeconds: 3 }), 0.2) }),
        make.containerd(),
      ),
      3,
    ),
  }),
  make.sampleAt(30, {
    daemons: ok(
      make.daemons(
        make.dockerd({ process: ok(make.daemonProcess({ pid: 2204, starttime: 354_000_000, ageSeconds: 15 }), 0.2) }),
        make.containerd(),
      ),
      3,
    ),
  }),
];

/** dockerd was there and is gone. */
export const gone: Scene = [...restarted.slice(0, -2), make.sampleAt(9, restarted.at(-3)?.readings ?? {})];

/** Every source that can fail does, after it has worked; the engine does not answer. */
export const failing: Scene = [
  ...healthy,
  make.sampleAt(40, {
    daemons: ok(
      make.daemons(
        make.dockerd({
          goroutines: pending(7_400, 'GET /debug/pprof/: no answer yet'),
          ping: failed('GET /_ping: no answer within 5s'),
        }),
        make.containerd({ goroutines: failed('GET /debug/pprof/: HTTP 404') }),
      ),
      250,
    ),
    containers: pending(32_000, 'GET /containers/json: no answer yet'),
    processes: failed('/proc: EIO'),
    mounts: failed('needs the source "processes", which is disabled'),
    disks: failed('/proc/diskstats: EACCES'),
  }),
];

/** Every source fails from the start. */
export const broken: Scene = [
  make.sampleAt(0, {
    daemons: failed('/proc/uptime: EACCES'),
    containers: failed('GET /containers/json: permission denied (run as root)'),
    processes: failed('/proc: EACCES'),
    mounts: failed('needs the source "processes", which is disabled'),
    disks: failed('/proc/diskstats: EACCES'),
    host: failed('/proc/uptime: EACCES'),
  }),
];

/** Every source has been silent for a while. */
export const silent: Scene = [
  make.sampleAt(
    0,
    Object.fromEntries(
      ['daemons', 'containers', 'processes', 'mounts', 'disks', 'host'].map((name) => [
        name,
        pending(12_000, 'no answer yet'),
      ]),
    ) as Readings,
  ),
];

/** More of everything than fits. */
export const crowded: Scene = over(3, (second) => ({
  ...healthyReadings(second),
  containers: ok(
    make.containers(
      Array.from({ length: 120 }, (_, n) =>
        make.container(n.toString(16).padStart(3, '0'), `worker-${String(n).padStart(3, '0')}`),
      ),
    ),
    30,
  ),
  processes: ok(
    make.processes(
      Array.from({ length: 60 }, (_, n) =>
        make.blocked(40_000 + n, {}, { offCpuSeconds: 3_000 - n * 20, comm: `kworker/${n}` }),
      ),
      { total: 10_240 },
    ),
    80,
  ),
  mounts: ok(
    make.mounts(
      Array.from({ length: 40 }, (_, n) =>
        make.namespace(String(4_026_532_000 + n), [make.mount(`/var/lib/docker/overlay2/${n}/merged`)], {
          holders: [make.holder(3000 + n, `svc-${n}`)],
        }),
      ),
    ),
    9,
  ),
  disks: ok(
    make.disks(
      Array.from({ length: 24 }, (_, n) =>
        make.disk(`dm-${n}`, { device: `253:${n}`, writes: second * n, busyMs: second * n * 10 }),
      ),
    ),
    1,
  ),
}));

const hostile = 'evil\u001b[2J\u001b]0;owned\u0007\u202Etxt.exe\u2066\nnext\rline\u0000\uD800';
const wide = '日本語コンテナ名前がとても長い時のための名前です🧊🧊🧊';
const long = 'a-container-name-that-goes-on-and-on-'.repeat(20);

/** Names that want to write to the terminal, wide ones, and ones without end. */
export const odd: Scene = over(2, (second) => ({
  ...healthyReadings(second),
  daemons: ok(
    make.daemons(
      make.dockerd({ version: ok({ version: hostile, goVersion: wide, product: null }, 1) }),
      make.containerd({ name: hostile }),
    ),
    1,
  ),
  containers: ok(
    make.containers([
      make.container('a1', hostile, { status: hostile }),
      make.container('b2', wide, { status: wide }),
      make.container('c3', long, { status: long }),
    ]),
    4,
  ),
  processes: ok(
    make.processes([
      make.blocked(1, { comm: hostile }, { wchan: hostile }),
      make.blocked(2, { comm: wide }),
      make.zombie(4_194_304, { comm: long, parentComm: hostile }),
    ]),
    4,
  ),
  mounts: ok(
    make.mounts([
      make.namespace('4026531841', [make.mount(`/${hostile}`)], { holders: [make.holder(1, hostile)] }),
      make.namespace('4026531842', [make.mount('/x')], { holders: [make.holder(2, wide)] }),
    ]),
    4,
  ),
  disks: ok(make.disks([make.disk(wide), make.disk(hostile)]), 1),
  host: ok(make.host({ hostname: hostile, distribution: wide }), 1),
}));
