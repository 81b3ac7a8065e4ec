import path from 'node:path';
import { expect, test } from 'vitest';
import { launcher } from '../engine/rtwatch.ts';
import { run } from '../engine/run.ts';
import { jsonOf } from './files.ts';

/** As node-problem-detector reads it: pkg/custompluginmonitor/types/config.go. */
interface PluginConfig {
  readonly plugin: string;
  readonly pluginConfig: { readonly timeout: string; readonly max_output_length: number };
  readonly source: string;
  readonly conditions: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly type: string;
  readonly condition?: string;
  readonly reason: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly timeout: string;
}

const files = ['rtwatch.json', 'rtwatch-warnings.json'];
const configOf = (file: string) => jsonOf(`node-problem-detector/${file}`) as PluginConfig;
const demo = path.join(import.meta.dirname, '../../demo/stop.zst');

/** Runs a rule over a moment of a recording: its words as they are, and where the node is. */
async function runRule({ args }: Rule, at: string) {
  const { status, stdout } = await run(launcher, [...args, '--from', demo, '--at', at]);
  return { status, stdout };
}

test.each(files)('%s is a configuration that node-problem-detector takes', (file) => {
  const config = configOf(file);
  expect(Object.keys(config)).toEqual(['plugin', 'pluginConfig', 'source', 'metricsReporting', 'conditions', 'rules']);
  expect(config.plugin).toBe('custom');
  expect(config.rules).toHaveLength(1);
  for (const { type, condition, timeout } of config.rules) {
    // A rule may not wait longer than all may, and a condition must have a beginning.
    expect(timeout).toBe(config.pluginConfig.timeout);
    const known = config.conditions.map((one) => one.type);
    if (type === 'permanent') expect(known).toContain(condition);
    else expect({ type, condition, known }).toEqual({ type: 'temporary', condition: undefined, known: [] });
  }
});

test.each(files)(
  'the command of %s says a problem with 1 and one line that is not cut, and no problem with 0',
  async (file) => {
    const { rules, pluginConfig } = configOf(file);
    for (const rule of rules) {
      const sick = await runRule(rule, '-45s');
      expect(sick.status).toBe(1);
      expect(sick.stdout).toMatch(/^CRITICAL \d[^\n]*\n$/);
      expect(Buffer.byteLength(sick.stdout.trim())).toBeLessThanOrEqual(pluginConfig.max_output_length);
      const well = await runRule(rule, '-5s');
      expect(well).toEqual({ status: 0, stdout: expect.stringMatching(/^OK: /) });
    }
  },
);

test('what cannot be judged is neither: node-problem-detector takes every other code as unknown', async () => {
  const [rule] = configOf('rtwatch.json').rules;
  const nowhere = ['--procfs', '/nonexistent', '--sysfs', '/nonexistent', '--rootfs', '/nonexistent'];
  const { status, stdout } = await run(launcher, [...(rule?.args ?? []), ...nowhere, '--interval', '250ms']);
  expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringMatching(/^UNKNOWN: /) });
});
