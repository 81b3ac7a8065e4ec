import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMeminfo } from '../../../src/parse/proc/meminfo.ts';
import { parseVmstat, writeBackOf } from '../../../src/parse/proc/vmstat.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const text = `nr_mapped 21620
nr_dirty 12442
nr_writeback 14906
nr_dirtied 4800057
nr_written 2710321
nr_dirty_threshold 1206199
nr_dirty_background_threshold 602363
pgmajfault 77
`;
const meminfo = (mappedKb: number) => parseMeminfo(`Mapped: ${mappedKb} kB\n`);

test('counts come by name', () => {
  expect(parseVmstat(text).get('nr_dirty')).toBe(12442);
  expect(parseVmstat(text).get('pgmajfault')).toBe(77);
});

describe('write-back', () => {
  test('is reported in bytes', () => {
    expect(writeBackOf(parseVmstat(text), meminfo(86480))).toEqual({
      dirtiedBytes: 4800057 * 4096,
      writtenBytes: 2710321 * 4096,
      limitBytes: 1206199 * 4096,
      backgroundBytes: 602363 * 4096,
    });
  });

  test.each([
    [4096, 86480],
    [16_384, 345_920],
    [65_536, 1_383_680],
  ])('knows pages of %d bytes from memory that is told in both units', (page, mappedKb) => {
    // A little was mapped between the two reads.
    expect(writeBackOf(parseVmstat(text), meminfo(mappedKb + 800))?.writtenBytes).toBe(2710321 * page);
  });

  test('takes pages of 4 KiB where the page size is unknown', () => {
    expect(writeBackOf(parseVmstat(text), new Map())?.writtenBytes).toBe(2710321 * 4096);
    expect(writeBackOf(parseVmstat(text.replace('nr_mapped 21620\n', '')), meminfo(5))?.writtenBytes).toBe(
      2710321 * 4096,
    );
  });

  test('is not known on a kernel without the counters, and has no limits where they are missing', () => {
    expect(writeBackOf(parseVmstat('nr_dirty 5\n'), new Map())).toBeNull();
    expect(writeBackOf(parseVmstat('nr_dirtied 5\nnr_written 4\n'), new Map())).toMatchObject({ limitBytes: null });
  });
});

test('what is printed as the kernel prints it is read back the same', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, fc.nat()), { selector: ([key]) => key }), (entries) => {
      const counts = parseVmstat(entries.map(([key, value]) => `${key} ${value}\n`).join(''));
      expect(entries.map(([key]) => [key, counts.get(key)])).toEqual(entries);
    }),
    { numRuns: 300 },
  );
});

test('any text gives figures', () => expectToBear((any) => writeBackOf(parseVmstat(any), parseMeminfo(any)), [text]));

test('no text takes long', () =>
  expectNoHang((any) => parseVmstat(any).get('nr_dirty'), [text, 'nr_dirty ', 'a 1', '_']));
