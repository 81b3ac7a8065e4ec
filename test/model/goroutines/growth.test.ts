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

  test('groups are new, grown, the same, shrunk or gone, what has grown most first', () => {
    expect(growth.groups.map(({ change, before, after, delta }) => [change, before, after, delta])).toEqual([
      ['grown', 120, 1520, 1400],
      ['new', 0, 7, 7],
      ['same', 3, 3, 0],
      ['gone', 2, 0, -2],
      ['shrunk', 4, 1, -3],
    ]);
  });

  test('the rate is per minute', () => {
    expect(growth.groups[0]?.perMinute).toBe(350);
    expect(growth).toMatchObject({ delta: 1402, perMinute: 350.5, isUncertain: false });
    expect(compareDumps(previous, next, null).groups[0]?.perMinute).toBeNull();
    expect(compareDumps(previous, next, 0).perMinute).toBeNull();
  });

  test('patterns grow too', () => {
    expect(growth.patterns).toEqual([
      { id: 'stop-waits-for-exit', before: 120, after: 1520, delta: 1400, perMinute: 350 },
    ]);
    expect(compareDumps(next, report([]), null).patterns).toMatchObject([{ delta: -1520 }]);
  });

  test('the next report can carry the deltas', () => {
    expect(withDeltas(previous, next).groups.map(({ count, delta }) => [count, delta])).toEqual([
      [1520, 1400],
      [7, 7],
      [3, 0],
      [1, -3],
    ]);
  });

  test('the deltas of groups add up to the difference', () => {
    expect(growth.groups.reduce((sum, { delta }) => sum + delta, 0)).toBe(growth.delta);
  });

  test('it is uncertain when one of them is not whole', () => {
    expect(compareDumps(report([], { partial: true }), next, 1).isUncertain).toBe(true);
  });
});

describe('a group is recognized', () => {
  const changes = (before: Goroutine[], after: Goroutine[]) =>
    compareDumps(report(before), report(after), null).groups.map(({ change, delta }) => [change, delta]);

  test('by its lines where both dumps have them', () => {
    const here = some(5, stop);
    const there = atLine(99, some(2, stop));
    expect(
      changes(
        [here, there],
        [
          { ...here, count: 6 },
          { ...there, count: 9 },
        ],
      ),
    ).toEqual([
      ['grown', 7],
      ['grown', 1],
    ]);
  });

  test('without its lines in another build', () => {
    expect(changes([some(5, stop)], [atLine(99, some(8, stop))])).toEqual([['grown', 3]]);
  });

  test('under another import root', () => {
    const renamed = [daemon('Kill', moby), daemon('containerStop', moby)];
    expect(changes([some(5, stop)], [some(8, renamed)])).toEqual([['grown', 3]]);
  });

  test('in a form that has no creator and no frames of the runtime', () => {
    const stack = [`${docker}container.(*State).Wait.func1`];
    const full = some(5, ['runtime.gopark', ...stack], { createdBy: `${docker}container.(*State).Wait` });
    expect(changes([some(5, stack)], [full])).toEqual([['same', 0]]);
  });

  test('and not taken for one of other functions', () => {
    expect(changes([some(5, ['a.org/a.f()'])], [some(5, ['a.org/a.g()'])])).toEqual([
      ['new', 5],
      ['gone', -5],
    ]);
  });

  test('as the rest, and not as a goroutine without frames', () => {
    const many = Array.from({ length: 5 }, (_, index) => goroutine([`a.f${index}()`]));
    const empty = goroutine([], { count: 50 });
    const growth = compareDumps(report([empty, ...many], {}, 1), report([empty, ...many, ...many], {}, 1), null);
    expect(growth.groups.map(({ change, delta, group }) => [change, delta, group.isRest])).toEqual([
      ['grown', 5, true],
      ['same', 0, false],
    ]);
  });
});
