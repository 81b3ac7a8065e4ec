import { describe, expect, test } from 'vitest';
import type { DiskCounters, DisksValue } from '../../src/sample/disks.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

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
    });
    expect(rates).toEqual({
      utilPercent: 75,
      readsPerSec: 50,
      writesPerSec: 150,
      readBytesPerSec: 1024 * 1024,
      writeBytesPerSec: 2 * 1024 * 1024,
      awaitMs: 2,
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

  test('are not told when a counter went backwards', () => {
    expect(ratesAfter({ writes: 3 })).toBeNull();
    expect(modelOf([make.sampleAt(0, { disks: ok(make.disks([first]), 1) })]).disks?.list[0]?.rates).toBeNull();
  });

  test('are not told across a gap', () => {
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
  const total = (micros: number) => ok({ some: { avg10: 0, avg60: 0, avg300: 0, totalMicros: micros }, full: null }, 1);

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
