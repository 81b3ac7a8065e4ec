import { describe, expect, test } from 'vitest';
import type { LogMatch } from '../../../src/parse/log/match.ts';
import { LogTallies } from '../../../src/parse/log/tallies.ts';

const start = Date.UTC(2026, 10, 21, 12);

const match = (change: Partial<LogMatch> = {}): LogMatch => ({
  at: start,
  unit: 'dockerd',
  isKnownUnit: false,
  sign: 'stop-force',
  also: [],
  container: 'web-1',
  pid: null,
  comm: null,
  seconds: null,
  device: null,
  about: null,
  text: 'x',
  times: 1,
  overMs: 0,
  ...change,
});

test('lines are counted by pattern and container, with the first and the last time', () => {
  const tallies = new LogTallies();
  for (const second of [5, 0, 9]) tallies.note(match({ at: start + second * 1000 }), 'journal');
  tallies.note(match({ container: null }), 'journal');
  expect(tallies.list()).toEqual([
    {
      sign: 'stop-force',
      container: 'web-1',
      count: 3,
      firstAt: start,
      lastAt: start + 9000,
      lastMinute: 3,
      lastHour: 3,
      origin: 'journal',
      example: 'x',
    },
    {
      sign: 'stop-force',
      container: null,
      count: 1,
      firstAt: start,
      lastAt: start,
      lastMinute: 1,
      lastHour: 1,
      origin: 'journal',
      example: 'x',
    },
  ]);
});

test('a row that stands for several counts as many, evenly over its time', () => {
  const tallies = new LogTallies();
  tallies.note(match({ times: 36, overMs: 149 * 60_000 }), 'journal');
  expect(tallies.list()[0]).toMatchObject({
    count: 36,
    firstAt: start - 149 * 60_000,
    lastAt: start,
    lastMinute: 1,
    lastHour: 14,
  });
  tallies.note(match({ container: null, times: 100_000, overMs: 1_200_000 }), 'journal');
  expect(tallies.list()[1]).toMatchObject({ count: 100_000, lastHour: 100_000 });
});

test('the last minute ends with the newest line of the log, whatever it says', () => {
  const tallies = new LogTallies();
  for (let second = 0; second < 200; second += 10) tallies.note(match({ at: start + second * 1000 }), 'journal');
  expect(tallies.list()[0]).toMatchObject({ count: 20, lastMinute: 6 });
  tallies.newest(start + 230_000, 'journal');
  expect(tallies.list()[0]?.lastMinute).toBe(2);
  tallies.newest(start + 3_600_000, 'another');
  expect(tallies.list()[0]?.lastMinute).toBe(2);
  tallies.newest(start + 3_600_000, 'journal');
  expect(tallies.list()[0]?.lastMinute).toBe(0);
});

test('a line that comes late counts where it belongs', () => {
  const tallies = new LogTallies();
  for (const second of [100, 55, 10, 100]) tallies.note(match({ at: start + second * 1000 }), 'journal');
  expect(tallies.list()[0]).toMatchObject({ count: 4, lastMinute: 3, lastHour: 4 });
});

test('one that says the same as before is the same object, so that it is not sent again', () => {
  const tallies = new LogTallies();
  for (const container of ['web-1', 'web-2']) tallies.note(match({ container }), 'journal');
  const before = tallies.list();
  tallies.note(match({ container: 'web-2', at: start + 30_000 }), 'journal');
  const [same, other] = tallies.list();
  expect(same).toBe(before[0]);
  expect(other).toMatchObject({ count: 2, lastMinute: 2 });
  tallies.newest(start + 70_000, 'journal');
  expect(tallies.list()).toMatchObject([{ lastMinute: 0 }, { lastMinute: 1 }]);
});

test('lines without a time are counted without a rate', () => {
  const tallies = new LogTallies();
  tallies.note(match({ at: null }), 'journal');
  expect(tallies.list()[0]).toMatchObject({ count: 1, firstAt: null, lastAt: null, lastMinute: 0 });
});

test('a line of two signs counts for both and is reported once', () => {
  const tallies = new LogTallies();
  tallies.note(match({ sign: 'removal-failed', also: ['device-busy'] }), 'journal');
  expect(tallies.list().map(({ sign }) => sign)).toEqual(['removal-failed', 'device-busy']);
  expect(tallies.takeLines().lines).toMatchObject([{ n: 0, sign: 'removal-failed', also: ['device-busy'] }]);
});

test('four hundred are kept, those seen last', () => {
  const tallies = new LogTallies();
  for (let n = 0; n < 400; n++) tallies.note(match({ container: `c${n}` }), 'journal');
  tallies.note(match({ container: 'c0' }), 'journal');
  tallies.note(match({ container: 'new' }), 'journal');
  const containers = tallies.list().map(({ container }) => container);
  expect(containers).toHaveLength(400);
  expect(containers).toContain('c0');
  expect(containers).not.toContain('c1');
  expect(containers.slice(-2)).toEqual(['c0', 'new']);
});

describe('the lines of a poll', () => {
  test('are reported once', () => {
    const tallies = new LogTallies();
    tallies.note(match(), 'journal');
    expect(tallies.takeLines()).toMatchObject({ lines: [{ n: 0, origin: 'journal' }], untold: 0 });
    expect(tallies.takeLines()).toEqual({ lines: [], untold: 0 });
  });

  test('are a hundred at most, 25 of one kind, the newest; the others are counted', () => {
    const tallies = new LogTallies();
    tallies.note(match({ sign: 'device-busy' }), 'journal');
    for (let n = 0; n < 1000; n++) tallies.note(match(), 'journal');
    const first = tallies.takeLines();
    expect(first.lines).toHaveLength(26);
    expect(first.lines[0]).toMatchObject({ n: 0, sign: 'device-busy' });
    expect(first.lines.at(-1)?.n).toBe(1000);
    expect(first.untold).toBe(1001 - 26);
    for (let n = 0; n < 1000; n++) tallies.note(match({ container: `c${n % 300}` }), 'journal');
    const second = tallies.takeLines();
    expect(second.lines).toHaveLength(100);
    expect(second.lines.at(-1)?.n).toBe(2000);
    expect(second.untold).toBe(900);
  });
});

test('what wrote the newest line is kept where a line says it, and never guessed', () => {
  const tallies = new LogTallies();
  tallies.note(match({ isKnownUnit: true }), 'journal');
  expect(tallies.list()).toMatchObject([{ unit: 'dockerd' }]);
  tallies.note(match(), 'journal');
  expect(tallies.list()[0]?.unit).toBeUndefined();
});
