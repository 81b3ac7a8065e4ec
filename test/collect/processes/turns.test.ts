import { describe, expect, test } from 'vitest';
import { sleptForLong, Turns } from '../../../src/collect/processes/turns.ts';

const asleep = (pid: number, quietReads: number, isDaemon = false) => ({
  stat: { pid },
  isDaemon,
  quiet: quietReads > 0,
  quietReads,
});

interface Node {
  readonly ioWaiters?: number | null;
  readonly isBlocked?: boolean;
  readonly apartMs?: number;
}

/** At how many of 24 ticks it is read. */
function readsOf(entry: ReturnType<typeof asleep>, { ioWaiters = 0, isBlocked = false, apartMs = 1000 }: Node): number {
  const turns = new Turns(() => ioWaiters);
  let reads = 0;
  for (let tick = 0; tick < 24; tick++) {
    turns.begin(tick * apartMs, isBlocked);
    if (turns.includes(entry)) reads++;
    turns.end(0);
  }
  return reads;
}

describe('a process', () => {
  test('that runs, or is new, is read at each tick', () => {
    expect(readsOf(asleep(7, 0), {})).toBe(24);
    const turns = new Turns(() => 0);
    turns.begin(0, false);
    expect(turns.includes(undefined)).toBe(true);
  });

  test('is read at each tick until it was quiet in ten readings, then at every third, then every six seconds', () => {
    expect([9, 10, 29, 30].map((quietReads) => readsOf(asleep(7, quietReads), {}))).toEqual([24, 8, 8, 4]);
    expect([9, 10].map((quietReads) => sleptForLong({ quietReads }))).toEqual([false, true]);
  });

  test('that others depend on is read at each tick, however long it sleeps', () => {
    expect(readsOf(asleep(7, 1000, true), {})).toBe(24);
  });

  test.each<[string, Node]>([
    ['waits for I/O', { ioWaiters: 1 }],
    ['is known to be blocked', { isBlocked: true }],
  ])('that rested for long is read at every third tick while a task %s', (_, node) => {
    expect(readsOf(asleep(7, 1000), node)).toBe(8);
  });

  test('that rested for long is read at every third tick where it is unknown whether a task waits for I/O', () => {
    expect(readsOf(asleep(7, 1000), { ioWaiters: null })).toBe(8);
  });

  test.each([
    [250, 1],
    [500, 2],
    [2000, 8],
    [60_000, 8],
  ])(
    'that rested for long is read as often by the clock, and at every third tick at least: %d ms apart',
    (apartMs, reads) => {
      expect(readsOf(asleep(7, 1000), { apartMs })).toBe(reads);
    },
  );

  test('that rests has its turn within the time, and not all have it at the same tick', () => {
    const turns = new Turns(() => 0);
    turns.begin(-1000, false);
    const entries = Array.from({ length: 60 }, (_, pid) => asleep(pid, 1000));
    const read = Array.from({ length: 6 }, (_, tick) => {
      turns.begin(tick * 1000, false);
      return entries.filter((entry) => turns.includes(entry));
    });
    expect(read.map((some) => some.length)).toEqual([10, 10, 10, 10, 10, 10]);
    expect(new Set(read.flat()).size).toBe(60);
  });
});

test('the threads of a process are read less often only while it rests and nothing is blocked', () => {
  const turns = new Turns(() => 0);
  turns.begin(-1000, false);
  turns.begin(0, false);
  expect([29, 30].map((quietReads) => turns.rests(asleep(7, quietReads)))).toEqual([false, true]);
  turns.begin(1000, true);
  expect(turns.rests(asleep(7, 30))).toBe(false);
});

test('quiet processes take turns at once where reading them all takes long', () => {
  const turns = new Turns(() => 0);
  const read = (entries: readonly ReturnType<typeof asleep>[], tookMs: number): number => {
    turns.begin(0, false);
    const reads = entries.filter((entry) => turns.includes(entry)).length;
    turns.end(tookMs);
    return reads;
  };
  const entries = Array.from({ length: 60 }, (_, pid) => asleep(pid, 1));
  expect([read(entries, 15), read(entries, 30), read(entries, 60)]).toEqual([60, 30, 20]);
});
