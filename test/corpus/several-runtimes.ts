import { ok, pending } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { noProcess } from './parts.ts';

const k3sPid = 1890;
const podShim = 6000;

/** A node with Docker on the host's containerd, and k3s with a containerd of its own. */
function k3sNode(
  second: number,
  {
    k3s = {},
    runtime = {},
    shim = {},
  }: {
    readonly k3s?: Parameters<typeof make.containerd>[0];
    readonly runtime?: Parameters<typeof make.cri>[0];
    readonly shim?: Partial<ShimValue>;
  } = {},
): Readings {
  const node = dockerNode(second);
  const daemons = node.daemons?.status === 'ok' ? node.daemons.value.daemons : [];
  const process = ok(make.daemonProcess({ pid: k3sPid, ageSeconds: 90_000 + second }), 1);
  const own = make.containerd({ name: 'containerd-k3s', process, ...k3s });
  const shims = node.shims?.status === 'ok' ? node.shims.value.shims : [];
  const pod = make.shim(podShim, {
    runtimeNamespace: 'k8s.io',
    bundleId: make.idOf('5'),
    bundle: `/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${make.idOf('5')}`,
    containers: [
      make.containerTasks('a', { initPid: podShim + 19 }),
      make.containerTasks('5', { initPid: podShim + 1 }),
    ],
    ...shim,
  });
  const socket = 'unix:///run/k3s/containerd/containerd.sock';
  return {
    ...node,
    daemons: ok(make.daemons(...daemons, own), 3),
    cri: ok(make.cri({ socket, pid: k3sPid, ...runtime }), 2),
    shims: ok(make.shims({ shims: [...shims, pod] }), 1),
  };
}

export const faultsOfSeveral: readonly Case[] = [
  {
    name: 'The containerd of k3s is gone beside the one of Docker: only its shims are left behind',
    scene: () => watch((second) => (second < 20 ? k3sNode(second) : k3sNode(second, { k3s: noProcess('containerd') }))),
    expected: [finds('silent-daemon', { daemons: ['containerd-k3s'], pids: [podShim], containers: [make.idOf('5')] })],
  },
  {
    name: 'The containerd of k3s does not answer, and the one of Docker does',
    scene: () =>
      watch((second) =>
        k3sNode(second, { runtime: { ping: pending(30_000 + second * 1000, 'Version: no answer yet') } }),
      ),
    expected: [finds('silent-daemon', { daemons: ['containerd-k3s'] })],
  },
];

export const healthySeveral: readonly Case[] = [
  quiet('k3s runs beside Docker, each with a containerd of its own', () => watch((second) => k3sNode(second))),
];
