import { describe, expect, test } from 'vitest';
import { compareDumps, withDeltas } from '../../../src/model/goroutines/growth.ts';
import type { Goroutine } from '../../../src/sample/goroutines.ts';
import { daemon, docker, goroutine, moby, report } from './goroutine.ts';

const stop = [daemon('Kill'), daemon('containerStop')];
const some = (count: number, stack: readonly string[], change: Partial<Goroutine> = {}) =>
  goroutine(stack, { count, ...change });
const atLine = (line: number, each: Goroutine): Goroutine => ({
  ...each,
  frames: each.frames.map((frame) => ({ ...frame, line })),
});

describe('between two dumps', () => {
  const previous = report([
    some(120, stop),
    some(4, ['a.org/shrinks.f()']),
    some(2, ['a.org/ends.f()']),
    some(3, ['a.org/stays.f()']),
  ]);
  const next = report([
    some(1520, stop),
    some(1, ['a.org/shrinks.f()']),
    some(7, ['a.org/starts.f()']),
    some(3, ['a.org/stays.f()']),
  ]);
  const growth = compareDumps(previous, next, 4);

  test('the rate is per minute', () => {
    expect(growth).toMatchObject({ delta: 1402, perMinute: 350.5, isUncertain: false });
    expect(compareDumps(previous, next, null).perMinute).toBeNull();
    expect(compareDumps(previous, next, 0).perMinute).toBeNull();
  });

  test('patterns grow too', () => {
    expect(growth.patterns).toEqual([{ id: 'stop-waits-for-exit', delta: 1400, perMinute: 350 }]);
  });

  test('a group of the next report has what it grew or shrank by; a new one is all growth', () => {
    expect(withDeltas(previous, next).groups.map(({ count, delta }) => [count, delta])).toEqual([
      [1520, 1400],
      [7, 7],
      [3, 0],
      [1, -3],
    ]);
  });

  test('it is uncertain when one of them is not whole', () => {
    expect(compareDumps(report([], { partial: true }), next, 1).isUncertain).toBe(true);
  });
});

describe('a group is recognized', () => {
  const deltas = (before: Goroutine[], after: Goroutine[]) =>
    withDeltas(report(before), report(after)).groups.map(({ delta }) => delta);

  test('by its lines where both dumps have them', () => {
    const here = some(5, stop);
    const there = atLine(99, some(2, stop));
    expect(
      deltas(
        [here, there],
        [
          { ...here, count: 6 },
          { ...there, count: 9 },
        ],
      ),
    ).toEqual([7, 1]);
  });

  test('without its lines in another build', () => {
    expect(deltas([some(5, stop)], [atLine(99, some(8, stop))])).toEqual([3]);
  });

  test('under another import root', () => {
    const renamed = [daemon('Kill', moby), daemon('containerStop', moby)];
    expect(deltas([some(5, stop)], [some(8, renamed)])).toEqual([3]);
  });

  test('in a form that has no creator and no frames of the runtime', () => {
    const stack = [`${docker}container.(*State).Wait.func1`];
    const full = some(5, ['runtime.gopark', ...stack], { createdBy: `${docker}container.(*State).Wait` });
    expect(deltas([some(5, stack)], [full])).toEqual([0]);
  });

  test('and not taken for one of other functions', () => {
    expect(deltas([some(5, ['a.org/a.f()'])], [some(5, ['a.org/a.g()'])])).toEqual([5]);
  });

  test('as the rest, and not as a goroutine without frames', () => {
    const many = Array.from({ length: 5 }, (_, index) => goroutine([`a.f${index}()`]));
    const empty = goroutine([], { count: 50 });
    const { groups } = withDeltas(report([empty, ...many], {}, 1), report([empty, ...many, ...many], {}, 1));
    expect(groups.map(({ delta, isRest }) => [delta, isRest])).toEqual([
      [0, false],
      [5, true],
    ]);
  });
});
