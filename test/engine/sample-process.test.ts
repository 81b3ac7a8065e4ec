import os from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { waitFor } from '../support/wait-for.ts';
import { isRunning, processOf } from './proc.ts';
import { SampleProcess } from './sample-process.ts';

function start(...command: readonly string[]): SampleProcess {
  const process = new SampleProcess(command, { cwd: os.tmpdir(), env: { PATH: '/usr/bin:/bin' } });
  onTestFinished(() => process.close());
  return process;
}

async function all(process: SampleProcess): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of process) samples.push(sample);
  return samples;
}

test('the Samples end with the process that writes them', async () => {
  expect(await all(start('sh', '-c', 'echo \'{"seq":1}\'; echo \'{"seq":2}\''))).toEqual([{ seq: 1 }, { seq: 2 }]);
});

test('closed, they end while the process writes none, and nothing of it runs on', async () => {
  const sampler = start('sh', '-c', 'sleep 1000 & echo "{\\"seq\\":$!}"; wait');
  const samples = sampler[Symbol.asyncIterator]();
  const { value } = await samples.next();
  const sleeping = processOf(Number(value?.seq));
  if (sleeping === null) throw new Error('it started nothing');
  const next = samples.next();
  await sampler.close();
  expect(await next).toMatchObject({ done: true });
  await waitFor('the exit of what it started', () => !isRunning(sleeping));
});

test('a program that is not there is an error for the reader, and is closed', async () => {
  const absent = start('/nowhere/rtwatch');
  await expect(all(absent)).rejects.toThrow('ENOENT');
  await absent.close();
});
