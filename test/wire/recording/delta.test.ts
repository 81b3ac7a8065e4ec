import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, diff } from '../../../src/wire/recording/delta.ts';

const roundTrip = (before: unknown, after: unknown): unknown => {
  const stored = JSON.parse(JSON.stringify(before)) as unknown;
  return apply(stored, JSON.parse(JSON.stringify(diff(before, after))));
};

/** JSON, or what becomes JSON, with few enough names that two of them often have something in common. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -0, 1, 0.1, 1e300, 'a', 'b', ''),
    fc.double(),
    fc.integer(),
    fc.array(tie('any'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('id', 'count', 'x', 'y', '__proto__', '0', 'length'), tie('any'), { maxKeys: 4 }),
    fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), x: tie('any') }), { maxLength: 6 }),
  ),
})).any;

describe('what changed in a value', () => {
  test('makes the new value of the old, byte for byte', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(JSON.stringify(roundTrip(before, after))).toBe(JSON.stringify(after));
      }),
      { numRuns: 5000 },
    );
  });

  test('keeps making it over many steps', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        let stored = JSON.parse(JSON.stringify(values[0])) as unknown;
        values.reduce((before, after) => {
          stored = apply(stored, JSON.parse(JSON.stringify(diff(before, after))));
          expect(JSON.stringify(stored)).toBe(JSON.stringify(after));
          return after;
        });
      }),
      { numRuns: 500 },
    );
  });

  test('is nothing when nothing did', () => {
    const long = Array.from({ length: 500 }, (_, i) => ({ id: `c${i}`, state: 'running' }));
    expect(diff(long, structuredClone(long))).toEqual({});
  });

  test('is one item when one came, left or changed among many', () => {
    const long = Array.from({ length: 500 }, (_, i) => ({ id: `c${i}`, state: 'running' }));
    const changed = long.map((item, i) => (i === 250 ? { ...item, state: 'exited' } : item));
    for (const after of [changed, long.toSpliced(100, 1), long.toSpliced(7, 0, { id: 'new', state: 'created' })]) {
      expect(JSON.stringify(diff(long, after)).length).toBeLessThan(70);
      expect(roundTrip(long, after)).toEqual(after);
    }
  });

  test('follows items that changed places', () => {
    const sorted = ['a', 'b', 'c', 'd'].map((id) => ({ id, bytes: 10, text: 'x'.repeat(100) }));
    const after = sorted.toReversed().map((item) => ({ ...item, bytes: 12 }));
    expect(JSON.stringify(diff(sorted, after)).length).toBeLessThan(100);
    expect(roundTrip(sorted, after)).toEqual(after);
  });

  test('is the growth of a number where that is exact', () => {
    expect(diff({ bytes: 29_005_197_312 }, { bytes: 29_005_201_408 })).toEqual({ bytes: 4096 });
    expect(diff({ avg10: 0.99 }, { avg10: 0.81 })).toEqual({ avg10: -0.18 });
    expect(diff({ tookMs: 0.28915000000051805 }, { tookMs: 0.2755490000017744 })).toEqual({
      tookMs: [0.2755490000017744],
    });
  });
});

describe('a change from a damaged or hostile file', () => {
  test('is applied or refused, whatever it is', () => {
    fc.assert(
      fc.property(value, value, (before, change) => {
        try {
          apply(JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(change)));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          for (const crash of [TypeError, RangeError]) expect(error).not.toBeInstanceOf(crash);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('cannot multiply what is there', () => {
    expect(() => apply([1, 2], [[0, 2, 0, 2], {}])).toThrow('a move from nowhere');
    expect(() => apply([1, 2], [[0, 1e9], {}])).toThrow('a move from nowhere');
    expect(() => apply([1, 2], [['x'], {}])).toThrow('a move that is no number');
  });

  test('cannot reach a prototype, or members that are not there', () => {
    expect(() => apply({ a: 1 }, JSON.parse('{"__proto__":[{"polluted":1}]}'))).toThrow('not there');
    expect(() => apply([1], { length: [1e9] })).toThrow('not there');
    expect(() => apply({}, { toString: [1] })).toThrow('not there');
  });

  test('cannot be so deep that the stack overflows', () => {
    const deep = (depth: number, inner: string): string => '{"a":'.repeat(depth) + inner + '}'.repeat(depth);
    const value = JSON.parse(deep(5000, '1')) as unknown;
    expect(() => apply(value, JSON.parse(deep(5000, '[2]')))).toThrow('a change of unknown form');
    expect(JSON.stringify(diff(JSON.parse(deep(100, '1')), JSON.parse(deep(100, '2')))).length).toBeGreaterThan(100);
  });
});
