import { describe, expect, test } from 'vitest';
import { isPprofListing, parsePprofListing } from '../../../src/parse/go/listing.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const top = `$ go tool pprof -top heap.pb.gz
File: dockerd
Type: inuse_space
Showing nodes accounting for 10342.40MB, 97.44% of 10608.64MB total
Dropped 1469 nodes (cum <= 53.04MB)
Showing top 2 nodes out of 27
      flat  flat%   sum%        cum   cum%
 9994.24MB 94.23% 94.23%  9994.24MB 94.23%  github.com/docker/docker/pkg/pools.newBufferPoolWithSize.func1 (inline)
         0     0% 94.23%  1.50kB     0.1%  net/http.(*conn).serve
`;

describe('what go tool pprof prints', () => {
  test('-top gives functions, with the units of pprof', () => {
    expect(isPprofListing(top)).toBe(true);
    expect(parsePprofListing(top)).toEqual({
      type: 'inuse_space',
      total: Math.round(10608.64 * 1024 ** 2),
      rows: [
        {
          func: 'github.com/docker/docker/pkg/pools.newBufferPoolWithSize.func1',
          flat: Math.round(9994.24 * 1024 ** 2),
          cumulative: Math.round(9994.24 * 1024 ** 2),
        },
        { func: 'net/http.(*conn).serve', flat: 0, cumulative: 1536 },
      ],
      stacks: [],
      nodes: 27,
    });
  });

  // https://github.com/projectatomic/docker/issues/257
  test('before Go 1.10 it has no type: the command line may have it', () => {
    const old = `$ go tool pprof --alloc_space dockerd heap.txt
(pprof) top5
10.10GB of 10.36GB total (97.44%)
      flat  flat%   sum%        cum   cum%
    9.76GB 94.23% 94.23%     9.76GB 94.23%  bytes.makeSlice
`;
    expect(parsePprofListing(old)).toMatchObject({
      type: 'alloc_space',
      total: Math.round(10.36 * 1024 ** 3),
      nodes: null,
    });
    expect(parsePprofListing(old.replace('--alloc_space ', '')).type).toBeNull();
  });

  test('-tree has callers and callees around each function, which do not count', () => {
    const tree = `Type: goroutine
Showing nodes accounting for 240, 100% of 240 total
----------------------------------------------------------+-------------
      flat  flat%   sum%        cum   cum%   calls calls% + context 	 	 
----------------------------------------------------------+-------------
                                               150 75.00% |   runtime.netpollblock
                                                50 25.00% |   runtime.selectgo
       200 83.33% 83.33%        200 83.33%                | runtime.gopark
----------------------------------------------------------+-------------
`;
    expect(parsePprofListing(tree).rows).toEqual([{ func: 'runtime.gopark', flat: 200, cumulative: 200 }]);
    expect(parsePprofListing(tree).stacks).toEqual([]);
  });

  test('-traces gives whole stacks', () => {
    const line = '-----------+-------------------------------------------------------';
    const traces = `File: containerd
Type: goroutine
${line}
       176   runtime.gopark
             sync.runtime_SemacquireMutex
             sync.(*Mutex).Lock (inline)
${line}
     bytes:  48B
         2   main.main
${line}
`;
    expect(isPprofListing(traces)).toBe(true);
    expect(parsePprofListing(traces).stacks).toEqual([
      { value: 176, functions: ['runtime.gopark', 'sync.runtime_SemacquireMutex', 'sync.(*Mutex).Lock'] },
      { value: 2, functions: ['main.main'] },
    ]);
  });

  test('may be quoted in a mail, or have the ends of lines of Windows', () => {
    const quoted = top.replaceAll(/^/gm, '> ').replaceAll('\n', '\r\n');
    expect(isPprofListing(quoted)).toBe(true);
    expect(parsePprofListing(quoted)).toEqual(parsePprofListing(top));
  });

  test('a dump and a log are none', () => {
    expect(isPprofListing('goroutine 1 [running]:\nmain.main()\n')).toBe(false);
    expect(isPprofListing('Type: unix\nflat 3%\n')).toBe(false);
  });
});

test('any text gives a listing', () => expectToBear((text) => parsePprofListing(text), [top]));

test('no text takes long', () => {
  expectNoHang(
    (text) => parsePprofListing(text),
    [top, 'Type: a\n', '---------+---------', ' 1 1% 1% 1 1% a', 'of 1 total '],
  );
  expectNoHang((text) => isPprofListing(text), [top, 'Type: a\n', 'flat flat% ', '---------+---------']);
});
