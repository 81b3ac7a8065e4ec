import { expect, test } from 'vitest';
import { BundleParts } from '../../../src/capture/bundle/parts.ts';

test('parts are written one after the other, in the order they came', async () => {
  const written: string[] = [];
  let open = 0;
  const sink = {
    add: async (path: string): Promise<void> => {
      expect(++open).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      written.push(path);
    },
  };
  const parts = new BundleParts(sink, 1000);
  for (const path of ['a', 'b', 'c']) void parts.add(path, 'x', 1);
  await parts.settle();
  expect(written).toEqual(['a', 'b', 'c']);
  expect(parts.bytes).toBe(3);
});

test('a part without room is missing, smaller ones after it are not, and the manifest always has room', async () => {
  const parts = new BundleParts({ add: async () => {} }, 10);
  await parts.add('large', 'x'.repeat(11), 1);
  await parts.add('small', 'x'.repeat(10), 1);
  await parts.addManifest('MANIFEST.txt', 'x'.repeat(100));
  expect(parts.entries.map(({ path }) => path)).toEqual(['small', 'MANIFEST.txt']);
  expect(parts.missing).toEqual([{ what: 'large', because: '11 bytes exceed the limit of 10 (--limit)' }]);
});

test('of thousands that are missing some are reported and the rest is counted', () => {
  const parts = new BundleParts({ add: async () => {} }, 10);
  for (let n = 0; n < 700; n++) parts.miss(`${n}`, 'gone');
  expect([parts.missing.length, parts.moreMissing]).toEqual([500, 200]);
});

test('what the archive throws is reported to the caller', async () => {
  const parts = new BundleParts({ add: () => Promise.reject(new Error('full')) }, 10);
  void parts.add('a', 'x', 1);
  await expect(parts.settle()).rejects.toThrow('full');
});
