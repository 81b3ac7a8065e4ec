import { describe, expect, test } from 'vitest';
import { deriveFilesystems } from '../../../src/model/filesystems/filesystems.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';

const giB = 1024 ** 3;
const judged = (change: Parameters<typeof make.filesystem>[1]) => {
  const value = { filesystems: [make.filesystem('/var', change)], skipped: [] };
  const model = deriveFilesystems({ reading: ok(value, 1), value, valueMonoMs: 0 });
  const [one] = model?.list ?? [];
  return { space: one?.space, inodes: one?.inodesLeft, used: Math.round(one?.usedPercent ?? 0) };
};
const space = (totalGiB: number, freeGiB: number, availableGiB = freeGiB) => ({
  totalBytes: totalGiB * giB,
  freeBytes: freeGiB * giB,
  availableBytes: availableGiB * giB,
});

describe('space', () => {
  test.each([
    ['half of it is used', space(100, 50), 'well', 50],
    ['85 % of it are used', space(100, 15), 'well', 85],
    ['5 % of ten TiB are left, which is plenty', space(10_240, 400), 'well', 96],
    ['4 % of 100 GiB are left', space(100, 4), 'nearly', 96],
    ['only root may write: what ext4 keeps back is left', space(100, 5, 0), 'nearly', 100],
    ['nothing is left', space(100, 0), 'full', 100],
    ['0.3 % of 100 GiB are left', space(100, 0.3), 'full', 100],
    ['a small one has 8 MiB of 64 left', space(0.0625, 0.0078), 'well', 88],
    ['a small one has nothing left', space(0.0625, 0), 'full', 100],
  ])('%s', (_, change, expected, used) => {
    expect(judged(change)).toMatchObject({ space: expected, used });
  });
});

describe('inodes', () => {
  test.each([
    ['half of them are free', { total: 1000, free: 500 }, 'well'],
    ['3 % of them are free', { total: 650_000, free: 19_500 }, 'nearly'],
    ['3 % of a hundred million are free', { total: 100_000_000, free: 3_000_000 }, 'well'],
    ['none is free', { total: 650_000, free: 0 }, 'full'],
  ])('%s', (_, inodes, expected) => {
    expect(judged({ inodes }).inodes).toBe(expected);
  });

  test('XFS that has no space makes none: that is no second fault', () => {
    expect(judged({ type: 'xfs', ...space(100, 0.1), inodes: { total: 4000, free: 0 } })).toMatchObject({
      space: 'full',
      inodes: 'well',
    });
  });
});
