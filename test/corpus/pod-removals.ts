import { ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks, quiet, watch } from './case.ts';
import { type Line, logsOf, repeated } from './log-node.ts';
import { ended, pod, podNode, shimPid } from './pods.ts';

const sandbox = make.idOf('5');
const containerd = 'containerd[700]';

/** What containerd logs when a call about a container or sandbox fails. */
const failure = (call: string, id: string, why: string): string =>
  `level=error msg=${JSON.stringify(`${call} for "${id}" failed`)} error=${JSON.stringify(`rpc error: code = Unknown desc = ${why}`)}`;

const logs = (lines: readonly Line[]): Readings => ({ logs: ok(logsOf(lines), 3) });

const noShim: Readings = { shims: ok(make.shims(), 1) };

const immutable = failure(
  'RemoveContainer',
  pod,
  `failed to remove container root directory "/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${pod}": unlinkat /var/lib/containerd/io.containerd.grpc.v1.cri/containers/${pod}/status: operation not permitted`,
);
const networkDown = failure(
  'StopPodSandbox',
  sandbox,
  `failed to destroy network for sandbox "${sandbox}": plugin type="calico" failed (delete): error getting ClusterInformation: connection is unauthorized`,
);

export const stuckPodRemovals: readonly Case[] = [
  {
    name: 'containerd cannot remove an exited container of a pod: a file of its state is immutable',
    scene: () =>
      glance((second) =>
        podNode(second, ended, {}, { ...noShim, ...logs(repeated(4, 60, 20, containerd, immutable)) }),
      ),
    expected: [finds('stuck-removal', { containers: [pod] })],
  },
  {
    name: 'A pod stays Terminating: the CNI plugin does not take its network down',
    scene: () =>
      glance((second) =>
        podNode(second, ended, {}, { ...noShim, ...logs(repeated(6, 12, 5, containerd, networkDown)) }),
      ),
    expected: [finds('stuck-removal', { containers: [sandbox] })],
    mayAlso: ['failed-network-setup'],
  },
  {
    name: 'A pod has ended, as its runtime lists it, and a process of its container is still below the shim',
    scene: () => looks(60, 2, (second) => podNode(second, ended)),
    expected: [finds('stuck-removal', { containers: [sandbox] })],
  },
  {
    name: 'The shim of a pod that has ended is stopped',
    scene: () => looks(60, 2, (second) => podNode(second, ended, { state: 'T', containers: [] })),
    expected: [finds('stuck-removal', { containers: [sandbox] })],
  },
];

export const removedPods: readonly Case[] = [
  quiet('The pod of a job has ended and is kept, without a shim', () =>
    watch((second) => podNode(second, ended, {}, noShim)),
  ),
  quiet('The sandbox of a pod was killed, and its container drains for its grace period', () =>
    watch((second) =>
      podNode(second, { ...ended, containers: [make.criContainer('a')] }, { containers: [make.containerTasks('a')] }),
    ),
  ),
  quiet('A pod ends, and its shim needs eight seconds for that', () =>
    looks(60, 2, (second) => (second < 20 ? podNode(second) : podNode(second, ended, {}, second < 28 ? {} : noShim))),
  ),
  quiet('One removal of a container failed, and its next did not', () =>
    glance((second) => podNode(second, ended, {}, { ...noShim, ...logs(repeated(1, 60, 40, containerd, immutable)) })),
  ),
  quiet('A pod has no container yet: the kubelet pulls its image', () =>
    watch((second) =>
      podNode(second, { containers: [] }, { containers: [make.containerTasks('5', { initPid: shimPid + 1 })] }),
    ),
  ),
];
