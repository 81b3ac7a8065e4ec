import { describe, expect, test } from 'vitest';
import { DisksCollector } from '../../../src/collect/disks/disks.ts';
import { ProcessesCollector } from '../../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { pressurePattern } from '../../../src/model/disks/pressure.ts';
import { parseUptime } from '../../../src/parse/proc/uptime.ts';
import type { DiskCounters, DisksValue } from '../../../src/sample/disks.ts';
import type { ProcessValue } from '../../../src/sample/processes.ts';
import { absent, ok } from '../../../src/sample/reading.ts';
import type { Readings } from '../../../src/sample/sample.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';
import { capturedWorld } from '../../support/world.ts';

const disksOf = (name: string): { at: number; readings: Readings } => {
  const world = capturedWorld(name);
  return {
    at: parseUptime(world.readText(world.proc('uptime'))),
    readings: { disks: ok(new DisksCollector(world).collect(), 1) },
  };
};
const captured = (...names: string[]) =>
  pressurePattern(modelOf(names.map(disksOf).map(({ at, readings }) => make.sampleAt(at, readings))));

const some = (avg10: number): Partial<DisksValue> => ({
  pressure: ok({ some: { avg10, avg60: 0, totalMicros: 0 }, full: null }, 1),
});

/** A node after a second, with such disks and processes. */
function patternOf(
  change: Partial<DisksValue>,
  list: ProcessValue[] = [],
  grown: Partial<DiskCounters> = {},
  from: Partial<DiskCounters> = {},
) {
  const before = make.disk('vda', from);
  const look = (disk: DiskCounters): Readings => ({
    disks: ok(make.disks([disk], change), 1),
    processes: ok(make.processes(list), 1),
  });
  return pressurePattern(modelOf([make.sampleAt(0, look(before)), make.sampleAt(1, look({ ...before, ...grown }))]));
}

const fsync = make.blocked(
  7,
  {},
  { wchan: 'folio_wait_bit', stack: ['folio_wait_bit', 'ext4_sync_file'], offCpuSeconds: 3 },
);
const frozen = make.blocked(8, {}, { offCpuSeconds: 58 });
const nfs = make.blocked(
  9,
  {},
  { wchan: 'rpc_wait_bit_killable', stack: ['rpc_wait_bit_killable', 'nfs4_run'], offCpuSeconds: 90 },
);

describe('a disk that completes nothing for a moment', () => {
  test('is reported neither as one that moves nor as one that hangs', () => {
    const { text } = patternOf(some(70), [fsync], {}, { inFlight: 49 });
    expect(text).toContain('vda has completed none of its 49 requests for 1s');
    expect(text).not.toMatch(/it moves|nothing hangs/);
    expect(patternOf(some(70), [fsync], { writes: 5900 }, { inFlight: 49 }).text).toContain(
      'a slow disk, but it moves',
    );
  });
});

test('the short text fits a narrow pane: it has the cause and the count, without the pressure', () => {
  expect(patternOf(some(41), [frozen]).short).toBe('a frozen filesystem: 1 process in D for 58s');
  expect(patternOf(some(70), [fsync], { writes: 5900 }, { inFlight: 49 }).short).toMatch(/^a slow disk: /);
});

describe('a captured node', () => {
  test('with writers that sync all the time is busy, and nothing hangs', () => {
    expect(captured('io-pressure/t0', 'io-pressure/t1')).toMatchObject({
      kind: 'busy',
      text: expect.stringContaining('I/O pressure some 42%'),
    });
  });

  test('before and after is calm', () => {
    expect(captured('io-pressure/t0').kind).toBe('calm');
    expect(captured('io-pressure/t1', 'io-pressure/t2').kind).toBe('calm');
  });

  test('whose filesystem hangs below another one is stuck, although its pressure is 98 percent', () => {
    expect(captured('disk-hang/t1', 'disk-hang/t2')).toMatchObject({
      kind: 'stuck',
      devices: ['loop1'],
      text: expect.stringMatching(/^device loop1 has 52 requests in flight and has completed none for 2m 3s/),
    });
  });

  test('whose writers wait for a frozen filesystem is stuck, although its pressure is nothing', () => {
    const world = capturedWorld('stop-leak');
    const processes = () => ok(new ProcessesCollector(world, new ProcessTable(world, () => 0), '6.18').collect(), 1);
    const look = (second: number) =>
      make.sampleAt(second, { ...disksOf('stop-leak').readings, processes: processes() });
    expect(pressurePattern(modelOf([look(0), look(30)]))).toMatchObject({
      kind: 'stuck',
      pids: [28815, 28816],
      text: expect.stringMatching(
        /^a frozen filesystem, no slow disk: 2 processes in D for up to \d+s, I\/O pressure some 0\.1%, full [\d.]+%$/,
      ),
    });
  });
});

describe('the pattern', () => {
  test.each<[string, ReturnType<typeof patternOf>['kind'], ReturnType<typeof patternOf>]>([
    ['pressure and tasks in D for a disk', 'slow', patternOf(some(45), [fsync])],
    ['pressure and a disk that takes long', 'slow', patternOf(some(45), [], { writes: 5010, writeMs: 11_000 })],
    ['pressure alone', 'busy', patternOf(some(45))],
    ['a busy disk without pressure', 'busy', patternOf(some(2), [], { busyMs: 8990 })],
    ['a frozen filesystem', 'stuck', patternOf(some(0.1), [frozen])],
    ['a frozen filesystem beside a busy disk', 'stuck', patternOf(some(45), [frozen])],
    ['a file server that does not answer', 'stuck', patternOf(some(0), [nfs])],
    ['a task in D for a moment', 'calm', patternOf(some(0), [fsync])],
    [
      'a parent that waits for its vfork',
      'calm',
      patternOf(some(0), [make.blocked(5, {}, { wchan: 'kernel_clone', stack: ['kernel_clone'] })]),
    ],
    ['nothing', 'calm', patternOf(some(0))],
  ])('of %s is %s', (_, kind, pattern) => {
    expect(pattern.kind).toBe(kind);
  });

  test('does not call a disk well that is busy beside a frozen filesystem', () => {
    expect(patternOf(some(45), [frozen]).text).toMatch(/^a frozen filesystem, and not only a busy disk: 1 process/);
  });

  test('names the file server for what it is', () => {
    expect(patternOf(some(0), [nfs]).text).toContain('a file server or a FUSE daemon that does not answer');
  });

  test('of a kernel without pressure goes by iowait', () => {
    const look = (second: number, ioWait: number) =>
      make.sampleAt(second, {
        processes: ok(make.processes([fsync]), 1),
        disks: ok(make.disks([], { pressure: absent('4.19'), cpu: { ioWait, total: 1000 + second * 200 } }), 1),
      });
    expect(pressurePattern(modelOf([look(0, 0), look(1, 60)]))).toMatchObject({
      kind: 'slow',
      text: 'iowait 30%, 1 process waits for a disk in D: a slow disk, but it moves',
    });
  });

  test('of disks that were never read is not known', () => {
    expect(pressurePattern(modelOf([]))).toMatchObject({ kind: 'unknown', text: 'the disks were not read' });
  });
});
