import { describe, expect, test } from 'vitest';
import { reportHeap, reportProfile } from '../../../src/model/goroutines/heap.ts';
import { compareHeaps } from '../../../src/model/goroutines/heap-growth.ts';
import type { HeapListing, HeapSample } from '../../../src/sample/heap.ts';

const mebibyte = 1024 ** 2;

const sample = (funcs: readonly string[], inuseBytes: number, change: Partial<HeapSample> = {}): HeapSample => ({
  frames: funcs.map((func) => ({ func, file: null, line: null })),
  inuseBytes,
  inuseObjects: 1,
  allocBytes: inuseBytes * 2,
  allocObjects: 2,
  ...change,
});

describe('a heap profile', () => {
  test('is folded by function, flat and cumulative, what holds most first', () => {
    const { functions, total } = reportHeap([
      sample(['a.leaf', 'a.caller', 'main.main'], 100),
      sample(['b.leaf', 'a.caller', 'main.main'], 300),
      sample(['a.leaf', 'main.main'], 50),
    ]);
    expect(functions.map(({ func, flat, cumulative }) => [func, flat.inuseBytes, cumulative.inuseBytes])).toEqual([
      ['b.leaf', 300, 300],
      ['a.leaf', 150, 150],
      ['main.main', 0, 450],
      ['a.caller', 0, 400],
    ]);
    expect(total).toEqual({ inuseBytes: 450, inuseObjects: 3, allocBytes: 900, allocObjects: 6 });
  });

  test('has functions that hold the same by name', () => {
    const { functions } = reportHeap([sample(['b.leaf'], 10), sample(['a.leaf'], 10), sample(['c.leaf'], 10)]);
    expect(functions.map(({ func }) => func)).toEqual(['a.leaf', 'b.leaf', 'c.leaf']);
  });

  test('that is a listing is what is listed, and without a function what its samples hold', () => {
    const listing: HeapListing = { unit: 'allocBytes', total: 90, functions: [] };
    const leaf = { func: 'a.leaf', flat: 60, cumulative: 70 };
    expect(reportProfile({ samples: [], listing: { ...listing, functions: [leaf] } })).toMatchObject({
      unit: 'allocBytes',
      total: { allocBytes: 90 },
      functions: [{ func: 'a.leaf', flat: { allocBytes: 60 }, cumulative: { allocBytes: 70 } }],
    });
    expect(reportProfile({ samples: [sample(['b.leaf'], 10)], listing })).toMatchObject({
      unit: 'allocBytes',
      total: { allocBytes: 20 },
      functions: [{ func: 'b.leaf' }],
    });
  });

  test('counts a function that calls itself once', () => {
    expect(reportHeap([sample(['a.walk', 'a.walk', 'a.walk'], 10)]).functions).toMatchObject([
      { func: 'a.walk', flat: { inuseBytes: 10 }, cumulative: { inuseBytes: 10 } },
    ]);
  });

  test('adds up where a stack has no frames', () => {
    expect(reportHeap([sample([], 10)]).functions).toMatchObject([{ func: '(unknown)', flat: { inuseBytes: 10 } }]);
  });

  test('may be empty', () => {
    expect(reportHeap([])).toMatchObject({ functions: [], total: { inuseBytes: 0 }, httpConnections: null });
  });
});

describe('HTTP connections that do not end', () => {
  const serve = 'net/http.(*conn).serve';
  const readers = (bytes: number) =>
    sample(['bufio.NewReaderSize', 'bufio.NewReader', 'net/http.newBufioReader', serve], bytes);
  const writers = (bytes: number) => sample(['bufio.NewWriterSize', 'net/http.newBufioWriterSize', serve], bytes);
  const responses = sample(
    ['bufio.NewWriterSize', 'net/http.newBufioWriterSize', 'net/http.(*conn).readRequest', serve],
    2 * mebibyte,
  );
  const bodies = sample(['bufio.NewReaderSize', 'a.org/middleware.Debug', serve], 4 * mebibyte);

  test('are seen by the buffers on top, and counted by the two of 4 KiB that each has', () => {
    const { httpConnections } = reportHeap([
      readers(4 * mebibyte),
      writers(8 * mebibyte),
      responses,
      bodies,
      sample(['a.b'], 6 * mebibyte),
    ]);
    expect(httpConnections).toEqual({ connections: 1536, bytes: 18 * mebibyte, share: 0.75 });
  });

  test('are estimated from all buffers where the stacks do not say who made them', () => {
    const { httpConnections } = reportHeap([
      sample(['bufio.NewReaderSize'], 4 * mebibyte),
      sample(['bufio.NewWriterSize'], 4 * mebibyte),
    ]);
    expect(httpConnections?.connections).toBe(1024);
  });

  test.each([
    ['they hold little', [readers(mebibyte), writers(mebibyte)]],
    ['others hold most', [readers(4 * mebibyte), writers(4 * mebibyte), sample(['a.b'], 400 * mebibyte)]],
    ['only readers are there', [readers(40 * mebibyte)]],
    [
      'five others hold more',
      [
        readers(4 * mebibyte),
        writers(4 * mebibyte),
        ...['a', 'b', 'c', 'd', 'e'].map((func) => sample([func], 5 * mebibyte)),
      ],
    ],
  ])('are not claimed when %s', (_, samples) => {
    expect(reportHeap(samples).httpConnections).toBeNull();
  });
});

describe('between two heap profiles', () => {
  const before = reportHeap([sample(['a.leak', 'main.main'], 100), sample(['a.freed'], 70), sample(['a.same'], 5)]);
  const after = reportHeap([sample(['a.leak', 'main.main'], 400), sample(['a.new'], 10), sample(['a.same'], 5)]);
  const growth = compareHeaps(before, after, 2);

  test('functions hold more or less, what has grown most first, what has not changed left out', () => {
    expect(
      growth.functions.map(({ func, flat, cumulative }) => [func, flat.inuseBytes, cumulative.inuseBytes]),
    ).toEqual([
      ['a.leak', 300, 300],
      ['a.new', 10, 10],
      ['main.main', 0, 300],
      ['a.freed', -70, -70],
    ]);
  });

  test('the total and its rate are reported', () => {
    expect(growth).toMatchObject({ total: { inuseBytes: 240, allocBytes: 480 }, inuseBytesPerMinute: 120 });
    expect(compareHeaps(before, after, null).inuseBytesPerMinute).toBeNull();
  });
});
