import { ok } from '../../../src/sample/reading.ts';
import type { Readings, Sample } from '../../../src/sample/sample.ts';
import * as make from '../../support/samples.ts';

export interface NodeStreamOptions {
  readonly containers: number;
  readonly seconds: number;
  /** As JavaScript subtracts: with all digits. */
  readonly unroundedAges?: boolean;
}

/**
 * What the sampler writes on a node with many containers that do their work: every source in its own period, the lines that
 * only announce a poll too, and a container that comes and one that goes every two minutes.
 */
export function* nodeStream({ containers, seconds, unroundedAges = false }: NodeStreamOptions): Generator<Sample> {
  const random = mulberry(containers);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  const took = (): number => random() * 5;
  const ids = Array.from({ length: containers }, () => hex(random, 64));
  const layers = ids.map(() => hex(random, 64));
  const written = ids.map(() => between(1e6, 1e9));
  const io = { busyMs: 8000, writes: 5000, dirtied: 29e9 };
  const startOf = (i: number): number => 100_000 + i * 311;
  let seq = 0;
  for (let second = 0; second < seconds; second++) {
    if (second % 120 === 60) {
      const at = between(0, ids.length);
      ids.splice(at, 1);
      layers.splice(at, 1);
      ids.push(hex(random, 64));
      layers.push(hex(random, 64));
    }
    const uptimeSeconds = 3_542_500.11 + second + between(0, 3) / 100;
    const age = (starttime: number): number => {
      const exact = uptimeSeconds - starttime / 100;
      return unroundedAges ? exact : Math.round(exact * 100) / 100;
    };
    const line = (offsetMs: number, readings: Readings, begin: Sample['begin'] = undefined): Sample => {
      const sampler = {
        pid: 4711,
        cpuMs: 500 + second * 40 + offsetMs / 10,
        rssBytes: 100 * 1024 ** 2 + between(0, 9) * 4096,
      };
      return make.sampleAt(second + offsetMs / 1000, readings, {
        seq: seq++,
        sampler,
        ...(begin === undefined ? {} : { begin }),
      });
    };
    const every = (period: number, readings: () => Readings): Readings => (second % period === 0 ? readings() : {});
    io.busyMs += between(0, 300);
    io.writes += between(0, 90);
    io.dirtied += between(0, 3e6);
    for (const source of ['processes', 'shims'] as const) yield line(0, {}, { source });
    yield line(6, {
      processes: ok(
        make.processes([make.zombie(31_000 + (second % 7))], {
          uptimeSeconds,
          total: containers * 3 + between(300, 310),
        }),
        took(),
      ),
      ...every(2, () => ({
        shims: ok(
          make.shims({
            shims: ids.map((id, i) =>
              make.shim(2000 + i * 7, {
                starttime: startOf(i),
                ageSeconds: age(startOf(i)),
                bundle: `/run/containerd/io.containerd.runtime.v2.task/moby/${id}`,
                bundleId: id,
                containers: [{ containerId: id, initPid: 2001 + i * 7, count: 2, tasks: [] }],
              }),
            ),
          }),
          took(),
        ),
      })),
    });
    for (const source of ['disks', 'mounts', 'daemons'] as const) yield line(8, {}, { source });
    yield line(20, {
      disks: ok(
        make.disks(
          ['vda', 'vdb'].map((name) =>
            make.disk(name, { busyMs: io.busyMs, writes: io.writes, weightedMs: io.busyMs * 2 }),
          ),
          {
            dirtyBytes: between(100, 900) * 4096,
            topology:
              second % 30 === 0
                ? make.topology([make.blockDevice('vda')], [make.diskMount('/'), make.diskMount('/var')])
                : null,
          },
        ),
        took(),
      ),
      ...every(10, () => ({ mounts: ok(mountsOf(ids, layers, startOf, age), took()) })),
      ...every(5, () => ({
        cgroups: ok(
          make.cgroups({
            groups: ids.slice(0, 200).map((id, i) => {
              written[i] = (written[i] ?? 0) + (random() < 0.3 ? between(0, 400) * 4096 : 0);
              return make.cgroup(`/system.slice/docker-${id}.scope`, {
                ageMs: between(0, 4000),
                io: { readBytes: 4096 * i, writeBytes: written[i] ?? 0 },
              });
            }),
            more: ids.length - 200,
          }),
          took(),
        ),
        writers: ok(
          make.writers({
            processes: Array.from({ length: 10 }, (_, i) =>
              make.writer(5000 + between(0, 40), { writeBytes: between(1e6, 1e9), writeDelta: between(0, 1e6) - i }),
            ),
          }),
          took(),
        ),
      })),
      logs: ok(make.logs(), took()),
    });
    yield line(60, {
      daemons: ok(
        make.daemons(
          make.dockerd({ goroutines: ok(containers * 6 + between(0, 40), took()), ping: ok({ ms: took() }, took()) }),
          make.containerd({ goroutines: ok(containers * 4 + between(0, 20), took()) }),
        ),
        took(),
      ),
      containers: ok(
        make.containers(
          ids.map((id, i) =>
            make.container(id, `k8s_app-${i}_web-${i % 90}`, { status: `Up ${3 + Math.floor(second / 3600)} hours` }),
          ),
          { listMs: took() },
        ),
        took(),
      ),
      ...every(30, () => ({
        stacks: ok(
          make.stacks({ dockerd: [make.goroutines(containers * 4 + between(0, 9), 'a.b', 'c.d')] }, second / 30 + 1),
          took(),
        ),
        host: ok(make.host({ uptimeSeconds }), took()),
      })),
    });
  }
}

function mountsOf(
  ids: readonly string[],
  layers: readonly string[],
  startOf: (i: number) => number,
  age: (starttime: number) => number,
): ReturnType<typeof make.mounts> {
  const overlays = layers.map((layer, i) =>
    make.mount(`/var/lib/docker/overlay2/${layer}/merged`, {
      layer,
      device: `0:${50 + i}`,
      containerId: ids[i] ?? null,
    }),
  );
  return make.mounts([
    make.namespace('4026531841', overlays, { host: true, processes: 300 }),
    ...ids.map((_, i) => {
      const starttime = startOf(i) + 40;
      return make.namespace(`${4_026_532_000 + i}`, [], {
        rootLayer: layers[i] ?? null,
        holders: [make.holder(2001 + i * 7, 'app', { starttime, ageSeconds: age(starttime) })],
      });
    }),
  ]);
}

function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** The same numbers every time. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
