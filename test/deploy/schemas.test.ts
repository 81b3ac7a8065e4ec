import { expect, test } from 'vitest';
import { filesOf, jsonOf, type Manifest, yamlOf } from './files.ts';
import { type Typed, typeErrors } from './type-check.ts';

/** Where `kubernetes-types` has the objects of an API. */
const modules: Readonly<Record<string, string>> = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'networking.k8s.io/v1': 'networking/v1',
};
/** Of kustomize and the Prometheus Operator: no package as small has their schemas. Their shape is tested in `manifests.test.ts`. */
const without = ['kustomize.config.k8s.io/v1beta1', 'monitoring.coreos.com/v1'];

function typedManifests(): Typed[] {
  const files = filesOf('kubernetes', /\.ya?ml$/).filter((file) => !file.startsWith('kubernetes/host-network/'));
  return files.flatMap((file) =>
    yamlOf(file).flatMap((document) => {
      const value = document as Manifest;
      const module = modules[value.apiVersion];
      if (module !== undefined) return [{ name: file, value, type: value.kind, from: `kubernetes-types/${module}` }];
      expect(without, file).toContain(value.apiVersion);
      return [];
    }),
  );
}

test('each manifest has the fields that Kubernetes knows, of their types', async () => {
  const typed = typedManifests();
  expect(typed.map(({ type }) => type).toSorted()).toEqual(['DaemonSet', 'Namespace', 'NetworkPolicy']);
  expect(await typeErrors(typed)).toBe('');
});

test('the dashboard has the fields that Grafana knows, of their types', async () => {
  const value = jsonOf('grafana/rtwatch.json');
  expect(await typeErrors([{ name: 'dashboard', value, type: 'Dashboard', from: '@grafana/schema' }])).toBe('');
});

test('each expression of the dashboard keeps to the chosen cluster', () => {
  const { panels } = jsonOf('grafana/rtwatch.json') as { panels: { targets?: { expr: string }[] }[] };
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(20);
  for (const expression of expressions) {
    const series = expression.match(/\brtwatch_\w+|\bup\{/g) ?? [];
    expect(expression.split('cluster=~"$cluster"')).toHaveLength(series.length + 1);
  }
});

test('a field that is misspelt is found', async () => {
  const daemonSet = { name: 'a', type: 'Container', from: 'kubernetes-types/core/v1' };
  expect(await typeErrors([{ ...daemonSet, value: { name: 'a', securitycontext: {} } }])).toContain(
    '"securitycontext"',
  );
  const dashboard = { name: 'b', type: 'Dashboard', from: '@grafana/schema' };
  expect(await typeErrors([{ ...dashboard, value: { schemaVersion: 39, pannels: [] } }])).toContain('"pannels"');
});
