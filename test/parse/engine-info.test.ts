import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInfoGoroutines } from '../../src/parse/engine-info.ts';
import { expectNoHang, expectToBear } from './any-text.ts';

const info =
  '{"ID":"7TRN","Containers":6,"Debug":false,"NFd":54,"OomKillDisable":true,"NGoroutines":59,"NEventsListener":1}';

test('the engine tells how many goroutines it has', () => {
  expect(parseInfoGoroutines(info)).toBe(59);
});

test.each(['{}', '[]', '7', '"x"', 'null', '{"NGoroutines":"59"}', '{"NGoroutines":null}'])(
  'an answer that is %s is refused, and says what is missing',
  (json) => {
    expect(() => parseInfoGoroutines(json)).toThrow('no NGoroutines in the answer to GET /info');
  },
);

test('an answer that is not JSON is refused', () => {
  expect(() => parseInfoGoroutines('page not found')).toThrow(SyntaxError);
});

test('any JSON gives a number or an error', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (NGoroutines) => {
      const json = JSON.stringify({ NGoroutines });
      if (typeof NGoroutines === 'number') expect(parseInfoGoroutines(json)).toBe(JSON.parse(json).NGoroutines);
      else expect(() => parseInfoGoroutines(json)).toThrow('no NGoroutines');
    }),
    { numRuns: 300 },
  );
});

test('any text gives a number or an error', () => expectToBear(parseInfoGoroutines, [info]));

test('no text takes long', () => expectNoHang(parseInfoGoroutines, [info, '[', '"']));
