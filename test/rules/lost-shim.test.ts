import { expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { lostInPods } from '../corpus/pods.ts';
import * as scenes from '../support/scenes.ts';

test('of a pod the way out is the kubelet’s, and nothing names Docker', () => {
  const [{ scene }] = lostInPods as [(typeof lostInPods)[number]];
  const found = run(rules, scenes.modelOf(scene())).findings.find(({ id }) => id === 'lost-shim');
  expect(found?.title).toContain('shop/web-0/app is listed as running, but its first process is gone');
  expect(found?.remedies.map(({ command }) => command)).toEqual(['kubectl delete pod -n shop web-0']);
  expect(JSON.stringify(found)).not.toMatch(/docker/i);
});
