import fs from 'node:fs';
import { expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { killPending, processesOfContainer, wchanOf } from './proc.ts';
import { Terminal } from './terminal.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

const node = engineNode();

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 36 },
  { columns: 200, rows: 60 },
])(
  'the command that thaws it is on a screen of $columns by $rows within three ticks, without a key press',
  async (size) => {
    const volume = await FrozenVolume.make(node.scratch);
    const id = await node.engine.run(`writer-${size.columns}`, writeForEver, [`--volume=${volume.path}:/data`]);
    await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
    await volume.freeze();
    const stopping = node.engine.stop(`writer-${size.columns}`, 3000);
    await waitFor('SIGKILL to be delivered to a process in D', () =>
      processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
    );

    const terminal = await Terminal.open(node.scratch, size);
    await terminal.enter(node.rtwatch.commandLine());
    await terminal.waitFor('the first tick', (screen) => screen.includes('live 1s'));
    // Two ticks must show the same task in D: the third shows the finding, drawn a moment later.
    const shown = await terminal.waitFor('the command', (screen) => screen.includes('fsfreeze -u'), 4000);
    expect(shown).toContain('fsfreeze -u');

    await terminal.press('q');
    volume.thaw();
    await stopping;
  },
);

test('a writer on a frozen filesystem, told to stop, is told in D with its wait, its SIGKILL and its container', async () => {
  const volume = await FrozenVolume.make(node.scratch);
  const id = await node.engine.run('writer', writeForEver, [`--volume=${volume.path}:/data`]);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await volume.freeze();
  const stopping = node.engine.stop('writer', 3000);
  // dockerd sends SIGKILL a second after SIGTERM: the first tick.
  const writer = await waitFor('SIGKILL to be delivered to a process in D', () =>
    processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
  );
  const wchan = wchanOf(writer.pid);

  // A check is two ticks, so three have passed since the stop: no second try.
  const sick = await node.rtwatch.check();

  expect(wchan).toMatch(/^\w+$/);
  expect(sick.processes.filter((process) => process.containerId === id)).toContainEqual(
    expect.objectContaining({ pid: writer.pid, comm: 'dd', state: 'D', wchan, killPending: true, containerId: id }),
  );

  volume.thaw();
  await stopping;
  await waitFor('the container to end', () => processesOfContainer(id).length === 0);
  const healthy = await node.rtwatch.check();

  expect(healthy.processes.filter((process) => process.containerId === id || process.pid === writer.pid)).toEqual([]);
  const status = (): Promise<string> => node.engine.docker('inspect', '--format={{.State.Status}}', 'writer');
  // dockerd may sit out the ten seconds it gives a SIGKILL before it looks again.
  await waitFor('dockerd to say that it ended', async () => (await status()) === 'exited', { timeoutMs: 20_000 });
});
