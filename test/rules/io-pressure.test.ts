import { describe, expect, test } from 'vitest';
import { DisksCollector } from '../../src/collect/disks/disks.ts';
import { parseUptime } from '../../src/parse/proc/uptime.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { ioPressure } from '../../src/rules/io-pressure.ts';
import type { DiskCounters, DisksValue } from '../../src/sample/disks.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { capturedWorld } from '../support/world.ts';

const judge = (scene: scenes.Scene): readonly Finding[] => run([ioPressure], scenes.modelOf(scene)).findings;

/** Two looks a second apart at a captured node, as `check` takes them. */
const captured = (name: string): readonly Finding[] => {
  const world = capturedWorld(name);
  const at = parseUptime(world.readText(world.proc('uptime')));
  const look = (seconds: number) => make.sampleAt(at + seconds, { disks: ok(new DisksCollector(world).collect(), 1) });
  return judge([look(0), look(1)]);
};

interface Level {
  readonly some: number;
  readonly some60?: number;
  readonly full?: number;
  readonly full60?: number;
  /** By the totals, percent. */
  readonly own?: number;
  readonly ownFull?: number;
}

const pressureAt = (
  second: number,
  { some, some60 = some, full = 0, full60 = full, own = some, ownFull = full }: Level,
) =>
  ok(
    {
      some: { avg10: some, avg60: some60, totalMicros: second * own * 1e4 },
      full: { avg10: full, avg60: full60, totalMicros: second * ownFull * 1e4 },
    },
    1,
  );

/** Some seconds of a node at one level. */
const under = (level: Level, seconds = 1, change: Partial<DisksValue> = {}): scenes.Scene =>
  scenes.over(seconds, (second) => ({
    disks: ok(make.disks([make.disk('vda')], { pressure: pressureAt(second, level), ...change }), 1),
  }));
const severities = (level: Level, seconds = 1): string[] =>
  judge(under(level, seconds)).map(({ severity }) => severity);

describe('I/O pressure of captured nodes', () => {
  test('is reported while writers sync all the time, and not before or after', () => {
    expect(captured('io-pressure/t0')).toEqual([]);
    expect(captured('io-pressure/t1')).toMatchObject([
      {
        severity: 'warning',
        confidence: 'certain',
        title: expect.stringMatching(/^I\/O pressure: some 42%, full \d+% of the time$/),
      },
    ]);
    expect(captured('io-pressure/t2')).toEqual([]);
  });

  test('is critical where a filesystem hangs below containerd, with the device that holds the requests', () => {
    const [first] = captured('disk-hang/t2');
    expect(first).toMatchObject({ severity: 'critical', subjects: { devices: ['/dev/loop1'] }, ruledOut: [] });
    expect(first?.title).toContain('I/O pressure on loop1');
    expect(first?.remedies[0]?.command).toContain('dmesg');
  });

  test('is not reported where processes wait for a frozen filesystem: the kernel does not count them', () => {
    expect(captured('stop-leak')).toEqual([]);
  });
});

describe('a moment of pressure', () => {
  test('counts in a short look when the minute was as bad', () => {
    expect(severities({ some: 20 })).toEqual(['warning']);
    expect(severities({ some: 60 })).toEqual(['critical']);
    expect(severities({ some: 12, full: 10 })).toEqual(['warning']);
    expect(severities({ some: 45, full: 40 })).toEqual(['critical']);
  });

  test('is a burst when the minute was not, or when it is just below', () => {
    expect(severities({ some: 95, some60: 19 })).toEqual([]);
    expect(severities({ some: 19.9, some60: 80 })).toEqual([]);
    expect(severities({ some: 15, full: 9.9 })).toEqual([]);
    expect(severities({ some: 70, some60: 59 })).toEqual(['warning']);
  });

  test('counts after ten seconds by the counters, whatever the minute was', () => {
    expect(severities({ some: 41, some60: 3 }, 9)).toEqual([]);
    expect(severities({ some: 41, some60: 3 }, 10)).toEqual(['warning']);
    expect(severities({ some: 41, some60: 41, own: 12 }, 10)).toEqual([]);
    expect(severities({ some: 15, full: 60, full60: 0 }, 12)).toEqual(['critical']);
  });

  test('that a gap in the readings hides counts from there on', () => {
    const hidden = [
      ...under({ some: 41, some60: 3 }, 9),
      make.sampleAt(9.5, { disks: failed('/proc/diskstats: EIO') }),
    ];
    const after = make.sampleAt(10, {
      disks: ok(make.disks([], { pressure: pressureAt(10, { some: 41, some60: 3 }) }), 1),
    });
    expect(judge([...hidden, after])).toEqual([]);
  });
});

describe('the finding', () => {
  // One fault of the two of this scene: the other device does not hang.
  const moving = scenes.slowDisk.map((sample) => {
    const { disks } = sample.readings;
    if (disks?.status !== 'ok') return sample;
    const list = disks.value.disks.map((disk) => (disk.name === 'dm-0' ? { ...disk, inFlight: 0 } : disk));
    return { ...sample, readings: { ...sample.readings, disks: ok({ ...disks.value, disks: list }, 1) } };
  });
  const [first] = judge(moving);

  test('names the device with its figures, who writes, who waits, and how long still', () => {
    expect(first).toMatchObject({
      id: 'io-pressure',
      severity: 'critical',
      subjects: { devices: ['/dev/vda', '/dev/vda1'] },
    });
    const texts = (first?.evidence ?? []).map(({ text }) => text);
    expect(texts[0]).toMatch(/^some 62% .* by its counters 61% over the last 10s$/);
    expect(texts).toContain('vda: 212ms a request, queue 38, busy 100%, 78 MiB/s');
    expect(texts).toContain('postgres (pid 30112) of web-1 writes 40 MiB/s, reads 781 KiB/s');
    expect(texts).toContain('web-1 waits 55% of its time, writes 40 MiB/s');
    expect(texts.join('\n')).toContain(
      'containerd-shim (pid 23743, umount) waits for 996 MiB of dirty memory: about 13s left',
    );
    expect(texts).toContain('images are being unpacked: unpigz (pid 30200)');
  });

  test('says that the runtime’s data is on that disk', () => {
    expect(first?.title).toMatch(/^I\/O pressure on vda, which holds \/var\/lib\/docker/);
  });

  test('slows the writer down by its own group, and lets images be pulled one by one', () => {
    expect(first?.remedies.map(({ command }) => command)).toEqual([
      `echo '254:0 wbps=20000000' > /sys/fs/cgroup/docker/${make.idOf('a1')}/io.max`,
      'sysctl -w vm.dirty_background_bytes=67108864 vm.dirty_bytes=268435456',
      null,
      'systemctl reload docker',
      null,
    ]);
  });
});

test('a device that ends nothing comes before one that is slow, and is no writer’s fault', () => {
  const [first] = judge(scenes.slowDisk);
  expect(first?.title).toBe('I/O pressure: dm-0 (vg0-data) completes none of its 2 requests');
  // A device keeps its name at the beginning of a sentence.
  expect(first?.summary).not.toMatch(/Dm-0/);
  expect(first?.remedies.map(({ text }) => text).join(' ')).toContain('built on nvme0n1');
});

describe('without pressure stall information', () => {
  const slow = (second: number, ms: number, queue: number): Partial<DiskCounters> => ({
    writes: 5000 + second * 100,
    writeMs: 9000 + second * 100 * ms,
    weightedMs: 12_000 + second * 1000 * queue,
  });
  const old = (seconds: number, ms: number, queue: number): scenes.Scene =>
    scenes.over(seconds, (second) => ({
      disks: ok(
        make.disks([make.disk('sda', slow(second, ms, queue))], { pressure: absent('this kernel has no PSI') }),
        1,
      ),
    }));

  test('a device that is slow and full for ten seconds is a possible cause', () => {
    expect(judge(old(10, 101, 11))).toMatchObject([
      {
        severity: 'warning',
        confidence: 'possible',
        title: 'A disk is slow: sda',
        subjects: { devices: ['/dev/sda'] },
      },
    ]);
  });

  test('a device that is only slow, only full, or not for long, is not reported', () => {
    expect(judge(old(10, 101, 10))).toEqual([]);
    expect(judge(old(10, 99, 30))).toEqual([]);
    expect(judge(old(9, 300, 30))).toEqual([]);
  });

  test('nothing is judged where the disks cannot be read', () => {
    const { findings, unknown } = run([ioPressure], scenes.modelOf(scenes.broken));
    expect(findings).toEqual([]);
    expect(unknown).toMatchObject([{ id: 'io-pressure', matters: true }]);
  });
});
