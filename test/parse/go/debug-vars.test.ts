import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDebugVars } from '../../../src/parse/go/debug-vars.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const memstats = {
  Alloc: 9_437_184,
  TotalAlloc: 812_345_678,
  Sys: 75_892_744,
  HeapAlloc: 9_437_184,
  HeapSys: 66_748_416,
  HeapInuse: 13_631_488,
  NextGC: 14_000_000,
  PauseNs: [31_000, 0, 0],
  NumGC: 117,
  GCCPUFraction: 0.00012,
  EnableGC: true,
  BySize: [{ Size: 8, Mallocs: 12, Frees: 3 }],
};
const vars = JSON.stringify({ cmdline: ['/usr/bin/dockerd', '-H', 'fd://'], memstats });

test('the heap figures are reported', () => {
  expect(parseDebugVars(vars)).toEqual({
    allocBytes: 9_437_184,
    inuseBytes: 13_631_488,
  });
});

test.each([
  ['no memstats', '{"cmdline":["x"]}', 'no memstats.HeapAlloc'],
  ['null', 'null', 'no memstats.HeapAlloc'],
  ['a figure missing', JSON.stringify({ memstats: { ...memstats, HeapInuse: undefined } }), 'no memstats.HeapInuse'],
  ['a word for a figure', JSON.stringify({ memstats: { ...memstats, HeapAlloc: 'much' } }), 'no memstats.HeapAlloc'],
  ['a list', '[]', 'no memstats.HeapAlloc'],
])('an answer with %s is refused by name', (_, json, message) => {
  expect(() => parseDebugVars(json)).toThrow(message);
});

test('an answer that is not JSON is refused', () => {
  expect(() => parseDebugVars('<html>')).toThrow(SyntaxError);
});

test('any JSON gives figures or an error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.jsonValue().map((value) => JSON.stringify({ memstats: value })),
      ),
      (json) => {
        expect(() => parseDebugVars(json)).toThrow('no memstats.');
      },
    ),
    { numRuns: 300 },
  );
});

test('any text gives figures or an error', () => expectToBear(parseDebugVars, [vars]));

test('no text takes long', () => expectNoHang(parseDebugVars, [vars, '"', '{', '1,']));
