import fs from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { processesOfContainer } from './proc.ts';

/** libuv writes in threads of its pool: the first thread only waits for them, and is free to die. */
const writeInThreads =
  "const fs = require('fs'); for (const n of [1, 2]) { const again = () => fs.writeFile('/data/' + n, 'x'.repeat(65536), () => setTimeout(again, 10)); again(); }";

const node = engineNode();
let watch: NodeWatch | null = null;

afterEach(() => watch?.close());

test('a dead process whose thread is in D holds its container up, and its parent is not to blame', async () => {
  const volume = await FrozenVolume.make(node.scratch);
  // The program that runs this test, with the libraries of this machine.
  const libraries = ['/lib', '/lib64', '/usr/lib'].filter((folder) => fs.existsSync(folder));
  const id = await node.engine.docker(
    ...['run', '-d', '--net=none', '--name=threads', `--volume=${volume.path}:/data`],
    ...[`--volume=${process.execPath}:/node:ro`, ...libraries.map((folder) => `--volume=${folder}:${folder}:ro`)],
    ...['rtwatch-test:busybox', '/node', '-e', writeInThreads],
  );
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/1`));
  watch = new NodeWatch(node.rtwatch);
  await volume.freeze();
  const [leader] = processesOfContainer(id);
  await waitFor('a thread in D', () =>
    fs.readdirSync(`/proc/${leader?.pid}/task`).some((tid) => / D /.test(stat(`/proc/${leader?.pid}/task/${tid}`))),
  );
  const stopping = node.engine.stop('threads', 40_000);
  await waitFor(
    'the leader to be a zombie',
    () => processesOfContainer(id).length === 0 || / Z /.test(stat(`/proc/${leader?.pid}`)),
  );

  const stuck = await watch.until('the container to be stuck', (model) => {
    const container = model.containers?.list.find((one) => one.id === id);
    return container?.stuck === true && container;
  });

  expect(stuck.pids).toContain(leader?.pid);
  await watch.until('the zombie to be told', (model) => {
    const dead = model.processes?.list.find(({ pid }) => pid === leader?.pid);
    expect(dead).toMatchObject({ state: 'Z', containerId: id, zombie: { holds: true } });
    expect(dead?.blockedTids?.length).toBeGreaterThan(0);
    // The engine says of such a one: “Use the --init option”. It would not help.
    expect(dead?.zombie?.advice).not.toMatch(/run .*--init/i);
    return dead;
  });

  volume.thaw();
  await stopping;
  await watch.until('nothing to be stuck', (model) => model.containers?.stuck === 0);
});

function stat(folder: string): string {
  try {
    return fs.readFileSync(`${folder}/stat`, 'utf8');
  } catch {
    return '';
  }
}
