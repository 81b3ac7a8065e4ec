import path from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { filesOf, type Manifest, yamlOf } from './files.ts';

const base = 'kubernetes/base';
const operator = 'kubernetes/prometheus-operator';
const only = (file: string) => yamlOf(file)[0] as Manifest & Record<string, never>;

test.each([base, operator])('the kustomization of %s names each of its files', (folder) => {
  const { resources } = only(`${folder}/kustomization.yaml`) as unknown as { resources: readonly string[] };
  const files = filesOf(folder, /\.yaml$/).map((file) => path.basename(file));
  expect([...resources, 'kustomization.yaml'].toSorted()).toEqual(files);
});

test('the patch of host-network changes the address of the one container, and nothing else of its arguments', () => {
  const operations = yamlOf('kubernetes/host-network/daemonset.yaml')[0] as { path: string; value: unknown }[];
  const daemonSet = only(`${base}/daemonset.yaml`);
  const valueAt = (pointer: string): unknown =>
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], daemonSet);
  const replaced = operations.map(({ path: at, value }) => [valueAt(at), value]);
  expect(replaced[0]).toEqual([undefined, true]);
  expect(replaced[1]?.[0]).toBeUndefined();
  expect(replaced[2]).toEqual(['--listen=0.0.0.0:9753', '--listen=$(HOST_IP):9753']);
});

test('the image is that of this version', () => {
  const { spec } = only(`${base}/daemonset.yaml`) as unknown as {
    spec: { template: { spec: { containers: readonly { image: string }[] } } };
  };
  expect(spec.template.spec.containers.map(({ image }) => image)).toEqual([`rtwatch:${manifest.version}`]);
});

test('the PodMonitor, the NetworkPolicy and the DaemonSet select the same pods and the same port', () => {
  const text = JSON.stringify(only(`${operator}/pod-monitor.yaml`));
  const policy = JSON.stringify(only(`${base}/network-policy.yaml`));
  const daemonSet = JSON.stringify(only(`${base}/daemonset.yaml`));
  const selector = '"matchLabels":{"app.kubernetes.io/name":"rtwatch"}';
  for (const one of [text, policy, daemonSet]) expect(one).toContain(selector);
  expect(text).toContain('"port":"metrics"');
  expect(policy).toContain('"port":"metrics"');
  expect(daemonSet).toContain('"name":"metrics","containerPort":9753');
});

test('the PrometheusRule has the rules of rtwatch.rules.yml', () => {
  const { kind, spec } = only(`${operator}/prometheus-rule.yaml`);
  expect(kind).toBe('PrometheusRule');
  expect(spec).toEqual(yamlOf('prometheus/rtwatch.rules.yml')[0]);
});

test('the PodMonitor has only fields that the operator knows', () => {
  const { spec } = only(`${operator}/pod-monitor.yaml`) as unknown as {
    spec: { podMetricsEndpoints: readonly { relabelings: readonly object[] }[] };
  };
  // API reference of prometheus-operator, monitoring.coreos.com/v1.
  expect(Object.keys(spec).toSorted()).toEqual(['podMetricsEndpoints', 'sampleLimit', 'selector']);
  const [endpoint] = spec.podMetricsEndpoints;
  expect(Object.keys(endpoint ?? {})).toEqual(['port', 'interval', 'scrapeTimeout', 'relabelings']);
  const known = ['action', 'regex', 'replacement', 'sourceLabels', 'targetLabel'];
  for (const relabeling of endpoint?.relabelings ?? []) {
    for (const key of Object.keys(relabeling)) expect(known).toContain(key);
  }
});
