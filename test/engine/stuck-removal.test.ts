import fs from 'node:fs';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { ContainerModel } from '../../src/model/containers/container.ts';
import type { Model } from '../../src/model/model.ts';
import { resolvedContainers } from '../../src/rules/engine/container-outcomes.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { succeed } from './run.ts';

let volume: FrozenVolume;
let watch: NodeWatch | null = null;

const node = engineNode({
  prepare: async (scratch) => {
    // The layers alone are on a filesystem of their own, one that takes chattr and can be frozen: what dockerd writes of a
    // container must go on, or it does not even come to say that it removes it.
    volume = await FrozenVolume.make(scratch, 512);
    const layers = scratch.of('docker', 'overlay2');
    fs.mkdirSync(layers, { recursive: true });
    // dockerd mounts its root on itself, over whatever is mounted in there, unless that has been done.
    await succeed('mount', ['--bind', '--make-shared', scratch.of('docker'), scratch.of('docker')]);
    await succeed('mount', ['--bind', volume.path, layers]);
  },
});

afterEach(async () => {
  await watch?.close();
  watch = null;
});

const containerIn = (model: Model, id: string): ContainerModel | undefined =>
  model.containers?.list.find((container) => container.id === id);

test('a removal that failed is reported with what the list says, what inspect says, and the error', async () => {
  const { engine } = node;
  const id = await engine.run('pinned', 'echo data > /pinned; exec sleep 99999');
  const upper = await engine.docker('inspect', '--format={{.GraphDriver.Data.UpperDir}}', id);
  await engine.docker('stop', '-t', '0', id);
  await succeed('chattr', ['+i', `${upper}/pinned`]);
  watch = new NodeWatch(node.rtwatch);
  const unpin = async (): Promise<void> => {
    if (fs.existsSync(`${upper}/pinned`)) await succeed('chattr', ['-i', `${upper}/pinned`]);
  };
  onTestFinished(unpin);
  await expect(engine.docker('rm', id)).rejects.toThrow('operation not permitted');
  await watch.until('the removal to be told', (model) => {
    const container = containerIn(model, id);
    // The list comes from a replica that a failed removal does not update.
    expect(container).toMatchObject({ stuck: true, listState: 'removing', inspectState: 'dead' });
    expect(container?.error).toMatch(/failed to remove root filesystem.*operation not permitted/);
    return container;
  });
  await watch.until('the finding', (_, { findings }) => {
    const finding = findings.find((one) => one.id === 'stuck-removal' && one.subjects.containers.includes(id));
    expect(finding?.evidence.map(({ text }) => text).join('\n')).toContain('operation not permitted');
    return finding;
  });
  await unpin();
  await engine.docker('rm', id);
  await watch.until('it to be gone', (model) => model.containers?.stuck === 0 && containerIn(model, id) === undefined);
});

test('a removal on a frozen filesystem is one chain: the container, the daemon’s threads, the filesystem', async () => {
  const { engine } = node;
  const id = await engine.run('slow', 'exec sleep 99999');
  await engine.docker('stop', '-t', '0', id);
  watch = new NodeWatch(node.rtwatch);
  await watch.until('it to be listed as exited', (model) => containerIn(model, id)?.state === 'exited');

  await volume.freeze();
  // The client gives up after a while; dockerd goes on.
  const removing = engine.docker('rm', id).catch(() => {});
  await watch.until('the removal to be overdue', (model) => {
    const container = containerIn(model, id);
    const waits = { kind: 'frozen-filesystem' };
    const worker = { pid: engine.dockerdPid, comm: 'dockerd', waits };
    expect(container).toMatchObject({ stuck: true, state: 'removing', worker });
    return container;
  });
  await watch.until('the finding', (_, { findings }) => {
    const finding = findings.find((one) => one.id === 'stuck-removal' && one.subjects.containers.includes(id));
    expect(finding?.summary).toMatch(
      /slow ← dockerd \(pid \d+, .*in D\) ← \w+\(\) on a frozen ext4 filesystem ← \/.* \(\/dev\/loop\d+\)/,
    );
    expect(finding?.remedies[0]?.command).toContain('fsfreeze -u');
    return finding;
  });
  await watch.remembered();
  volume.thaw();
  await removing;
  const resolved = await watch.until('it to be gone', (_, verdicts) =>
    resolvedContainers(verdicts).find((one) => one.id === id),
  );
  expect(resolved.name).toBe('slow');
});
