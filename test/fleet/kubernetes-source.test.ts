import { describe, expect, test } from 'vitest';
import { statusOf } from '../../src/fleet/fleet.ts';
import { KubernetesSource } from '../../src/fleet/kubernetes-source.ts';
import { blindText, nodeText } from '../../src/view/fleet-words.ts';
import { clusterNode, condition, nodeList } from '../support/clusters.ts';
import { noon } from '../support/fleets.ts';

function sourceOf(get: (path: string) => Promise<string>): KubernetesSource {
  return new KubernetesSource({ get, intervalMs: 60_000, now: () => noon });
}

const unhealthy = (message: string, ago?: number, heartbeat?: number) =>
  condition('ContainerNodeUnhealthy', 'True', message, ago, heartbeat);
const hung = 'CRITICAL 1: web-1 does not stop';

describe('the nodes of a cluster', () => {
  test('are worst first, each with the message and since when', async () => {
    const items = [
      clusterNode('calm'),
      clusterNode('full', [condition('DiskPressure', 'True', 'kubelet has disk pressure', 120)]),
      clusterNode('gone', [condition('Ready', 'Unknown', 'Kubelet stopped posting node status.', 300)]),
      clusterNode('hung', [unhealthy(hung, 7200)]),
      clusterNode('silent', [condition('ContainerNodeUnhealthy', 'False', 'fine', 9000, 4000)]),
    ];
    const { fleet } = await sourceOf(() => Promise.resolve(nodeList(items))).ask();
    expect(fleet?.nodes.map(({ instance, worst }) => [instance, worst])).toEqual([
      ['hung', 'critical'],
      ['silent', 'blind'],
      ['gone', 'blind'],
      ['full', 'warning'],
    ]);
    expect(fleet?.nodes.map(nodeText)).toEqual([
      `ContainerNodeUnhealthy: ${hung}`,
      'not seen: newest sample 1h 6m old',
      'not ready: Kubelet stopped posting node status.',
      'DiskPressure: kubelet has disk pressure',
    ]);
    expect(fleet?.nodes.map(({ since }) => since !== null && noon / 1000 - since)).toEqual([7200, 4000, 300, 120]);
    expect(fleet).toMatchObject({ total: 5, critical: 1, notSeen: 2, warning: 1, healthy: 1, unjudged: 1 });
    expect(fleet?.nodes[0]?.versions).toEqual([
      { what: 'containerd', version: '1.6.8' },
      { what: 'kernel', version: '6.1.0-18-amd64' },
    ]);
  });

  test('of which half are not ready: each is said, a critical one stays critical', async () => {
    const lost = condition('Ready', 'Unknown', 'Kubelet stopped posting node status.');
    const items = Array.from({ length: 1000 }, (_, at) =>
      clusterNode(`node-${at}`, at % 2 === 0 ? [] : at === 1 ? [lost, unhealthy(hung)] : [lost]),
    );
    const { fleet } = await sourceOf(() => Promise.resolve(nodeList(items))).ask();
    expect(fleet).toMatchObject({ total: 1000, critical: 1, notSeen: 499, healthy: 500 });
    const [first] = fleet?.nodes ?? [];
    expect(first && [first.worst, blindText(first)]).toEqual([
      'critical',
      'not ready: Kubelet stopped posting node status.',
    ]);
  });

  test('are well while conditions named Ready are True, and one of these that is False is a warning', async () => {
    const items = [
      clusterNode('calm', [condition('KernelReady', 'True', 'Monitoring for the Kernel system is active')]),
      clusterNode('ill', [
        condition('KernelReady', 'True', 'Monitoring for the Kernel system is active'),
        condition('StorageReady', 'False', 'an XFS filesystem was shut down', 120),
      ]),
    ];
    const { fleet } = await sourceOf(() => Promise.resolve(nodeList(items))).ask();
    expect(fleet).toMatchObject({ healthy: 1, warning: 1 });
    expect(fleet?.nodes.map(nodeText)).toEqual(['StorageReady: an XFS filesystem was shut down']);
  });

  test('come in pages of 500, and one list is one round', async () => {
    const asked: string[] = [];
    const get = (path: string): Promise<string> => {
      asked.push(path);
      return Promise.resolve(asked.length === 1 ? nodeList([clusterNode('a')], 't/+=') : nodeList([clusterNode('b')]));
    };
    const { fleet } = await sourceOf(get).ask();
    expect(fleet?.total).toBe(2);
    expect(asked).toEqual(['/api/v1/nodes?limit=500', '/api/v1/nodes?limit=500&continue=t%2F%2B%3D']);
  });
});

describe('what is known of a cluster', () => {
  test('stays while the API server refuses', async () => {
    let refused = false;
    const source = sourceOf(() =>
      refused
        ? Promise.reject(new Error('nodes is forbidden'))
        : Promise.resolve(nodeList([clusterNode('hung', [unhealthy(hung)])])),
    );
    await source.ask();
    refused = true;
    const { fleet, questions } = await source.ask();
    expect(fleet?.critical).toBe(1);
    expect(questions).toEqual([
      { name: 'node conditions', answeredAt: noon, trouble: 'nodes is forbidden', warning: null },
    ]);
  });

  test('is not enough without the condition of rtwatch: that is said, and the status is unknown', async () => {
    const without = clusterNode('a', [], ['ContainerNodeUnhealthy']);
    const snapshot = await sourceOf(() => Promise.resolve(nodeList([without]))).ask();
    expect(snapshot.questions[0]?.warning).toContain('no node has a current condition ContainerNodeUnhealthy');
    expect(statusOf(snapshot)).toBe('unknown');
  });

  test('is nothing when the answer is something else', async () => {
    for (const body of ['{}', '<html>', '{"items":{}}']) {
      const { fleet, questions } = await sourceOf(() => Promise.resolve(body)).ask();
      expect(fleet).toBeNull();
      expect(questions[0]?.trouble).not.toBeNull();
    }
  });
});
