import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBundleName } from '../../../src/parse/cri/bundle-name.ts';

const spec = (annotations: object): string => JSON.stringify({ ociVersion: '1.1.0', annotations });
const pod = { 'io.kubernetes.cri.sandbox-name': 'web-0', 'io.kubernetes.cri.sandbox-namespace': 'shop' };

test('a container has the names of its pod, and its own', () => {
  const text = spec({
    ...pod,
    'io.kubernetes.cri.container-type': 'container',
    'io.kubernetes.cri.container-name': 'app',
    'io.kubernetes.cri.image-name': 'registry.example/app:1',
  });
  expect(parseBundleName('a', text)).toEqual({
    id: 'a',
    pod: 'web-0',
    namespace: 'shop',
    container: 'app',
    image: 'registry.example/app:1',
  });
});

test('a sandbox has no container name', () => {
  const text = spec({ ...pod, 'io.kubernetes.cri.container-type': 'sandbox' });
  expect(parseBundleName('s', text)).toMatchObject({ pod: 'web-0', container: null, image: null });
});

test('a task of no pod has no name, and no text makes it throw', () => {
  expect(parseBundleName('a', spec({}))).toBeNull();
  expect(parseBundleName('a', '{"annotations":null}')).toBeNull();
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseBundleName('a', text)));
});
