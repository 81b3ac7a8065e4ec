import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { run } from '../engine/run.ts';
import { deploy, yamlOf } from './files.ts';

const folder = path.join(deploy, 'prometheus');

test('promtool takes the rules and the example of a configuration', async () => {
  const { status, stdout, stderr } = await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd: folder });
  expect(status, stderr + stdout).toBe(0);
  expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
});

test('each alert fires on a sick node, and stays silent on a healthy one and where the series is missing', async () => {
  const { status, stdout, stderr } = await run('promtool', ['test', 'rules', 'rtwatch.rules.test.yml'], {
    cwd: folder,
  });
  expect(status, stderr + stdout).toBe(0);
  expect(stdout).toContain('SUCCESS');
});

/** The parts of a configuration of the OpenTelemetry Collector that refer to each other. */
interface Collector {
  readonly receivers: { readonly prometheus: { readonly config: { readonly scrape_configs: readonly object[] } } };
  readonly processors: object;
  readonly exporters: object;
  readonly service: { readonly pipelines: { readonly metrics: Readonly<Record<string, readonly string[]>> } };
}

test('the OpenTelemetry Collector scrapes as Prometheus does, and promtool takes what it is given', async ({
  onTestFinished,
}) => {
  const { receivers, processors, exporters, service } = yamlOf('opentelemetry/collector.yaml')[0] as Collector;
  const { config } = receivers.prometheus;
  const [prometheus] = yamlOf('prometheus/prometheus.yml') as { scrape_configs: readonly object[] }[];
  expect(config.scrape_configs).toEqual(prometheus?.scrape_configs);
  // The receiver would take it for a variable of the environment.
  expect(stringify(config)).not.toContain('$');
  const parts = { receivers, processors, exporters };
  expect(service.pipelines.metrics).toEqual(
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, Object.keys(part)])),
  );
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-collector-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, 'prometheus.yml'), stringify(config));
  const { status, stdout, stderr } = await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd: folder });
  expect(status, stderr + stdout).toBe(0);
});
