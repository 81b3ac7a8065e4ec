import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { captions, demoFile } from '../../../src/cli/commands/demo.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { NodeFollower } from '../../../src/timeline/node-follower.ts';
import { openRecording } from '../../../src/wire/recording/reader.ts';
import { program } from '../bundle-node.ts';

async function samplesOf(file: string): Promise<Sample[]> {
  const recording = await openRecording(file);
  const samples: Sample[] = [];
  for await (const sample of recording.samplesFrom(0)) samples.push(sample);
  expect(recording.damage()).toEqual({ blocks: 0, first: null });
  await recording.close();
  return samples;
}

test('the demo reports a container that cannot exit, from a healthy node to a healthy node', async () => {
  const samples = await samplesOf(demoFile());
  const from = samples[0]?.at ?? 0;
  const follower = new NodeFollower();
  const at = (second: number) => {
    for (const sample of samples.splice(0, samples.findLastIndex((one) => one.at <= from + second * 1000) + 1)) {
      follower.take(sample);
    }
    return follower.judge();
  };
  const goroutines = ({ model }: ReturnType<typeof at>): number => {
    const reading = model.daemons.find(({ name }) => name === 'dockerd')?.goroutines;
    return reading?.status === 'ok' ? reading.value : 0;
  };
  const titles = ({ verdicts }: ReturnType<typeof at>): string[] =>
    verdicts.findings.filter(({ severity }) => severity !== 'info').map(({ id }) => id);
  const calm = at(10);
  expect(titles(calm)).toEqual([]);
  expect(calm.model.containers?.list).toHaveLength(4);
  const stuck = at(25);
  expect(titles(stuck)).toContain('unkillable-container');
  const worst = at(58);
  expect(titles(worst)).toContain('unkillable-container');
  expect(goroutines(worst)).toBeGreaterThan(goroutines(calm) + 150);
  const over = at(84);
  expect(titles(over)).toEqual([]);
  expect(over.verdicts.resolved?.map(({ id }) => id)).toContain('unkillable-container');
  expect(goroutines(over)).toBeLessThan(goroutines(calm) + 20);
});

test('the captions are in the order of time and within the recording', async () => {
  const recording = await openRecording(demoFile());
  const seconds = captions.map(({ second }) => second);
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  expect(seconds.at(-1)).toBeLessThan((recording.to - recording.from) / 1000);
  await recording.close();
});

test('the demo is small, and says nothing of the machine that it was made on', async () => {
  expect(fs.statSync(demoFile()).size).toBeLessThan(300 * 1024);
  const text = JSON.stringify(await samplesOf(demoFile()));
  expect(text).toContain('"hostname":"node-7"');
  // The volume of the demo has a path that a node may have.
  expect(text).toContain('/srv/orders-db');
  expect(text).not.toMatch(/\/(?:home|root|work|Users)\/|\/srv\/(?!orders-db)/);
});

test('options before its name are said to come after it, and are no unknown command', () => {
  const run = (...args: string[]) => {
    const [command = '', ...start] = program;
    const { status, stderr } = spawnSync(command, [...start, ...args], { encoding: 'utf8' });
    return [status, stderr.split('\n')[0]];
  };
  expect(run('--utc', 'demo')).toEqual([
    64,
    'rtwatch: options of demo come after its name: rtwatch demo --help lists them',
  ]);
  expect(run('--utc', 'dmo')).toEqual([64, 'rtwatch: unknown command "dmo". See rtwatch --help']);
});
