import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GoroutineHeaders } from '../../../../src/parse/go/goroutines/headers.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const dump = `goroutine 3412 [running]:
runtime/pprof.writeGoroutineStacks({0x55d0c8, 0xc0006e0000})
\t/usr/lib/go-1.19/src/runtime/pprof/pprof.go:692 +0x70

goroutine 1 [chan receive, 17 minutes]:
main.(*DaemonCli).start(0xc000a1b2c0, 0xc0003e4480)
\t/go/src/cmd/dockerd/daemon.go:262 +0x17e5

goroutine 25 [GC worker (idle), 2 minutes, locked to thread]:
runtime.gopark(0x0, 0x0, 0x0, 0x0, 0x0)
created by runtime.gcBgMarkStartWorkers in goroutine 1
\t/usr/lib/go-1.21/src/runtime/mgc.go:1199 +0x25

goroutine 77 gp=0xc000007c00 m=nil [select (no cases) (scan)]:
goroutine running on other thread; stack unavailable
[originating from goroutine 1]:
`;

const count = (...chunks: string[]): number => {
  const headers = new GoroutineHeaders();
  for (const chunk of chunks) headers.feed(chunk);
  return headers.count;
};

describe('the goroutines of a dump', () => {
  test('are counted by their headers, of every generation of Go', () => {
    expect(count(dump)).toBe(4);
  });

  test('are none before anything arrived', () => {
    expect(count()).toBe(0);
    expect(count('')).toBe(0);
  });

  test('include the last one, whose line has no end yet', () => {
    expect(count('goroutine 1 [running]')).toBe(1);
    expect(count('goroutine 1 [running]', ':\nmain.main()\n')).toBe(1);
  });

  test('do not include what only speaks of them', () => {
    expect(count('created by x in goroutine 1\n\tgoroutine 2 [running]:\ngoroutine profile: total 9\n')).toBe(0);
  });

  test('are counted once, however often the count is asked for', () => {
    const headers = new GoroutineHeaders();
    headers.feed('goroutine 1 [run');
    expect([headers.count, headers.count]).toEqual([1, 1]);
    headers.feed('ning]:\n');
    expect(headers.count).toBe(1);
  });

  test('stay counted after a line of any length', () => {
    expect(count('x'.repeat(300), 'y'.repeat(10), '\ngoroutine 5 [select]:\n')).toBe(1);
    expect(count('x'.repeat(300), 'goroutine 5 [select]:\n')).toBe(0);
  });
});

test('wherever the text is cut into chunks, the count is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(dump.length), { maxLength: 20 }), (places) => {
      const cuts = [0, ...places.toSorted((a, b) => a - b), dump.length];
      expect(count(...cuts.slice(1).map((end, i) => dump.slice(cuts[i], end)))).toBe(4);
    }),
    { numRuns: 500 },
  );
});

test('any text gives a number', () => expectToBear(count, [dump]));

test('no text takes long', () => expectNoHang(count, [dump, 'goroutine 1 ', 'goroutine ', 'goroutine 1 [']));

test('a dump that comes byte by byte is counted', () => {
  expect(count(...dump.repeat(20))).toBe(80);
});
