import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../engine/run.ts';
import { Scratch } from '../engine/scratch.ts';
import { deploy } from './files.ts';
import { type Server, startAlertmanager } from './server.ts';

const config = path.join(deploy, 'prometheus/alertmanager.yml');

let scratch: Scratch;
let alertmanager: Server;
beforeAll(async () => {
  scratch = new Scratch();
  alertmanager = await startAlertmanager(scratch, config);
});
afterAll(() => scratch.close());

type Labels = Readonly<Record<string, string>>;

/** Sends alerts as Prometheus does. */
async function send(alerts: readonly Labels[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(alerts.map((labels) => ({ labels })));
  const sent = await fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body });
  expect(sent.status, await sent.text()).toBe(200);
}

/** The alerts of a cluster that notify. An inhibition works as soon as Alertmanager has handled its source: wait for that. */
const notifying = (cluster: string) =>
  expect.poll(
    async () => {
      const response = await fetch(
        `${alertmanager.url}/api/v2/alerts?filter=${encodeURIComponent(`cluster="${cluster}"`)}`,
      );
      const alerts = (await response.json()) as { labels: Labels; status: { state: string } }[];
      return alerts
        .filter(({ status }) => status.state === 'active')
        .map(({ labels }) => `${labels['alertname']} ${labels['instance'] ?? 'all'} ${labels['id'] ?? ''}`.trim())
        .toSorted();
    },
    { timeout: 60_000, interval: 50 },
  );

const finding = (cluster: string, instance: string, id: string, severity = 'critical'): Labels => ({
  alertname: severity === 'critical' ? 'ContainerNodeCritical' : 'ContainerNodeWarning',
  cluster,
  instance,
  id,
  severity,
  job: 'rtwatch',
});

test('amtool takes the example of a configuration', async () => {
  const { status, stdout, stderr } = await run('amtool', ['check-config', config]);
  expect(status, stderr + stdout).toBe(0);
  expect(stdout).toContain('2 inhibit rules');
});

test('a finding that many nodes share notifies once; another finding, severity or cluster notifies as ever', async () => {
  const shared = {
    alertname: 'ContainerNodesShareFinding',
    cluster: 'a',
    id: 'goroutine-growth',
    severity: 'critical',
  };
  await send([
    shared,
    finding('a', 'n1', 'goroutine-growth'),
    finding('a', 'n2', 'goroutine-growth'),
    finding('a', 'n2', 'leaked-mount'),
    finding('a', 'n3', 'goroutine-growth', 'warning'),
  ]);
  await notifying('a').toEqual([
    'ContainerNodeCritical n2 leaked-mount',
    'ContainerNodeWarning n3 goroutine-growth',
    'ContainerNodesShareFinding all goroutine-growth',
  ]);
  await send([finding('b', 'n1', 'goroutine-growth')]);
  await notifying('b').toEqual(['ContainerNodeCritical n1 goroutine-growth']);
});

test('a node without samples notifies once, not for each silent source; its findings notify as ever', async () => {
  const blind = (alertname: string, instance: string): Labels => ({
    alertname,
    cluster: 'c',
    instance,
    severity: 'warning',
  });
  await send([
    blind('ContainerNodeNotObserved', 'n1'),
    blind('ContainerNodeSourceSilent', 'n1'),
    blind('ContainerNodeRulesUnjudged', 'n1'),
    blind('ContainerNodeSourceSilent', 'n2'),
    finding('c', 'n1', 'stalled-reader'),
  ]);
  await notifying('c').toEqual([
    'ContainerNodeCritical n1 stalled-reader',
    'ContainerNodeNotObserved n1',
    'ContainerNodeSourceSilent n2',
  ]);
});
