import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInfoGoroutines } from '../../src/parse/engine-info.ts';

test('the count is there whether the engine debugs or not', () => {
  expect(parseInfoGoroutines('{"ID":"X","Debug":false,"NFd":24,"NGoroutines":41,"NEventsListener":0}')).toBe(41);
});

test('an answer without it is an error, not a zero', () => {
  expect(() => parseInfoGoroutines('{"NGoroutines":"41"}')).toThrow('no NGoroutines in the answer to GET /info');
});

test('any text gives a number or an error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        expect(typeof parseInfoGoroutines(text)).toBe('number');
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 1000 },
  );
});
