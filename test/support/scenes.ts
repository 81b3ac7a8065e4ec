import { emptyHistory, type History, reduce } from '../../src/model/history.ts';
import { derive, type Model } from '../../src/model/model.ts';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import * as make from './samples.ts';

/** A node over a few Samples, the newest last: what every test of rules and views looks at. */
export type Scene = readonly Sample[];

export const historyOf = (scene: Scene): History => scene.reduce(reduce, emptyHistory);
export const modelOf = (scene: Scene): Model => derive(historyOf(scene));

/** Some Samples a second apart, made from the second they are taken at. */
export const over = (seconds: number, readings: (second: number) => Readings): Scene =>
  Array.from({ length: seconds + 1 }, (_, second) => make.sampleAt(second, readings(second)));

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
  shims: ok(make.shims(), 1),
  writers: ok(make.writers(), 2),
  cgroups: ok(make.cgroups(), 1),
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
  daemons: ok(
    make.daemons(
      make.dockerd({
        goroutines: ok(5_119 + second * 17, 2),
        heap: ok({ allocBytes: 8e9, inuseBytes: 8.2 * 1024 ** 3, sysBytes: 11e9, gcCount: 900 }, 4),
        process: ok(make.daemonProcess({ rssBytes: 10.1 * 1024 ** 3, fds: 1_572 }), 0.2),
        version: ok({ version: '19.03.15', goVersion: 'go1.13.15' }, 1),
      }),
      make.containerd(),
    ),
    3,
  ),
  containers: ok(
    make.containers([
      make.container('a9', 'k8s_fluentd_fluentd-hjj42_kube-system_0f3c_0', {
        kill: make.pendingKill({ firstAt: make.noon - 93_590_000, lastAt: make.noon - 20_000, count: 412, signal: 9 }),
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
      make.blocked(28_816, { containerId: frozen, killPending: true }, { offCpuSeconds: 93_600 + second }),
      make.zombie(26_268, { containerId: cron }),
      make.zombie(26_269, { containerId: cron }),
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
            some: { avg10: 41.2, avg60: 30, avg300: 10, totalMicros: 3_000_000 + second * 410_000 },
            full: { avg10: 38.4, avg60: 30, avg300: 10, totalMicros: 2_000_000 + second * 380_000 },
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

/** No source has answered yet. */
export const unanswered: Scene = [];

/** A machine without containers, on a kernel without pressure stall information. */
export const bare: Scene = over(3, (second) => ({
  ...healthyReadings(second),
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
        version: absent('only the engine’s API tells versions'),
      }),
    ),
    1,
  ),
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
          goroutines: pending(7_400, 'GET /debug/pprof/ has not answered yet'),
          ping: failed('GET /_ping: no answer within 5 s'),
        }),
        make.containerd({ goroutines: failed('GET /debug/pprof/: HTTP 404') }),
      ),
      250,
    ),
    containers: pending(32_000, 'GET /containers/json has not answered yet'),
    processes: failed('/proc: EIO'),
    mounts: failed('the source "processes" is off, which finds the namespaces'),
    disks: failed('/proc/diskstats: EACCES'),
  }),
];

/** Every source fails from the start. */
export const broken: Scene = [
  make.sampleAt(0, {
    daemons: failed('/proc/uptime: EACCES'),
    containers: failed('GET /containers/json: permission denied (run as root)'),
    processes: failed('/proc: EACCES'),
    mounts: failed('the source "processes" is off, which finds the namespaces'),
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
        pending(12_000, 'it has not answered yet'),
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
      make.dockerd({ version: ok({ version: hostile, goVersion: wide }, 1) }),
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
