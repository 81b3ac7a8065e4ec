import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDiskstats } from '../../../src/parse/proc/diskstats.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const sda = {
  name: 'sda',
  device: '8:0',
  reads: 121853,
  readSectors: 9529218,
  readMs: 92693,
  writes: 39113,
  writtenSectors: 14612136,
  writeMs: 29191,
  discards: null,
  flushes: null,
  flushMs: null,
  inFlight: 3,
  busyMs: 14852,
  weightedMs: 122789,
};
const columns14 = '   8       0 sda 121853 15543 9529218 92693 39113 60894 14612136 29191 3 14852 122789\n';
const columns18 =
  '   8       0 sda 121853 15543 9529218 92693 39113 60894 14612136 29191 3 14852 122789 9772 50 1889904 770\n';
const columns20 =
  ' 8       0 sda 121853 15543 9529218 92693 39113 60894 14612136 29191 3 14852 122789 9772 50 1889904 770 3634 135\n';
const samples = [columns14, columns18, columns20];

describe('a disk of', () => {
  test.each([
    ['Linux before 4.18, with 14 columns', columns14, {}],
    ['Linux 4.18 to 5.4, with 18', columns18, { discards: 9772 }],
    ['Linux since 5.5, with 20', columns20, { discards: 9772, flushes: 3634, flushMs: 135 }],
    ['a kernel to come, with 22', columns20.replace('\n', ' 1 2\n'), { discards: 9772, flushes: 3634, flushMs: 135 }],
  ])('%s has the same counters, and null for what it does not count', (_, text, counted) => {
    expect(parseDiskstats(text)).toEqual([{ ...sda, ...counted }]);
  });
});

test.each(['nvme0n1p1', 'dm-0', 'cciss/c0d0', 'mmcblk0boot0', 'loop12', 'md127'])('%s is a name', (name) => {
  expect(parseDiskstats(columns14.replace('sda', name))).toEqual([{ ...sda, name }]);
});

test('a partition line of very old kernels, with four figures, is skipped', () => {
  expect(parseDiskstats(`   8       1 sda1 5 6 7 8\n${columns14}`)).toEqual([sda]);
});

test('a line that was cut, or holds a word, is skipped', () => {
  expect(parseDiskstats(`8 0 sda 1 2 3\n8 0 sdb 1 2 3 4 five 6 7 8 9 10 11\n${columns14}`)).toEqual([sda]);
});

test('no disks are no disks', () => {
  expect(parseDiskstats('')).toEqual([]);
});

test('what is printed as the kernel prints it is read back the same', () => {
  const counter = fc.nat({ max: 2 ** 52 });
  const disk = fc.record({
    major: fc.nat(4095),
    minor: fc.nat(1_048_575),
    name: fc.stringMatching(/^[a-z][a-z0-9/!-]{0,14}$/),
    counters: fc.oneof(...[11, 15, 17].map((n) => fc.array(counter, { minLength: n, maxLength: n }))),
  });
  fc.assert(
    fc.property(fc.array(disk, { maxLength: 6 }), (disks) => {
      const text = disks
        .map(({ major, minor, name, counters }) => {
          return `${String(major).padStart(4)} ${String(minor).padStart(7)} ${name} ${counters.join(' ')}\n`;
        })
        .join('');
      expect(parseDiskstats(text)).toEqual(
        disks.map(({ major, minor, name, counters: n }) => ({
          name,
          device: `${major}:${minor}`,
          reads: n[0],
          readSectors: n[2],
          readMs: n[3],
          writes: n[4],
          writtenSectors: n[6],
          writeMs: n[7],
          discards: n[11] ?? null,
          flushes: n[15] ?? null,
          flushMs: n[16] ?? null,
          inFlight: n[8],
          busyMs: n[9],
          weightedMs: n[10],
        })),
      );
    }),
    { numRuns: 300 },
  );
});

test('any text gives disks with finite counters', () => {
  expectToBear((text) => {
    for (const { name: _, device: __, ...counters } of parseDiskstats(text)) {
      for (const value of Object.values(counters)) if (value !== null) expect(value).toSatisfy(Number.isFinite);
    }
  }, samples);
});

test('no text takes long', () => expectNoHang(parseDiskstats, [...samples, '8 ', '8 0 sda ']));
