import { expect, test } from 'vitest';
import { identifyNamespace } from '../../../src/model/mounts/namespaces.ts';
import type { MountNamespaceValue, NamespaceHolder } from '../../../src/sample/mounts.ts';
import * as make from '../../support/samples.ts';

const identify = (holders: NamespaceHolder[], change: Partial<MountNamespaceValue> = {}) =>
  identifyNamespace(
    make.namespace('9', [], { holders, processes: holders.length, ...change }),
    (id) => (id === make.idOf('a') ? 'web-1' : id.slice(0, 12)),
    (layer) => (layer === 'aa' ? make.idOf('a') : null),
  );

const shim = make.holder(10, 'containerd-shim', { kind: 'shim', containerId: make.idOf('a') });
const daemon = make.holder(11, 'dockerd', { kind: 'daemon' });
const inside = make.holder(12, 'nginx', { containerId: make.idOf('a') });

test('a namespace is named after who lives in it', () => {
  const both = [daemon, make.holder(13, 'containerd', { kind: 'daemon' }), shim];
  expect(identify([daemon, shim], { host: true })).toMatchObject({ role: 'host', label: 'the host', hasDaemon: true });
  expect(identify(both)).toMatchObject({ role: 'daemon', label: 'dockerd and containerd' });
  expect(identify([shim, shim, shim, shim])).toMatchObject({ role: 'shims', label: '4 shims', containerId: null });
  expect(identify([shim, make.holder(20, 'sh')])).toMatchObject({ label: '1 shim and 1 other process' });
  expect(identify([inside])).toMatchObject({ role: 'container', label: 'container web-1' });
  expect(identify([make.holder(20, 'sh')], { rootLayer: 'aa' })).toMatchObject({ label: 'container web-1' });
  expect(identify([make.holder(20, 'chronyd', { unit: 'chrony.service' })])).toMatchObject({
    role: 'service',
    label: 'chrony.service',
  });
  expect(identify([make.holder(20, 'sleep')], { processes: 3 })).toMatchObject({
    role: 'other',
    label: 'sleep 20 and 2 others',
  });
  expect(identify([], { processes: 2 })).toMatchObject({ role: 'other', label: '2 processes' });
});

test('docker in docker is a container with a daemon', () => {
  const dind = make.holder(30, 'dockerd', { kind: 'daemon', containerId: make.idOf('a') });
  expect(identify([dind, shim])).toMatchObject({ role: 'container', hasDaemon: true });
});
