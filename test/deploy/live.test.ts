import fs from 'node:fs';
import { expect, test } from 'vitest';
import { FrozenVolume } from '../engine/frozen-volume.ts';
import { engineNode } from '../engine/node.ts';
import { run } from '../engine/run.ts';
import { waitFor } from '../support/wait-for.ts';
import { startExporter } from './exporter.ts';
import { jsonOf } from './files.ts';
import { type Alert, TestPrometheus } from './prometheus.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const node = engineNode();

/** What the test makes. A busy machine may have another trouble, as pressure of its disks. */
const made = ['frozen-filesystem', 'unkillable-container'];
const isMade = ({ labels }: Alert): boolean =>
  labels['alertname'] === 'ContainerNodeCritical' && made.includes(labels['id'] ?? '');

test('a real Prometheus scrapes rtwatch export: the alert of a frozen volume fires, says where to look, and resolves', async ({
  onTestFinished,
}) => {
  const engine = ['--docker-host', node.engine.host];
  const exporter = await startExporter(node.scratch, ...engine);
  onTestFinished(exporter.kill);
  const prometheus = await TestPrometheus.start(node.scratch, `live-${Date.now()}`, exporter.address);
  onTestFinished(() => void prometheus.server.child.kill('SIGKILL'));

  const page = await waitFor('a whole page of metrics', async () => {
    const text = await (await fetch(`http://${exporter.address}/metrics`)).text();
    return /^rtwatch_daemon_goroutines\{daemon="dockerd"\} \d/m.test(text) && text;
  });
  fs.writeFileSync(node.scratch.of('page'), page);
  const checked = await run('sh', ['-c', 'promtool check metrics < "$0"', node.scratch.of('page')]);
  expect(checked, page).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length).toBeLessThanOrEqual(150);

  await waitFor('the first scrape', async () => (await prometheus.query('up{job="rtwatch"} == 1')).length === 1);
  await waitFor(
    'the recording rules',
    async () => (await prometheus.query('cluster:rtwatch_nodes:count')).length === 1,
  );
  expect((await prometheus.alerts()).filter(isMade)).toEqual([]);

  const volume = await FrozenVolume.make(node.scratch);
  onTestFinished(() => volume.thaw());
  await node.engine.run('writer', writeForEver, [`--volume=${volume.path}:/data`]);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await volume.freeze();
  const stopping = node.engine.stop('writer', 3000);
  const alerts = await waitFor('both alerts to fire', async () => {
    const firing = (await prometheus.alerts()).filter((alert) => isMade(alert) && alert.state === 'firing');
    return firing.length === made.length && firing;
  });
  const alert = alerts.find(({ labels }) => labels['id'] === 'frozen-filesystem');
  expect(alert?.labels).toMatchObject({ severity: 'critical', instance: exporter.address, job: 'rtwatch' });
  expect(alert?.annotations['runbook_url']).toBe('docs/rules.md#frozen-filesystem');
  expect(alert?.annotations['description']).toContain('ssh 127.0.0.1 rtwatch check');

  // What node-problem-detector would run at this moment.
  const { rules } = jsonOf('node-problem-detector/rtwatch.json') as { rules: readonly { args: readonly string[] }[] };
  const npd = await node.rtwatch.run(...(rules[0]?.args ?? []));
  expect(npd).toMatchObject({ status: 1, stdout: expect.stringMatching(/^CRITICAL \d/) });
  expect(Buffer.byteLength(npd.stdout.trim())).toBeLessThanOrEqual(80);

  await expectDashboard(prometheus, exporter.address);

  volume.thaw();
  await stopping;
  await waitFor('both alerts to be over', async () => !(await prometheus.alerts()).some(isMade));

  await exporter.kill();
  const blind = await waitFor('the alert that the node is not scraped', async () =>
    (await prometheus.alerts()).find(
      ({ labels, state }) => labels['alertname'] === 'ContainerNodeNotScraped' && state === 'firing',
    ),
  );
  expect(blind.labels['instance']).toBe(exporter.address);
}, 240_000);

/** Panels that are rightly empty on this node. */
const mayBeEmpty = new Set([
  'API latency, 90th percentile',
  'Pressure',
  'Devices that complete nothing',
  'CPU of rtwatch',
]);

/** Prometheus takes each expression of the dashboard, and has data for each panel that should have some. */
async function expectDashboard(prometheus: TestPrometheus, instance: string): Promise<void> {
  const { panels } = jsonOf('grafana/rtwatch.json') as { panels: readonly Panel[] };
  const empty: string[] = [];
  for (const { title, targets = [] } of panels) {
    const results = [];
    for (const { expr } of targets) {
      const expression = expr
        .replaceAll('$node', instance)
        .replaceAll('$cluster', '.*')
        .replaceAll('$__rate_interval', '1m');
      results.push(...(await prometheus.query(expression)));
    }
    if (targets.length > 0 && results.length === 0) empty.push(title);
  }
  expect(empty.filter((title) => !mayBeEmpty.has(title))).toEqual([]);
}
