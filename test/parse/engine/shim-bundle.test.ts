import { describe, expect, test } from 'vitest';
import { isShim, shimBundle } from '../../../src/parse/engine/shim-bundle.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const id = '3bc755003b8d331e73e22b1c0df0b438f744605568e2000330f18579ae12059d';
const docker = `/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/${id}`;
const old = `/var/run/docker/containerd/daemon/io.containerd.runtime.v1.linux/moby/${id}`;

describe('the bundle of a shim', () => {
  test.each([
    [docker, 'moby', id],
    [old, 'moby', id],
    [`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}`, 'k8s.io', id],
    ['/run/containerd/io.containerd.runtime.v2.task/default/batch-1', 'default', 'batch-1'],
  ])('%s tells its namespace and container', (path, namespace, container) => {
    expect(shimBundle(path)).toEqual({ namespace, id: container });
  });

  test.each(['/', '', `/run/docker/libcontainerd/${id}/init`, `${docker}/rootfs`])('is not %j', (path) => {
    expect(shimBundle(path)).toBeNull();
  });
});

test('a shim is known by the fifteen characters that the kernel keeps of its name', () => {
  for (const comm of ['containerd-shim', 'docker-containe']) expect(isShim(comm)).toBe(true);
  for (const comm of ['containerd', 'dockerd', 'docker-proxy', 'conmon']) expect(isShim(comm)).toBe(false);
});

test('any path is borne', () => expectToBear(shimBundle, [docker, old]));

test('no path takes long', () => expectNoHang(shimBundle, [docker, '/io.containerd.runtime.v2.task/']));
