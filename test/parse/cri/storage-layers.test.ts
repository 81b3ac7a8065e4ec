import { expect, test } from 'vitest';
import { parseStorageLayers } from '../../../src/parse/cri/storage-layers.ts';

const [a, b] = ['a1'.repeat(32), 'b2'.repeat(32)];

test('each container has its layer (containers/storage 1.59, containers.go)', () => {
  const text = JSON.stringify([
    {
      id: a,
      names: ['k8s_app_web-0_shop_uid_0'],
      image: 'f0',
      layer: b,
      metadata: '{}',
      created: '2026-01-01T00:00:00Z',
    },
  ]);
  expect(parseStorageLayers(text)).toEqual([{ layer: b, containerId: a }]);
});

test('entries of another form are left out', () => {
  expect(parseStorageLayers(JSON.stringify([null, 3, {}, { id: a }, { id: 'x', layer: b }]))).toEqual([]);
  expect(parseStorageLayers('{}')).toEqual([]);
  expect(() => parseStorageLayers('[')).toThrow('the list of containers/storage is not JSON');
});
