import { describe, expect, test } from 'vitest';
import { DisksCollector } from '../../../src/collect/disks/disks.ts';
import { parseUptime } from '../../../src/parse/proc/uptime.ts';
import type { DiskCounters, DisksValue } from '../../../src/sample/disks.ts';
import { absent, failed, ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf, type Scene } from '../../support/scenes.ts';
import { capturedWorld } from '../../support/world.ts';

const first = make.disk('vda');
const ratesAfter = (change: Partial<DiskCounters>, seconds = 2, before = first) =>
  modelOf([
    make.sampleAt(0, { disks: ok(make.disks([before]), 1) }),
    make.sampleAt(seconds, { disks: ok(make.disks([{ ...before, ...change }]), 1) }),
  ]).disks?.list[0]?.rates;

describe('the rates of a disk', () => {
  test('are what iostat -x shows, per second of the monotonic clock', () => {
    const rates = ratesAfter({
      reads: first.reads + 100,
      readSectors: first.readSectors + 4096,
      readMs: first.readMs + 300,
      writes: first.writes + 300,
      writtenSectors: first.writtenSectors + 8192,
      writeMs: first.writeMs + 500,
      busyMs: first.busyMs + 1500,
      weightedMs: first.weightedMs + 6000,
      flushes: 40,
      flushMs: 200,
    });
    expect(rates).toEqual({
      utilPercent: 75,
      readsPerSec: 50,
      writesPerSec: 150,
      readBytesPerSec: 1024 * 1024,
      writeBytesPerSec: 2 * 1024 * 1024,
      awaitMs: 2,
      readAwaitMs: 3,
      writeAwaitMs: 500 / 300,
      flushesPerSec: 20,
      flushAwaitMs: 5,
      queue: 3,
    });
  });

  test('have no await when no request ended', () => {
    expect(ratesAfter({ busyMs: first.busyMs + 2000 })).toMatchObject({ awaitMs: null, utilPercent: 100 });
  });

  test('do not exceed a hundred percent when the kernel counts a tick more', () => {
    expect(ratesAfter({ busyMs: first.busyMs + 2010 })?.utilPercent).toBe(100);
  });

  test('survive the wrap of the 32-bit millisecond counters', () => {
    const before = { ...first, busyMs: 2 ** 32 - 500 };
    expect(ratesAfter({ busyMs: 500 }, 2, before)?.utilPercent).toBe(50);
  });

  test('take a small step back of a counter for none', () => {
    expect(ratesAfter({ writes: first.writes + 1, writeMs: first.writeMs - 3 })?.writeAwaitMs).toBe(0);
  });

  test('have no flushes on a kernel that does not count them', () => {
    const before = { ...first, flushes: null, flushMs: null };
    expect(ratesAfter({ reads: first.reads + 1 }, 2, before)).toMatchObject({
      flushesPerSec: null,
      flushAwaitMs: null,
    });
  });

  test('are not reported when a counter went backwards', () => {
    expect(ratesAfter({ writes: 3 })).toBeNull();
    expect(modelOf([make.sampleAt(0, { disks: ok(make.disks([first]), 1) })]).disks?.list[0]?.rates).toBeNull();
  });

  test('are not reported across a gap', () => {
    const scene = [
      make.sampleAt(0, { disks: ok(make.disks([first]), 1) }),
      make.sampleAt(1, { disks: failed('EIO') }),
      make.sampleAt(2, { disks: ok(make.disks([{ ...first, writes: 9000 }]), 1) }),
    ];
    expect(modelOf(scene).disks?.list[0]?.rates).toBeNull();
  });

  test('put the busiest disk first', () => {
    const both = (busyMs: number): DisksValue =>
      make.disks([make.disk('vda'), make.disk('vdb', { device: '254:16', busyMs })]);
    const scene = [make.sampleAt(0, { disks: ok(both(0), 1) }), make.sampleAt(1, { disks: ok(both(900), 1) })];
    expect(modelOf(scene).disks?.list.map(({ name }) => name)).toEqual(['vdb', 'vda']);
  });
});

describe('the pressure', () => {
  const total = (micros: number) => ok({ some: { avg10: 0, avg60: 0, totalMicros: micros }, full: null }, 1);

  test('of a moment comes from the growth of the total, with gaps', () => {
    const scene = [
      make.sampleAt(0, { disks: ok(make.disks([], { pressure: total(1_000_000) }), 1) }),
      make.sampleAt(1, { disks: ok(make.disks([], { pressure: total(1_250_000) }), 1) }),
      make.sampleAt(2, { disks: ok(make.disks([], { pressure: absent('off') }), 1) }),
      make.sampleAt(3, { disks: ok(make.disks([], { pressure: total(1_300_000) }), 1) }),
      make.sampleAt(4, { disks: ok(make.disks([], { pressure: total(1_400_000) }), 1) }),
    ];
    const model = modelOf(scene);
    expect(model.disks?.someSeries).toEqual([null, 25, null, null, 10]);
    expect(model.disks?.fullSeries).toEqual([null, null, null, null, null]);
  });
});

/** The disks of captured nodes, by their own uptimes. */
const captured = (...names: string[]): Scene =>
  names.map((name) => {
    const world = capturedWorld(name);
    return make.sampleAt(parseUptime(world.readText(world.proc('uptime'))), {
      disks: ok(new DisksCollector(world).collect(), 1),
    });
  });

describe('a node under I/O pressure', () => {
  const { disks } = modelOf(captured('io-pressure/t0', 'io-pressure/t1'));
  const one = (name: string) => disks?.list.find((disk) => disk.name === name);

  test('has the rates that its counters give over 35.55 s', () => {
    expect(one('loop1')?.rates?.writesPerSec).toBeCloseTo((194397 - 8428) / 35.55, 0);
    expect(one('loop1')?.rates?.writeBytesPerSec).toBeCloseTo(((43620550 - 1954430) * 512) / 35.55, -6);
    expect(one('loop1')?.rates?.utilPercent).toBeCloseTo(71.5, 1);
    expect(one('loop1')?.rates?.writeAwaitMs).toBeCloseTo(0.163, 3);
    expect(one('vda')?.rates?.flushesPerSec).toBeCloseTo((121997 - 18094) / 35.55, 0);
  });

  test('has its pressure from the growth of the totals', () => {
    expect(disks?.someSeries.at(-1)).toBeCloseTo(43.1, 1);
    expect(disks?.fullSeries.at(-1)).toBeCloseTo(10, 1);
    expect(disks?.substitute).toBeNull();
  });

  test('knows which device holds the engine’s data, and which the volume that is written', () => {
    expect(one('loop0')).toMatchObject({ roots: [{ of: 'docker', path: '/var/lib/docker' }] });
    expect(one('loop1')).toMatchObject({ roots: [], mounts: [{ path: '/mnt/data', source: '/dev/loop1' }] });
  });

  test('has no loop devices that hold nothing and do nothing', () => {
    expect(disks?.list.map(({ name }) => name)).toEqual(['loop1', 'vda', 'loop0']);
  });

  test('shows how fast memory is made dirty and written', () => {
    expect(disks?.dirty.writtenBytesPerSec).toBeCloseTo(((13480762 - 2974657) * 4096) / 35.55, -6);
    expect(disks?.dirty).toMatchObject({ dirtyBytes: 1704 * 1024, overMs: 35_550, limitBytes: 1207970 * 4096 });
  });
});

describe('a device', () => {
  const looks = (...inFlight: (readonly [number, Partial<DiskCounters>])[]) =>
    modelOf(
      inFlight.map(([second, change]) =>
        make.sampleAt(second, { disks: ok(make.disks([make.disk('sda', change)]), 1) }),
      ),
    ).disks?.list[0];

  test('is stuck when it has requests and ended none for five seconds', () => {
    const held = { inFlight: 3 };
    expect(looks([0, held], [4, held])).toMatchObject({ stillSeconds: 4, faults: [] });
    expect(looks([0, held], [4, held], [6, held])).toMatchObject({
      stillSeconds: 6,
      faults: [{ kind: 'stuck', text: '3 requests in flight, none completed for 6s' }],
    });
  });

  test('is not stuck when a request ended meanwhile, or none is there', () => {
    const held = { inFlight: 3 };
    expect(looks([0, held], [4, { ...held, writes: 5001 }], [8, { ...held, writes: 5001 }])?.stillSeconds).toBe(4);
    expect(looks([0, held], [9, { ...held, flushes: 1 }])?.stillSeconds).toBeNull();
    expect(looks([0, {}], [9, held])?.stillSeconds).toBeNull();
    expect(looks([0, held], [9, {}])?.stillSeconds).toBeNull();
  });

  test('below a frozen one has ended nothing for two minutes', () => {
    const { disks } = modelOf(captured('disk-hang/t1', 'disk-hang/t2'));
    expect(disks?.list[0]).toMatchObject({ name: 'loop1', inFlight: 52, roots: [{ of: 'containerd' }] });
    expect(disks?.list[0]?.stillSeconds).toBeCloseTo(123.86, 2);
    expect(disks?.list[0]?.rates).toMatchObject({ utilPercent: 100, writesPerSec: 0, writeAwaitMs: null });
    expect(disks?.taskOverlays).toEqual({ total: 5, volatile: 0 });
  });
});

describe('what a device holds', () => {
  const holding = (topology: DisksValue['topology'], names = ['vda'], daemons = make.daemons()) =>
    modelOf([
      make.sampleAt(0, {
        daemons: ok(daemons, 1),
        disks: ok(
          make.disks(
            names.map((name, n) => make.disk(name, { device: `254:${n}` })),
            { topology },
          ),
          1,
        ),
      }),
    ]).disks?.list;

  test('is known for as long as nothing else is reported', () => {
    const mounts = make.topology([make.blockDevice('vda')], [make.diskMount('/')]);
    const scene = [0, 1].map((second) =>
      make.sampleAt(second, {
        disks: ok(make.disks([make.disk('vda')], { topology: second === 0 ? mounts : null }), 1),
      }),
    );
    expect(modelOf(scene).disks?.list[0]?.mounts.map(({ path }) => path)).toEqual(['/']);
  });

  test('is the engine’s root where the engine says that it is', () => {
    const named = make.daemons(make.dockerd({ settings: ok(make.settings({ rootDir: '/data/docker' }), 1) }));
    const mounts = make.topology([], [make.diskMount('/'), make.diskMount('/data', { device: '254:1' })]);
    expect(holding(mounts, ['vda', 'vdb'], named)?.map(({ roots }) => roots)).toEqual([
      [],
      [{ of: 'docker', path: '/data/docker' }],
    ]);
  });

  test('is not Docker’s usual place where the engine is Podman', () => {
    const mounts = make.topology([], [make.diskMount('/')]);
    const podman = make.dockerd({ engine: 'podman', settings: absent('no answer') });
    expect(holding(mounts, ['vda'], make.daemons(podman))?.[0]?.roots).toEqual([]);
    const settings = ok(make.settings({ rootDir: '/var/lib/containers/storage' }), 1);
    expect(holding(mounts, ['vda'], make.daemons({ ...podman, settings }))?.[0]?.roots).toEqual([
      { of: 'podman', path: '/var/lib/containers/storage' },
    ]);
  });

  test('is CRI-O’s root where CRI-O says that it is', () => {
    const mounts = make.topology([], [make.diskMount('/'), make.diskMount('/data', { device: '254:1' })]);
    const storage = { root: '/data/storage', driver: 'overlay' };
    const { disks } = modelOf([
      make.sampleAt(0, {
        disks: ok(make.disks([make.disk('vda'), make.disk('vdb', { device: '254:1' })], { topology: mounts }), 1),
        cri: ok(make.cri({ kind: 'crio', storage }), 1),
      }),
    ]);
    expect(disks?.list.map(({ name, roots }) => [name, roots])).toEqual([
      ['vda', []],
      ['vdb', [{ of: 'crio', path: '/data/storage' }]],
    ]);
  });

  test('is not the engine’s root when that lies on no disk', () => {
    const memory = make.diskMount('/var/lib/docker', { device: '0:50', source: 'tmpfs', type: 'tmpfs' });
    expect(holding(make.topology([], [make.diskMount('/'), memory]))?.[0]?.roots).toEqual([
      { of: 'containerd', path: '/var/lib/containerd' },
    ]);
  });

  test('is what is mounted from its partitions, and from a filesystem with a number of its own', () => {
    const part = make.blockDevice('vda1', { device: '254:1', kind: 'partition', disk: 'vda' });
    const btrfs = make.diskMount('/srv', { device: '0:44', source: '/dev/vda1', type: 'btrfs', root: '/@' });
    const [vda] =
      holding(make.topology([make.blockDevice('vda'), part], [make.diskMount('/boot', { device: '254:1' }), btrfs])) ??
      [];
    expect(vda).toMatchObject({ partitions: ['vda1'], mounts: [{ path: '/boot' }, { path: '/srv' }] });
  });

  test('is the volumes that are built on it, and the files of loop devices', () => {
    const list = holding(
      make.topology(
        [
          make.blockDevice('vda'),
          make.blockDevice('dm-0', { device: '254:1', kind: 'dm', label: 'vg0-root', slaves: ['vda'] }),
          make.blockDevice('loop0', { device: '254:2', kind: 'loop', label: '/disk.img' }),
        ],
        [
          make.diskMount('/', { device: '0:30', source: '/dev/mapper/vg0-root', type: 'btrfs' }),
          make.diskMount('/mnt', { device: '254:2', source: '/dev/loop0' }),
        ],
      ),
      ['vda', 'dm-0', 'loop0'],
    );
    expect(list?.map(({ name, label, carries }) => ({ name, label, carries }))).toEqual([
      { name: 'dm-0', label: 'vg0-root', carries: ['loop0'] },
      { name: 'loop0', label: '/disk.img', carries: [] },
      { name: 'vda', label: null, carries: ['dm-0'] },
    ]);
  });
});

describe('the faults of a device', () => {
  const marksOf = (...mounts: ReturnType<typeof make.diskMount>[]) =>
    modelOf([
      make.sampleAt(0, { disks: ok(make.disks([make.disk('vda')], { topology: make.topology([], mounts) }), 1) }),
    ]).disks?.list[0]?.faults.map(({ kind }) => kind);

  test('say that the kernel made it read-only, not that a person did', () => {
    const error = make.diskMount('/data', { filesystemReadOnly: true });
    expect(marksOf(error)).toEqual(['read-only']);
    expect(marksOf(make.diskMount('/data', { filesystemReadOnly: true, readOnly: true }))).toEqual([]);
    // A remount leaves the bind mounts of the filesystem as they were.
    expect(marksOf(error, make.diskMount('/bind', { filesystemReadOnly: true, readOnly: true }))).toEqual([]);
  });

  test('say that a filesystem stopped after an error', () => {
    expect(marksOf(make.diskMount('/data', { stopped: true }))).toEqual(['stopped']);
  });

  test('say that it is frozen, by who waits to write there', () => {
    const volume = {
      mountPoint: '/data',
      root: '/',
      source: '/dev/vda',
      type: 'ext4',
      device: '254:0',
      readOnly: false,
    };
    const scene = [
      make.sampleAt(0, {
        processes: ok(make.processes([make.blocked(28_816, { volumes: [volume] }, { offCpuSeconds: 58 })]), 1),
        disks: ok(make.disks([make.disk('vda')], { topology: make.topology([], [make.diskMount('/mnt/vol')]) }), 1),
      }),
    ];
    expect(modelOf(scene).disks?.list[0]?.faults).toEqual([
      { kind: 'frozen', severe: true, text: '/mnt/vol blocks all writes: dd (28816) has waited for 58s' },
    ]);
  });

  test('say that a RAID misses a member', () => {
    const raid = make.blockDevice('md0', { device: '254:0', kind: 'md', level: 'raid1', missing: 1 });
    const scene = [
      make.sampleAt(0, { disks: ok(make.disks([make.disk('md0')], { topology: make.topology([raid], []) }), 1) }),
    ];
    expect(modelOf(scene).disks?.list[0]).toMatchObject({
      label: 'raid1',
      faults: [{ kind: 'degraded', severe: false, text: 'raid1 is degraded: a member is missing' }],
    });
  });
});

describe('on a kernel without pressure', () => {
  const cpu = (ioWait: number, total: number) => ({ ioWait, total });
  const look = (second: number, change: Partial<DisksValue>) =>
    make.sampleAt(second, {
      disks: ok(
        make.disks([make.disk('vda', { busyMs: 8000 + second * 900 })], { pressure: absent('4.19'), ...change }),
        1,
      ),
    });

  test('iowait, waiting tasks and the busiest device stand for it', () => {
    const { disks } = modelOf([look(0, { cpu: cpu(100, 1000) }), look(1, { cpu: cpu(150, 1200), procsBlocked: 3 })]);
    expect(disks?.substitute).toEqual({
      procsBlocked: 3,
      ioWaitPercent: 25,
      busiest: { name: 'vda', utilPercent: 90 },
    });
  });

  test('an iowait that shrinks is a gap', () => {
    const { disks } = modelOf([look(0, { cpu: cpu(100, 1000) }), look(1, { cpu: cpu(90, 1200) })]);
    expect(disks?.ioWaitSeries).toEqual([null, null]);
    expect(disks?.substitute?.ioWaitPercent).toBeNull();
  });
});

test('a node of Linux 4.19 with LVM and an NVMe disk shows what each device is for, and that the engine’s became read-only', () => {
  const [first, ...rest] = modelOf(captured('kernel-4.19')).disks?.list ?? [];
  expect(first).toMatchObject({
    name: 'nvme0n1',
    roots: [{ of: 'docker', path: '/var/lib/docker' }],
    partitions: ['nvme0n1p1'],
    faults: [{ kind: 'read-only', severe: true }],
  });
  const named = rest.map(({ name, label, mounts, roots, carries }) => {
    return { name, label, on: mounts.map(({ path }) => path), roots: roots.map(({ of }) => of), carries };
  });
  expect(named.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: 'dm-0', label: 'vg0-root', on: ['/'], roots: ['kubelet'], carries: ['loop1'] },
    { name: 'loop1', label: '/var/lib/snapd/snaps/core_4917.snap', on: ['/snap/core/4917'], roots: [], carries: [] },
    { name: 'sda', label: null, on: ['/boot'], roots: [], carries: ['dm-0'] },
  ]);
});
