import { expect, test } from 'vitest';
import { engineLogFiles, podLogFiles } from '../../../src/collect/filesystems/log-files.ts';
import type { CriContainer, PodSandbox } from '../../../src/sample/cri.ts';

const id = 'a'.repeat(64);
const pod: PodSandbox = {
  id: 'p',
  name: 'web-0',
  namespace: 'shop',
  uid: 'u-1',
  attempt: 0,
  ready: true,
  createdAt: 0,
};
const container: CriContainer = {
  id,
  sandboxId: 'p',
  runtimeNamespace: 'k8s.io',
  name: 'app',
  image: '',
  state: 'running',
  createdAt: 0,
  restarts: 2,
  labels: {},
};

test('the log of an engine’s container lies below its data root, under its id', () => {
  expect(engineLogFiles([id, '../etc'], ['/data/docker'])).toEqual([
    { id, root: '/data/docker/containers', path: `/data/docker/containers/${id}/${id}-json.log` },
  ]);
  expect(engineLogFiles([id], [])).toEqual([]);
});

test('the log of a pod’s container is named by its pod, its name and its attempt', () => {
  expect(podLogFiles({ containers: [container], sandboxes: [pod] })).toEqual([
    { id, root: '/var/log/pods', path: '/var/log/pods/shop_web-0_u-1/app/2.log' },
  ]);
});

test('a container of no pod has no known place, and a name that leads elsewhere is not followed', () => {
  const outside = { ...container, sandboxId: null };
  const odd = { ...container, name: '../../../etc/shadow' };
  expect(podLogFiles({ containers: [outside, odd], sandboxes: [pod] })).toEqual([]);
});
