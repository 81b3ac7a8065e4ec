import { describe, expect, test } from 'vitest';
import { reportProfile } from '../../../../src/model/goroutines/heap.ts';
import { parseHeapListing } from '../../../../src/parse/go/heap/listing.ts';

const header = '      flat  flat%   sum%        cum   cum%\n';
const rows = `${header}    9.76GB 94.23% 94.23%     9.76GB 94.23%  github.com/docker/docker/pkg/pools.newBufferPoolWithSize.func1
    0.26GB  2.52% 96.74%     0.26GB  2.52%  runtime.malg
`;

describe('a heap that go tool pprof printed', () => {
  // https://github.com/projectatomic/docker/issues/257
  test('says what is in use and of which known leak it is', () => {
    const profile = parseHeapListing(`(pprof) top5\n10.10GB of 10.36GB total (97.44%)\n${rows}`);
    expect(profile).toMatchObject({ form: 'listing', partial: true, rateBytes: null });
    const report = reportProfile(profile);
    expect(report.unit).toBe('inuseBytes');
    expect(report.total.inuseBytes).toBe(Math.round(10.36 * 1024 ** 3));
    expect(report.leaks.map(({ id }) => id)).toEqual(['copy-buffers']);
  });

  // https://github.com/moby/moby/issues/40847
  test('what was ever allocated is not in use', () => {
    const report = reportProfile(parseHeapListing(`Type: alloc_space\n${rows}`));
    expect(report.unit).toBe('allocBytes');
    expect(report.total).toMatchObject({ inuseBytes: 0, allocBytes: Math.round(9.76 * 1024 ** 3) });
    expect(report.leaks).toEqual([]);
  });

  test('stacks are folded by function', () => {
    const line = '-----------+-------------------------------------------------------\n';
    const text = `Type: inuse_objects\n${line}     bytes:  48B\n        12   bytes.makeSlice\n             main.main\n${line}`;
    const report = reportProfile(parseHeapListing(text));
    expect(report.functions.map(({ func, flat }) => [func, flat.inuseObjects])).toEqual([
      ['bytes.makeSlice', 12],
      ['main.main', 0],
    ]);
  });

  // https://github.com/moby/moby/issues/34393
  test('times are no bytes: a profile of the CPU is refused, also without its type', () => {
    const times = `${header}     7.63s 22.80% 22.80%      7.63s 22.80%  runtime.futex\n`;
    expect(() => parseHeapListing(`27.53s of 33.46s total (82.28%)\n${times}`)).toThrow(/profile of the CPU/);
    expect(() => parseHeapListing(`Type: cpu\n${times}`)).toThrow(/profile of the CPU/);
  });

  test('a listing of goroutines is refused', () => {
    expect(() => parseHeapListing(`Type: goroutine\n${rows}`)).toThrow(/of goroutine, not of a heap/);
  });
});
