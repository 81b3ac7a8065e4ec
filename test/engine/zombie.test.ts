import { beforeAll, expect, test } from 'vitest';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { waitFor } from '../support/wait-for.ts';
import { engineNode } from './node.ts';
import { processesOfContainer } from './proc.ts';

/** The shell starts three children and becomes a sleep before they end, which waits for none of them. */
const reapNothing = 'for i in 1 2 3; do (sleep 0.3; exec true) & done; exec sleep 99999';

const node = engineNode();
let id: string;
let zombies: number[];
let init: number;

beforeAll(async () => {
  id = await node.engine.run('zombie-maker', reapNothing);
  init = Number(await node.engine.docker('inspect', '--format={{.State.Pid}}', id));
  const found = await waitFor('three zombies', () => {
    const dead = processesOfContainer(id).filter(({ state }) => state === 'Z');
    return dead.length === 3 && dead;
  });
  zombies = found.map(({ pid }) => pid);
});

test('every zombie of a container whose pid 1 does not reap is reported, with the container', async () => {
  await node.rtwatch.checkUntil('the zombies', ({ processes }) => {
    const ofContainer = processes.filter(({ containerId }) => containerId === id);
    expect(ofContainer.map(({ pid }) => pid).sort()).toEqual(zombies.toSorted());
    expect(new Set(ofContainer.map(({ comm, state }) => `${comm} ${state}`))).toEqual(new Set(['true Z']));
    return true;
  });
});

test('the samples name the parent that does not reap it', async () => {
  const ofContainer = await firstOf(id);

  expect(ofContainer.map(({ pid }) => pid).sort()).toEqual(zombies.toSorted());
  for (const zombie of ofContainer)
    expect(zombie).toMatchObject({ state: 'Z', ppid: init, parentComm: 'sleep', blocked: [] });
});

/** The processes of the container in the first sample that has any. */
async function firstOf(containerId: string): Promise<readonly ProcessValue[]> {
  let samples = 0;
  for await (const { readings } of node.rtwatch.samples()) {
    const value = readings.processes?.status === 'ok' ? readings.processes.value : null;
    const found = value?.processes.filter((process) => process.containerId === containerId) ?? [];
    if (found.length > 0) return found;
    if (++samples > 100) break;
  }
  throw new Error('no sample tells a process of the container');
}
