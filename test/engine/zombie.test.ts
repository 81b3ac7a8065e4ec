import { beforeAll, expect, onTestFinished, test } from 'vitest';
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
  // A sleep that has ended is a zombie too, until its shell reaps it.
  const found = await waitFor('three zombies', () => {
    const dead = processesOfContainer(id).filter(
      ({ comm, state, ppid }) => state === 'Z' && comm === 'true' && ppid === init,
    );
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
  const watch = node.rtwatch.watchSamples();
  onTestFinished(() => watch.close());
  const ofContainer = await watch.first('the zombies', ({ readings }) => {
    const value = readings.processes?.status === 'ok' ? readings.processes.value : null;
    const found = value?.processes.filter(({ containerId }) => containerId === id) ?? [];
    return found.length > 0 && found;
  });

  expect(ofContainer.map(({ pid }) => pid).sort()).toEqual(zombies.toSorted());
  for (const zombie of ofContainer)
    expect(zombie).toMatchObject({ state: 'Z', ppid: init, parentComm: 'sleep', blocked: [] });
});
