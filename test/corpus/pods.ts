import { ok, pending } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks, quiet, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { frozenWriter, withoutEngine } from './parts.ts';

export const pod = make.idOf('a');
export const shimPid = 6000;

/** The pod has ended: its sandbox is not ready, its container exited. */
export const ended: Parameters<typeof podNode>[1] = {
  sandboxes: (make.cri().runtimes[0]?.sandboxes ?? []).map((one) => ({ ...one, ready: false })),
  containers: [make.criContainer('a', { state: 'exited' })],
};

/** A node of a cluster: containerd with one pod and its container, and no docker. */
export function podNode(
  second: number,
  runtime: Parameters<typeof make.cri>[0] = {},
  shim: Partial<ShimValue> = {},
  more: Readings = {},
): Readings {
  const containers = [make.containerTasks('a', { initPid: shimPid + 19 })];
  const own = make.shim(shimPid, { runtimeNamespace: 'k8s.io', bundleId: make.idOf('5'), containers, ...shim });
  const readings = {
    ...withoutEngine.readings,
    cri: ok(make.cri(runtime), 4),
    shims: ok(make.shims({ shims: [own] }), 1),
    ...more,
  };
  return dockerNode(second, { ...withoutEngine, containerd: {}, readings });
}

/** ListContainers waits, and everything else answers. */
const listWaits = (ms: number): Parameters<typeof make.cri>[0] => ({
  containerList: pending(ms, 'ListContainers: no answer yet'),
});

export const faultsOfPods: readonly Case[] = [
  {
    name: 'ListContainers waits for the status lock of a container whose shim does not answer',
    scene: () =>
      glance((second) =>
        podNode(second, {
          ...listWaits(45_000 + second * 1000),
          heldStatuses: [{ containerId: pod, forMs: 40_000 + second * 1000 }],
        }),
      ),
    expected: [
      finds('container-status-lock', { containers: [pod], daemons: ['containerd'] }),
      finds('unkillable-container', { containers: [pod] }),
    ],
  },
  {
    name: 'A signal stopped the shim of a pod half a minute ago',
    scene: () => looks(30, 2, (second) => podNode(second, {}, { state: 'T' })),
    expected: [finds('stopped-shim', { containers: [pod], pids: [shimPid] })],
  },
];

/** What a pod has when the exit of its container did not reach containerd: its pause process, and nothing else. */
const pauseAlone = { containers: [make.containerTasks('5', { initPid: shimPid + 1 })] } as const;

/** As seen on containerd 1.6.20: the container has exited, and its child keeps the pod's pause process from exiting. */
const leftInPod = {
  containers: [
    make.containerTasks('5', {
      initPid: shimPid + 1,
      count: 2,
      tasks: [
        make.treeTask(shimPid + 1, shimPid, { comm: 'pause', exiting: true, killPending: true }),
        make.treeTask(shimPid + 30, shimPid + 1, { comm: 'dd', state: 'D', killPending: true }),
      ],
    }),
  ],
} as const;

export const heldPods: readonly Case[] = [
  {
    name: 'A process in D keeps a pod with one PID namespace from ending: its container has exited, and the pod cannot',
    scene: () =>
      looks(30, 2, (second) =>
        podNode(second, { containers: [make.criContainer('a', { state: 'exited' })] }, leftInPod, {
          processes: ok(make.processes([frozenWriter(shimPid + 30, pod, second)]), 9),
        }),
      ),
    expected: [finds('unkillable-container', { containers: [pod] }), finds('frozen-filesystem')],
  },
];

/** Its first process has exited, and its shim has not noticed. */
const unreaped = {
  containers: [
    make.containerTasks('a', {
      initPid: shimPid + 19,
      tasks: [make.treeTask(shimPid + 19, shimPid, { state: 'Z', comm: 'app' })],
    }),
    make.containerTasks('5', { initPid: shimPid + 1 }),
  ],
} as const;

export const lostInPods: readonly Case[] = [
  {
    name: 'The exit of a container in a pod was lost: containerd lists it as running, and no process of it is there',
    scene: () => watch((second) => podNode(second, {}, pauseAlone)),
    expected: [finds('lost-shim', { containers: [pod] })],
  },
  {
    name: 'The shim of a pod does not reap the first process of a container, which is listed as running',
    scene: () => watch((second) => podNode(second, {}, unreaped)),
    expected: [finds('lost-shim', { containers: [pod], pids: [shimPid] })],
  },
  {
    name: 'The shim of a pod has grown to 3 GiB',
    scene: () => watch((second) => podNode(second, {}, { rssBytes: 3 * 1024 ** 3 })),
    expected: [finds('large-shim', { containers: [pod], pids: [shimPid] })],
  },
];

export const keptInPods: readonly Case[] = [
  quiet('A container in a pod exits, and its shim reaps it after six seconds', () =>
    looks(60, 2, (second) =>
      podNode(
        second,
        { containers: [make.criContainer('a', { state: second < 30 ? 'running' : 'exited' })] },
        second < 10 ? {} : second < 16 ? unreaped : pauseAlone,
      ),
    ),
  ),
  quiet('The shim of a pod has 300 MiB while many execs run', () =>
    watch((second) => podNode(second, {}, { rssBytes: 300 * 1024 ** 2 })),
  ),
  quiet('A container in a pod has exited, and its runtime lists it as running for ten seconds more', () =>
    looks(40, 2, (second) =>
      podNode(
        second,
        { containers: [make.criContainer('a', { state: second < 10 ? 'running' : 'exited' })] },
        pauseAlone,
      ),
    ),
  ),
  quiet('The pods of a node run in virtual machines: no process of theirs is to be seen', () =>
    watch((second) => podNode(second, {}, { containers: [] })),
  ),
  quiet(
    'A pod of gVisor or Kata: its sandbox is in the pod’s own cgroup, and the cgroups of its containers stay empty',
    () => watch((second) => podNode(second, {}, { ...pauseAlone, ownSandbox: true })),
  ),
];

export const healthyPods: readonly Case[] = [
  quiet('containerd lists its pods and containers, and no engine is there', () => watch((second) => podNode(second))),
  quiet('ListContainers takes two seconds under load', () =>
    glance((second) => podNode(second, listWaits(1500 + second * 250))),
  ),
  quiet('A debugger stops the shim of a pod for four seconds', () =>
    looks(20, 2, (second) => podNode(second, {}, { state: second >= 6 && second < 10 ? 'T' : 'S' })),
  ),
];
