import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followContainerLog } from '../../../src/app/actions/container-log.ts';
import type { OwnLog } from '../../../src/view/terminal/pages/own-log.ts';
import { ScriptedRuntime, scriptedStatus } from '../../support/cri/server.ts';
import { waitFor } from '../../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const id = 'a'.repeat(64);
let folder = '';
let runtime: ScriptedRuntime;
let stop = (): void => {};

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-log-'));
  runtime = await ScriptedRuntime.start();
});

afterEach(async () => {
  stop();
  await runtime.close();
  fs.rmSync(folder, { recursive: true });
});

function follow(): OwnLog[] {
  runtime.on('/runtime.v1.RuntimeService/ContainerStatus', () => ({
    message: scriptedStatus(id, `${folder}/0.log`),
  }));
  const logs: OwnLog[] = [];
  const places = ['--procfs', folder, '--cri', runtime.url, '--docker-host', `unix://${folder}/none.sock`];
  stop = followContainerLog([launcher, 'container-log', id, ...places], (log) => logs.push(log));
  return logs;
}

const line = (text: string): string => `2026-11-21T12:00:00.1Z stdout F ${text}\n`;
const has = (logs: OwnLog[], text: string): boolean => logs.at(-1)?.lines.at(-1)?.text === text;

test('the log that the runtime names is followed over its growth and its rotation', async () => {
  fs.writeFileSync(`${folder}/0.log`, line('one'));
  const logs = follow();
  await waitFor('the first line', () => has(logs, 'one'));
  fs.appendFileSync(`${folder}/0.log`, line('two'));
  await waitFor('what it grew by', () => has(logs, 'two'));
  fs.renameSync(`${folder}/0.log`, `${folder}/0.log.1`);
  fs.writeFileSync(`${folder}/0.log`, line('three'));
  await waitFor('the new file', () => has(logs, 'three'));
  expect(logs.at(-1)).toMatchObject({ path: `${folder}/0.log`, trouble: null });
  expect(logs.at(-1)?.lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('a log that is gone says so, and is read as soon as it is there', async () => {
  const logs = follow();
  await waitFor('the reason', () => logs.at(-1)?.trouble?.includes('is not there'));
  fs.writeFileSync(`${folder}/0.log`, line('one'));
  await waitFor('the line', () => has(logs, 'one') && logs.at(-1)?.trouble === null);
});
