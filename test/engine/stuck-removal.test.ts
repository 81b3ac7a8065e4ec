import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ContainerModel } from '../../src/model/containers/container.ts';
import type { Model } from '../../src/model/model.ts';
import { resolvedContainers } from '../../src/rules/engine/container-outcomes.ts';
import { Engine } from './engine.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { NodeWatch } from './node-watch.ts';
import { Rtwatch } from './rtwatch.ts';
import { succeed } from './run.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let volume: FrozenVolume;
let engine: Engine;
let watch: NodeWatch | null = null;

beforeAll(async () => {
  scratch = new Scratch();
  // The layers alone are on a filesystem of their own, one that takes chattr and can be frozen: what dockerd writes of a
  // container must go on, or it does not even come to say that it removes it.
  volume = await FrozenVolume.make(scratch, 512);
  const layers = scratch.of('docker', 'overlay2');
  fs.mkdirSync(layers, { recursive: true });
  // dockerd mounts its root on itself, over whatever is mounted in there, unless that has been done.
  await succeed('mount', ['--bind', '--make-shared', scratch.of('docker'), scratch.of('docker')]);
  await succeed('mount', ['--bind', volume.path, layers]);
  engine = await Engine.start(scratch);
});

afterAll(() => scratch?.close());

afterEach(async () => {
  await watch?.close();
  watch = null;
});

const containerIn = (model: Model, id: string): ContainerModel | undefined =>
  model.containers?.list.find((container) => container.id === id);

test('a removal that failed is reported with what the list says, what inspect says, and the error', async () => {
  const id = await engine.run('pinned', 'echo data > /pinned; exec sleep 99999');
  const upper = await engine.docker('inspect', '--format={{.GraphDriver.Data.UpperDir}}', id);
  await engine.docker('stop', '-t', '0', id);
  await succeed('chattr', ['+i', `${upper}/pinned`]);
  watch = new NodeWatch(new Rtwatch(scratch, engine));
  try {
    await expect(engine.docker('rm', id)).rejects.toThrow('operation not permitted');

    const stuck = await watch.until(
      'the removal to be told',
      (model) => {
        const container = containerIn(model, id);
        return container?.stuck === true && container.inspectState === 'dead' && container;
      },
      30_000,
    );

    // The list comes from a replica that a failed removal does not update.
    expect(stuck).toMatchObject({ listState: 'removing', inspectState: 'dead' });
    expect(stuck.error).toMatch(/failed to remove root filesystem.*operation not permitted/);
    const finding = await watch.until('the finding', (_, { findings }) =>
      findings.find(({ id: rule, subjects }) => rule === 'stuck-removal' && subjects.containers.includes(id)),
    );
    expect(finding.evidence.map(({ text }) => text).join('\n')).toContain('operation not permitted');
  } finally {
    await succeed('chattr', ['-i', `${upper}/pinned`]);
  }
  await engine.docker('rm', id);
  await watch.until('it to be gone', (model) => model.containers?.stuck === 0 && containerIn(model, id) === undefined);
});

test('a removal on a frozen filesystem is one chain: the container, the daemon’s threads, the filesystem', async () => {
  const id = await engine.run('slow', 'exec sleep 99999');
  await engine.docker('stop', '-t', '0', id);
  watch = new NodeWatch(new Rtwatch(scratch, engine));
  await watch.until('it to be listed as exited', (model) => containerIn(model, id)?.state === 'exited');

  await volume.freeze();
  // The client gives up after a while; dockerd goes on.
  const removing = engine.docker('rm', id).catch(() => {});
  const stuck = await watch.until(
    'the removal to be overdue',
    (model) => {
      const container = containerIn(model, id);
      return container?.stuck === true && container.worker !== null && container;
    },
    25_000,
  );

  expect(stuck.state).toBe('removing');
  expect(stuck.worker).toMatchObject({ pid: engine.dockerdPid, comm: 'dockerd', waits: { kind: 'frozen-filesystem' } });
  const finding = await watch.until('the finding', (_, { findings }) =>
    findings.find(({ id: rule, subjects }) => rule === 'stuck-removal' && subjects.containers.includes(id)),
  );
  expect(finding.summary).toMatch(
    /slow ← dockerd \(pid \d+, .*in D\) ← \w+\(\) on a frozen ext4 filesystem ← \/.* \(\/dev\/loop\d+\)/,
  );
  expect(finding.remedies[0]?.command).toContain('fsfreeze -u');
  volume.thaw();
  await removing;
  const resolved = await watch.until('it to be gone', (_, verdicts) =>
    resolvedContainers(verdicts).find((one) => one.id === id),
  );
  expect(resolved.name).toBe('slow');
}, 90_000);
