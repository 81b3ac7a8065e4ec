import path from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../engine/run.ts';
import { deploy } from './files.ts';

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
