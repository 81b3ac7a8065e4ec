import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GoroutineGroups } from '../../../src/model/goroutines/groups.ts';
import type { Goroutine } from '../../../src/sample/goroutines.ts';
import { goroutine } from './goroutine.ts';

function group(goroutines: readonly Goroutine[], maxStacks?: number) {
  const groups = new GoroutineGroups(maxStacks);
  for (const each of goroutines) groups.add(each);
  return groups.finish();
}

describe('goroutines', () => {
  test('with the same stack are one group, whatever their arguments and states', () => {
    const groups = group([
      goroutine(['a.Wait(0x1)', 'a.Run(0x2?)']),
      goroutine(['a.Wait(0x9)', 'a.Run(...)'], { state: 'running' }),
      goroutine(['a.Wait(0x9)', 'a.Run(...)'], { state: 'running' }),
    ]);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      count: 3,
      states: [
        { state: 'running', count: 2 },
        { state: 'chan receive', count: 1 },
      ],
      frames: [
        { func: 'a.Wait', file: 'a.Wait.go', line: 10 },
        { func: 'a.Run', file: 'a.Run.go', line: 11 },
      ],
    });
  });

  test('at another line, of another creator, or with frames left out are another group', () => {
    const here = goroutine(['a.Wait()']);
    const there = { ...here, frames: here.frames.map((frame) => ({ ...frame, line: 99 })) };
    expect(group([here, there, { ...here, createdBy: 'a.Start' }, { ...here, elided: true }])).toHaveLength(4);
  });

  test('that the form has folded count as many as they are', () => {
    expect(group([goroutine(['a.Wait()'], { count: 1500 }), goroutine(['a.Wait()'])])[0]?.count).toBe(1501);
  });

  test('locked to a thread are counted', () => {
    expect(group([goroutine(['a.b()'], { lockedToThread: true }), goroutine(['a.b()'])])[0]?.lockedToThread).toBe(1);
  });

  test('come with the largest group first, equal ones by name', () => {
    const groups = group([
      goroutine(['a.org/z.z()']),
      goroutine(['a.org/b.b()']),
      goroutine(['a.org/c.c()'], { count: 2 }),
    ]);
    expect(groups.map(({ frames }) => frames[0]?.func)).toEqual(['a.org/c.c', 'a.org/b.b', 'a.org/z.z']);
  });

  test('without a state have none', () => {
    expect(group([goroutine(['a.b()'], { state: null })])[0]?.states).toEqual([]);
  });

  test('beyond the stacks that are kept are counted together, and that is said', () => {
    const many = Array.from({ length: 10 }, (_, index) => goroutine([`a.f${index}()`]));
    const groups = group(many, 3);
    expect(groups).toHaveLength(4);
    expect(groups[0]).toMatchObject({ count: 7, isRest: true, frames: [] });
    expect(groups.slice(1).every(({ isRest }) => !isRest)).toBe(true);
  });
});

describe('the waits of a group', () => {
  const waitsOf = (...minutes: (number | null)[]) =>
    group(minutes.map((waitMinutes) => goroutine(['a.b()'], { waitMinutes })))[0]?.waitMinutes;

  test('are the shortest, the middle and the longest', () => {
    expect(waitsOf(2, 9, 4)).toEqual({ min: 2, median: 4, max: 9 });
    expect(waitsOf(2, 9, 4, 5)).toEqual({ min: 2, median: 4.5, max: 9 });
  });

  test('are zero for those that have not waited a minute, when others have', () => {
    expect(waitsOf(null, null, 7)).toEqual({ min: 0, median: 0, max: 7 });
  });

  test('are not reported when no source gives them', () => {
    expect(waitsOf(null, null)).toBeNull();
  });

  test('of weeks are known to four digits, their ends exactly', () => {
    expect(waitsOf(54_321, 54_329, 1_234_567)).toEqual({ min: 54_321, median: 54_320, max: 1_234_567 });
  });

  test('have the median that sorting gives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9999), { minLength: 1, maxLength: 60 }), (minutes) => {
        const sorted = minutes.toSorted((a, b) => a - b);
        const middle = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
        expect(waitsOf(...minutes)).toEqual({
          min: sorted[0],
          median: ((middle[0] ?? 0) + (middle[1] ?? 0)) / 2,
          max: sorted.at(-1),
        });
      }),
    );
  });
});
