import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { methods } from '../../../src/collect/cri/methods.ts';

/** A law: a method that is added here has to be shown first to hold nothing up and to take nothing away (`methods.ts`). */
test('these methods are called, and no others', () => {
  expect(
    Object.values(methods)
      .map((method) => method.path)
      .sort(),
  ).toEqual([
    '/containerd.services.containers.v1.Containers/List',
    '/containerd.services.events.v1.Events/Subscribe',
    '/containerd.services.namespaces.v1.Namespaces/List',
    '/containerd.services.version.v1.Version/Version',
    '/runtime.v1.RuntimeService/ContainerStatus',
    '/runtime.v1.RuntimeService/ListContainers',
    '/runtime.v1.RuntimeService/ListPodSandbox',
    '/runtime.v1.RuntimeService/Version',
  ]);
});

test('no other file has a method', () => {
  const src = path.join(import.meta.dirname, '../../../src');
  const naming = fs
    .readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      /['"`]\/(?:runtime\.v1|containerd\.services)[.\w]*\//.test(fs.readFileSync(path.join(src, file), 'utf8')),
    );
  expect(naming).toEqual(['collect/cri/methods.ts']);
});
