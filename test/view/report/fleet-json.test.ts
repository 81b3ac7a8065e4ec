import { expect, test } from 'vitest';
import { KubernetesSource } from '../../../src/fleet/kubernetes-source.ts';
import { fleetJson } from '../../../src/view/report/fleet-json.ts';
import { clusterNode, condition, nodeList } from '../../support/clusters.ts';
import { noon } from '../../support/fleets.ts';

async function jsonOf(...items: Parameters<typeof nodeList>[0]): Promise<unknown> {
  const get = (): Promise<string> => Promise.resolve(nodeList(items));
  return fleetJson(await new KubernetesSource({ get, intervalMs: 60_000, now: () => noon }).ask());
}

test('a node that is not seen says why', async () => {
  const gone = clusterNode('gone', [condition('Ready', 'Unknown', 'Kubelet stopped posting node status.', 300)]);
  expect(await jsonOf(clusterNode('calm'), gone)).toMatchObject({
    status: 'unknown',
    nodes: [
      {
        instance: 'gone',
        worst: 'not-seen',
        notSeen: 'not-ready',
        notSeenBecause: 'not ready: Kubelet stopped posting node status.',
      },
    ],
  });
});

test('a node that is seen has no such reason', async () => {
  const full = clusterNode('full', [condition('DiskPressure', 'True', 'kubelet has disk pressure', 120)]);
  expect(await jsonOf(full)).toMatchObject({ status: 'warning', nodes: [{ notSeen: null, notSeenBecause: null }] });
});

test('a node without the condition of rtwatch is not judged, and the status is unknown', async () => {
  expect(await jsonOf(clusterNode('calm'), clusterNode('bare', [], ['ContainerNodeUnhealthy']))).toMatchObject({
    status: 'unknown',
    counts: { nodes: 2, healthy: 2, unjudged: 1 },
    nodes: [],
  });
  expect(await jsonOf(clusterNode('calm'))).toMatchObject({ status: 'ok', counts: { unjudged: 0 } });
});
