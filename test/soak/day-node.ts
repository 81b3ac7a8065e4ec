import type { LogLine, LogTally } from '../../src/sample/logs.ts';
import { failed, ok, pending } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import { Random } from '../reliability/random.ts';
import * as make from '../support/samples.ts';

interface Container {
  readonly number: number;
  readonly id: string;
  readonly bornAt: number;
}

/** From one Sample to the next, as `--interval 5s`. */
export const pollSeconds = 5;

const containerCount = 8;
const ids = 2_654_435_761;
const signs = ['stop-force', 'direct-sigkill', 'no-exit-event', 'kill-failed', 'zombie-init'] as const;

/**
 * A node that never has the same container, process, device or mount twice, as the Samples that its sampler sends: each source as often
 * as it is polled, daemons that restart, faults that come and heal, readings that fail, a sampler that is started anew, and a wall
 * clock that is set.
 */
export class DayNode {
  readonly #random: Random;
  #containers: Container[] = [];
  #made = 0;
  #pids = 1000;
  #seq = 0;
  #samplerPid = 500;
  #line = 0;
  #clockMs = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    for (let n = 0; n < containerCount; n++) this.#containers.push(this.#container(0));
  }

  /** What the sampler sends in that second. */
  second(second: number): Sample {
    this.#pass(second);
    const change: Partial<Sample> = {
      seq: this.#seq++,
      at: make.noon + second * 1000 + this.#clockMs,
      sampler: { pid: this.#samplerPid, cpuMs: this.#seq * 9, rssBytes: 60 * 1024 ** 2 },
    };
    return make.sampleAt(second, this.#readings(second), change);
  }

  #pass(second: number): void {
    const random = this.#random;
    // A container lives for less than a minute.
    this.#containers = [...this.#containers.slice(1), this.#container(second)];
    this.#pids += random.between(1, 6);
    if (random.chance(1 / 180)) {
      this.#samplerPid = this.#pids++;
      this.#seq = 0;
      this.#line = 0;
    }
    // NTP slews and steps by fractions of a second; someone sets it by hours, and back.
    if (random.chance(1 / 240)) this.#clockMs += random.between(-700, 700);
    if (second % 14_400 === 7200) this.#clockMs += (second / 14_400) % 2 < 1 ? 7_200_000 : -10_800_000;
  }

  #container(second: number): Container {
    const number = this.#made++;
    return { number, id: make.idOf(((number * ids) % 2 ** 32).toString(16).padStart(8, '0')), bornAt: second };
  }

  #readings(second: number): Readings {
    const every = (period: number): boolean => second % period < pollSeconds;
    const restartedAt = Math.floor(second / 1800) * 1800;
    return {
      processes: ok(this.#processes(second), 8),
      disks: this.#random.chance(0.001) ? failed(`read /proc/diskstats: EIO (${second})`) : ok(this.#disks(second), 1),
      logs: ok(this.#logs(second), 1),
      daemons: ok(this.#daemons(second, restartedAt), 3),
      shims: ok(this.#shims(second), 2),
      stacks: ok(this.#stacks(second), 3),
      containers: ok(this.#list(second), 4),
      cri: ok(this.#pods(second), 2),
      ...this.#groups(second),
      ...(every(10) ? { mounts: ok(this.#mounts(second), 20), filesystems: ok(this.#filesystems(), 2) } : {}),
      ...(every(30) ? { host: ok(make.host({ uptimeSeconds: 3_542_500 + second }), 1) } : {}),
    };
  }

  #daemons(second: number, restartedAt: number): ReturnType<typeof make.daemons> {
    const age = second - restartedAt;
    const process = make.daemonProcess({
      pid: 901 + restartedAt,
      starttime: restartedAt * 100,
      ageSeconds: age,
      fds: 60 + (age % 200),
    });
    if (age < 5) return make.daemons(make.dockerd(make.goneDaemon), make.containerd());
    const slow = second % 700 > 640;
    return make.daemons(
      make.dockerd({
        process: ok(process, 0.2),
        goroutines: slow ? pending(1000 * (second % 60), `GET /debug/pprof/ ${second}`) : ok(64 + (age % 300), 1),
        heap: ok({ allocBytes: 11e6 + age * 1000, inuseBytes: 13e6 + (second % 977) * 1e4 }, 2),
      }),
      make.containerd({ goroutines: ok(51 + (second % 40), 1) }),
    );
  }

  #stacks(second: number): ReturnType<typeof make.stacks> {
    const waits = second % 600 > 400 ? [make.stopWaits(1 + (second % 20))] : [];
    // A function that is never seen again: of a plugin, or an address that has no name.
    const odd = make.goroutines(1 + (second % 3), `plugin/x${second}.(*Server).serve`, `main.func${second}`);
    return make.stacks(
      {
        dockerd: [make.dockerMain(), make.eventStreams(), ...waits, odd],
        containerd: [make.goroutines(6, 'github.com/containerd/ttrpc.(*Client).run'), odd],
      },
      second,
    );
  }

  #processes(second: number): ReturnType<typeof make.processes> {
    const list = this.#containers.slice(0, 8).flatMap(({ id, number }, index) => {
      const pid = 10_000 + number * 7;
      const of = { starttime: pid * 3, comm: `worker-${number}`, containerId: id };
      if (index % 3 === 0) return [make.zombie(pid, of)];
      if (index % 3 === 1) return [make.blocked(pid, { ...of, killPending: true })];
      return [make.blocked(pid, of), make.doomed(pid + 1, of)];
    });
    const brief = make.blocked(this.#pids, { comm: `kworker/u8:${second % 97}`, kernelThread: true });
    return make.processes([...list, brief], { uptimeSeconds: 3_542_500 + second, total: 412 + (second % 30) });
  }

  #shims(second: number): ReturnType<typeof make.shims> {
    const list = this.#containers.map(({ id, number }) =>
      make.shim(20_000 + number, {
        starttime: number * 11,
        bundleId: id,
        state: number % 17 === 0 ? 'T' : 'S',
        ...(number % 23 === 0 ? { childless: true } : {}),
        containers: [make.containerTasks(id, { initPid: 10_000 + number * 7 })],
      }),
    );
    const orphans = second % 300 < 60 ? [make.containerTasks(this.#containers[0]?.id ?? 'a')] : [];
    return make.shims({ shims: list, orphans });
  }

  #list(second: number): ReturnType<typeof make.containers> {
    const list = this.#containers.map(({ id, number, bornAt }) =>
      make.container(id, `web-${number}`, {
        id,
        createdAt: make.noon / 1000 + bornAt,
        image: `registry.example/app:${number}`,
        ...(second - bornAt > 30 ? { state: 'exited', status: `Exited (137) ${second - bornAt} seconds ago` } : {}),
        ...(number % 9 === 0 ? { kill: make.pendingKill({ firstAt: make.noon + bornAt * 1000 }) } : {}),
        labels: { 'com.example.release': `${number}` },
      }),
    );
    return make.containers(list);
  }

  #pods(second: number): ReturnType<typeof make.cri> {
    const some = this.#containers.slice(0, 8);
    return make.cri({
      pid: 890 + Math.floor(second / 5000),
      sandboxes: some.map(({ number, bornAt }) => ({
        id: make.idOf(`5${number.toString(16).padStart(7, '0')}`),
        name: `pod-${number}`,
        namespace: 'shop',
        uid: `uid-${number}`,
        attempt: 0,
        ready: number % 5 !== 0,
        createdAt: make.noon / 1000 + bornAt,
      })),
      containers: some.map(({ number }) =>
        make.criContainer(`c${number.toString(16).padStart(7, '0')}`, {
          sandboxId: make.idOf(`5${(number + (number % 7 === 0 ? 9 : 0)).toString(16).padStart(7, '0')}`),
          restarts: number % 4,
        }),
      ),
    });
  }

  #groups(second: number): Pick<Readings, 'cgroups' | 'writers'> {
    const groups = this.#containers.map(({ id, number, bornAt }) =>
      make.cgroup(`docker/${id}`, {
        use: make.groupUse({
          cpuMicros: (second - bornAt) * 120_000,
          memoryBytes: 1e6 * (number % 64),
          memoryLimitBytes: 64 * 2 ** 20,
          oomKills: number % 11 === 0 ? Math.floor((second - bornAt) / 20) : 0,
        }),
      }),
    );
    const memory = { counted: 90, visible: 90, dying: second % 5000, elsewhere: null, nokmem: false, accounting: null };
    const writers = this.#containers.slice(0, 6).map(({ id, number }) =>
      make.writer(10_000 + number * 7, {
        starttime: number,
        comm: `worker-${number}`,
        containerId: id,
        writeBytes: second * 4096,
      }),
    );
    return {
      cgroups: ok(make.cgroups({ groups, memory }), 2),
      writers: ok(make.writers({ processes: writers }), 2),
    };
  }

  #disks(second: number): ReturnType<typeof make.disks> {
    const loop = Math.floor(second / 60);
    const busy = second % 400 > 350;
    const counters = (name: string, n: number): ReturnType<typeof make.disk> =>
      make.disk(name, {
        device: `7:${n}`,
        writes: second * 5,
        writtenSectors: second * 900,
        writeMs: second * 10,
        busyMs: busy ? second * 1000 : second * 15,
        inFlight: busy ? 49 : 0,
        weightedMs: second * 22,
      });
    return make.disks([counters('vda', 0), counters(`loop${loop}`, loop), counters(`dm-${loop % 300}`, loop % 300)]);
  }

  #mounts(second: number): ReturnType<typeof make.mounts> {
    const overlay = ({ id, number }: Container): ReturnType<typeof make.mount> =>
      make.mount(`/var/lib/docker/overlay2/${number}/merged`, {
        containerId: id,
        layer: `${number}`,
        device: `0:${number}`,
      });
    // Namespaces of programs that still have mounts of containers that are gone.
    const leaked = this.#containers.slice(0, 5).map((one) =>
      make.namespace(`${4_026_532_000 + one.number}`, [overlay({ ...one, number: one.number - 20 })], {
        holders: [make.holder(30_000 + one.number, `nginx-${one.number}`, { ageSeconds: second })],
      }),
    );
    const host = { host: true, processes: 180, holders: [make.holder(1, 'systemd')] };
    return make.mounts([make.namespace('4026531841', this.#containers.map(overlay), host), ...leaked]);
  }

  #filesystems(): ReturnType<typeof make.filesystems> {
    const volumes = this.#containers.slice(0, 6).map(({ number }) =>
      make.filesystem(`/var/lib/volumes/${number}`, {
        device: `7:${number}`,
        availableBytes: (number % 100) * 2 ** 30,
        freeBytes: (number % 100) * 2 ** 30,
      }),
    );
    return make.filesystems(make.filesystem('/'), ...volumes);
  }

  #logs(second: number): ReturnType<typeof make.logs> {
    const container = this.#random.pick(this.#containers as [Container, ...Container[]]);
    const sign = this.#random.pick(signs);
    const at = make.noon + second * 1000 + this.#clockMs;
    const lines: LogLine[] = this.#random.chance(0.6)
      ? [make.logLine(this.#line++, sign, { at, container: container.id })]
      : [];
    const tallies: LogTally[] = this.#containers.map(({ id }, n) =>
      make.logTally(signs[n % signs.length] ?? sign, id, { count: n + second, firstAt: at - 60_000, lastAt: at }),
    );
    return make.logs({ lines, tallies });
  }
}
