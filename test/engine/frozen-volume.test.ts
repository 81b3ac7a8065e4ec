import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { killPending, processesOfContainer, wchanOf } from './proc.ts';
import { Terminal } from './terminal.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

const node = engineNode();

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 36 },
  { columns: 200, rows: 60 },
])('the command that thaws it is on a screen of $columns by $rows without a key press', async (size) => {
  const { volume, stopping } = await freezeUnderWriter(`writer-${size.columns}`);
  const terminal = await Terminal.open(node.scratch, size);
  onTestFinished(() => terminal.close());
  await terminal.enter(node.rtwatch.commandLine());
  const shown = await terminal.waitFor('the command', (screen) => screen.includes('fsfreeze -u'));
  expect(shown).toMatch(/ live \d+s/);

  await terminal.press('q');
  volume.thaw();
  await stopping;
});

test('the command that thaws it is there two polls after the first that shows the writer in D', async () => {
  const { volume, id, stopping } = await freezeUnderWriter('writer-polls');
  let blockedAt: number | undefined;
  let commandAt: number | undefined;
  const watch: NodeWatch = new NodeWatch(node.rtwatch, [], ({ model, verdicts }) => {
    const commands = verdicts.findings.flatMap(({ remedies }) => remedies.map(({ command }) => command));
    const isBlocked = model.processes?.list.some(({ containerId, state }) => containerId === id && state === 'D');
    if (isBlocked) blockedAt ??= watch.polls;
    if (commands.includes(`fsfreeze -u ${volume.path}`)) commandAt ??= watch.polls;
  });
  onTestFinished(() => watch.close());
  await watch.until('the command', () => commandAt);
  expect((commandAt ?? 0) - (blockedAt ?? 0)).toBeLessThanOrEqual(2);
  volume.thaw();
  await stopping;
});

test('a writer on a frozen filesystem, told to stop, is told in D with its wait, its SIGKILL and its container', async () => {
  const { volume, id, writer, stopping } = await freezeUnderWriter('writer');
  const wchan = wchanOf(writer.pid);

  expect(wchan).toMatch(/^\w+$/);
  const told = { pid: writer.pid, comm: 'dd', state: 'D', wchan, killPending: true, containerId: id };
  await node.rtwatch.checkUntil('the writer', ({ processes }) => {
    const ofContainer = processes.filter(({ containerId }) => containerId === id);
    expect(ofContainer).toContainEqual(expect.objectContaining(told));
    return true;
  });

  volume.thaw();
  await stopping;
  await waitFor('the container to end', () => processesOfContainer(id).length === 0);
  const healthy = await node.rtwatch.check();

  expect(healthy.processes.filter((process) => process.containerId === id || process.pid === writer.pid)).toEqual([]);
  const status = (): Promise<string> => node.engine.docker('inspect', '--format={{.State.Status}}', 'writer');
  // dockerd may sit out the ten seconds it gives a SIGKILL before it looks again.
  await waitFor('dockerd to say that it ended', async () => (await status()) === 'exited');
});

/** A container that was told to stop while it writes to a volume that was frozen. */
async function freezeUnderWriter(name: string) {
  const volume = await FrozenVolume.make(node.scratch);
  const id = await node.engine.run(name, writeForEver, [`--volume=${volume.path}:/data`]);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await volume.freeze();
  // dockerd sends SIGKILL a second after SIGTERM; the client may give up, dockerd goes on.
  const stopping = node.engine.stop(name, 3000);
  const writer = await waitFor('SIGKILL to be delivered to a process in D', () =>
    processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
  );
  return { volume, id, writer, stopping };
}
