import { expect, test } from 'vitest';
import { runtimeName } from '../../../src/collect/cri/runtime-name.ts';

test.each([
  ['containerd', '/run/k3s/containerd/containerd.sock', 'containerd-k3s'],
  ['containerd', '/run/docker/containerd/containerd.sock', 'containerd-docker'],
  ['containerd', '/var/snap/microk8s/common/run/containerd.sock', 'containerd-microk8s'],
  ['containerd', '/run/k0s/containerd.sock', 'containerd-k0s'],
  ['containerd', '/run/containerd/containerd.sock', 'containerd-2'],
  ['crio', '/var/run/crio/crio.sock', 'crio'],
  ['crio', '/run/other/crio.sock', 'crio-other'],
] as const)('%s at %s is %s', (kind, socket, name) => {
  expect(runtimeName(kind, socket)).toBe(name);
});
