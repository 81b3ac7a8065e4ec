import fs from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContainerModel } from '../../src/model/containers/container.ts';
import type { Model } from '../../src/model/model.ts';
import { resolvedContainers } from '../../src/rules/engine/container-outcomes.ts';
import { waitFor } from '../support/wait-for.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { killPending, processesOfContainer } from './proc.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

const node = engineNode();
let watch: NodeWatch;

beforeEach(() => {
  watch = new NodeWatch(node.rtwatch);
});

afterEach(() => watch.close());

const containerOf = (model: Model, id: string): ContainerModel | undefined =>
  model.containers?.list.find((container) => container.id === id);

test('a container that cannot stop is stuck within two polls of its SIGKILL, with the reasons, until its volume is thawed', async () => {
  const volume = await FrozenVolume.make(node.scratch);
  const id = await node.engine.run('writer', writeForEver, [`--volume=${volume.path}:/data`]);
  await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
  await watch.until('the container to be listed', (model) => containerOf(model, id)?.stuck === false);
  await volume.freeze();
  await waitFor('a writer in D', () => processesOfContainer(id).some(({ state }) => state === 'D'));
  const stopping = node.engine.stop('writer', 60_000);
  const blocker = await waitFor('SIGKILL to be delivered to the process in D', () =>
    processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
  );
  const pollsBefore = watch.polls;

  const stuck = await watch.until('the container to be stuck', (model) => {
    const container = containerOf(model, id);
    return container?.stuck === true && container;
  });

  // One may have read the process before its signal came.
  expect(watch.polls - pollsBefore).toBeLessThanOrEqual(3);
  expect(stuck.blocker).toMatchObject({ pid: blocker.pid, comm: 'dd' });
  expect(stuck.evidence.map(({ kind }) => kind)).toContain('kill-pending');
  expect(stuck.pids).toContain(blocker.pid);

  // dockerd gives up after the grace and fourteen seconds, and answers 500; the container is as stuck as before.
  await stopping;
  void node.engine.stop('writer', 4000);
  const again = await watch.until('a second attempt to be counted', (model) => {
    const container = containerOf(model, id);
    return container?.stuck === true && container.attempts >= 2 && container;
  });
  expect(again.attempts).toBe(2);
  expect(again.stuckSince).toBeLessThanOrEqual((stuck.stuckSince ?? 0) + 1000);

  volume.thaw();
  const resolved = await watch.until('it to be told as resolved', (_, verdicts) =>
    resolvedContainers(verdicts).find((one) => one.id === id),
  );
  expect(resolved).toMatchObject({ name: 'writer' });
  await watch.until('nothing to be stuck', (model) => model.containers?.stuck === 0);
});
