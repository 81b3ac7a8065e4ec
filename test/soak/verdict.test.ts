import { expect, test } from 'vitest';
import type { Figures, Look } from './figures.ts';
import { cpuShares, failuresOf, hourFailure, rowsOf, tableOf } from './verdict.ts';

const mebibyte = 2 ** 20;
const flat: Figures = {
  pid: 7,
  pssBytes: 100 * mebibyte,
  mallocBytes: 10 * mebibyte,
  pagesBytes: 40 * mebibyte,
  heapBytes: 30 * mebibyte,
  bufferBytes: mebibyte,
  fds: 27,
  threads: 7,
  timers: 2,
  cpuSeconds: 0,
};

/** Three hours of looks, a minute apart; `grown` is 0 at the end of the warm-up and 1 at the end. */
function looksOf(screenOf: (grown: number) => Partial<Figures>, children = (_: number) => 1): Look[] {
  return Array.from({ length: 180 }, (_, minute) => {
    const grown = Math.max(0, (minute - 60) / 120);
    return {
      seconds: minute * 60,
      keyMs: 20,
      children: children(grown),
      screen: { ...flat, cpuSeconds: minute * 3, ...screenOf(grown) },
      sampler: minute === 100 ? null : flat,
    };
  });
}

test('a run in which nothing grows is kept, whatever happened in the warm-up', () => {
  const looks = looksOf((grown) => (grown === 0 ? { pssBytes: mebibyte, fds: 2 } : {}));
  expect(failuresOf(rowsOf(looks))).toEqual([]);
});

test('more than three per cent of memory, or more than two descriptors or children, is growth', () => {
  expect(failuresOf(rowsOf(looksOf((grown) => ({ heapBytes: (30 + 3 * grown) * mebibyte }))))).toEqual([
    expect.stringContaining('screen: heap grew: 30.5 to 32.5 MiB'),
  ]);
  expect(failuresOf(rowsOf(looksOf((grown) => ({ fds: 27 + Math.round(6 * grown) }))))).toEqual([
    expect.stringContaining('screen: descriptors grew'),
  ]);
  expect(
    failuresOf(
      rowsOf(
        looksOf(
          () => ({}),
          (grown) => 1 + Math.round(6 * grown),
        ),
      ),
    ),
  ).toEqual([expect.stringContaining('children grew')]);
});

test('in a run of less than two hours the memory of the screen may grow by what its past may still gain', () => {
  const growing = looksOf((grown) => ({ heapBytes: (30 + 20 * grown) * mebibyte }));
  expect(failuresOf(rowsOf(growing))).toEqual([expect.stringContaining('screen: heap grew')]);
  // From the 25th minute on; the middle of the first third is the 33rd.
  const short = growing.slice(60, 135).map((look, minute) => ({ ...look, seconds: minute * 60 }));
  expect(rowsOf(short).find(({ name }) => name === 'screen: heap')).toMatchObject({
    first: expect.closeTo(35.5, 0),
    last: expect.closeTo(41, 0),
    limit: expect.closeTo(51, 0),
  });
});

test('CPU is told of two looks at the same process', () => {
  const looks = looksOf(() => ({})).slice(0, 4);
  expect(cpuShares(looks, ({ screen }) => screen)).toEqual([5, 5, 5]);
  const restarted = looks.map((look, index) => ({ ...look, screen: { ...look.screen, pid: index } }));
  expect(cpuShares(restarted, ({ screen }) => screen)).toEqual([]);
});

test('the table has a line for each figure', () => {
  expect(tableOf(rowsOf(looksOf(() => ({})))).split('\n')).toContain(
    'screen: PSS           MiB                100.0       100.0  103.0  100.0',
  );
});

test('a compressed day is kept when the heap of its last hours is that of its first, after two', () => {
  const day = (growth: number) =>
    Array.from({ length: 24 }, (_, hour) => ({
      heapBytes: (hour < 2 ? 5 : 40 + growth * hour) * mebibyte,
      bufferBytes: 0,
    }));
  expect(hourFailure(day(0))).toBeNull();
  expect(hourFailure(day(0.2))).toBe('the heap grew: 41.0 to 44.0 MiB');
});
