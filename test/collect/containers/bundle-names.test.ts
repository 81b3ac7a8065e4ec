import { expect, test } from 'vitest';
import { BundleNames } from '../../../src/collect/containers/bundle-names.ts';
import { Tree } from '../../support/world.ts';

const tasks = '/run/containerd/io.containerd.runtime.v2.task';

const spec = (container: string | null): string =>
  JSON.stringify({
    annotations: {
      'io.kubernetes.cri.sandbox-name': 'web-0',
      'io.kubernetes.cri.sandbox-namespace': 'shop',
      'io.kubernetes.cri.container-type': container === null ? 'sandbox' : 'container',
      ...(container === null ? {} : { 'io.kubernetes.cri.container-name': container }),
    },
  });

test('all tasks beside the one a shim works in are named, each read once, and forgotten when they are gone', () => {
  const tree = new Tree()
    .write(`${tasks}/k8s.io/s1/config.json`, spec(null))
    .write(`${tasks}/k8s.io/c1/config.json`, spec('app'))
    .write(`${tasks}/k8s.io/c2/config.json`, 'not yet written')
    .write(`${tasks}/moby/d1/config.json`, spec('never'));
  const world = tree.world();
  const read: string[] = [];
  world.onRiskyRead = (path) => read.push(path);
  const names = new BundleNames(world);
  const bundles = [`${tasks}/k8s.io/s1`, `${tasks}/moby/d1`];
  const found = names.collect(bundles).map(({ id, container }) => [id, container]);
  expect(found.toSorted()).toEqual([
    ['c1', 'app'],
    ['s1', null],
  ]);
  expect(read).toHaveLength(3);
  tree.remove(`${tasks}/k8s.io/c1`);
  expect(names.collect(bundles).map(({ id }) => id)).toEqual(['s1']);
  expect(read).toHaveLength(3);
});
