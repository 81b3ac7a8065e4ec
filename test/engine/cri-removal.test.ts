import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import type { Verdicts } from '../../src/rules/engine/run.ts';
import { waitFor } from '../support/wait-for.ts';
import { tryKill } from './clear.ts';
import { containerds, criNode } from './cri-node.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { NodeWatch } from './node-watch.ts';
import { processesOfContainer } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { toolEnv } from './run.ts';

/** With a descriptor, which says on which filesystem it waits. */
const writeForEver = 'exec 3>/data/file; while :; do echo line >&3; sleep 0.05; done';

const findingOf = (verdicts: Verdicts, id: string): Verdicts['findings'][number] | undefined =>
  verdicts.findings.find((finding) => finding.id === id);
const unpin = (file: string): void => {
  if (fs.existsSync(file)) execFileSync('chattr', ['-i', file], { env: toolEnv() });
};
const hasContainer = (model: Model, id: string): boolean =>
  model.containers?.list.some((container) => container.id === id && container.from === 'engine') === true;

describe.each(containerds)('pods of a containerd %s', (_, { newer, isThere }) => {
  describe.skipIf(!isThere)('whose removal does not go on', () => {
    const node = criNode(newer);
    let watch: NodeWatch;

    beforeEach(() => {
      watch = new NodeWatch(new Rtwatch(node.scratch, null), [
        ...['--cri', `unix://${node.socketPath}`],
        ...['--log', node.logFile],
      ]);
    });

    afterEach(() => watch.close());

    test('a pod whose sandbox cannot be removed is found with the error and the attempts, and is gone after the repair', async () => {
      const pod = await node.runPod('job-0');
      const id = await node.runContainer(pod, 'app', 'exit 0');
      await watch.until('the container', (model) => hasContainer(model, id));
      const pinned = `${node.rootOf('sandboxes', pod.id)}/pinned`;
      fs.writeFileSync(pinned, '');
      execFileSync('chattr', ['+i', pinned]);
      onTestFinished(() => unpin(pinned));
      for (let attempt = 0; attempt < 3; attempt++) await expect(node.removePod(pod)).rejects.toThrow();
      const finding = await watch.until('the finding', (_, verdicts) => {
        const one = findingOf(verdicts, 'stuck-removal');
        expect(one).toMatchObject({
          severity: 'critical',
          title: 'pod shop/job-0 cannot be removed: a file is immutable or append-only',
          subjects: { containers: [pod.id] },
        });
        return one;
      });
      expect(finding.remedies[0]?.command).toContain('chattr -i -a ');
      unpin(pinned);
      await node.removePod(pod);
      await watch.until('it to be gone', (_, verdicts) => findingOf(verdicts, 'stuck-removal') === undefined);
    });

    test('a pod whose container is held by a frozen volume is not removed: the volume is named, and the thaw heals', async () => {
      const volume = await FrozenVolume.make(node.scratch);
      const pod = await node.runPod('db-1');
      const id = await node.runContainer(pod, 'writer', writeForEver, volume.path);
      await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
      await watch.until('the container', (model) => hasContainer(model, id));
      await volume.freeze();
      await waitFor('a writer in D', () => processesOfContainer(id).some(({ state }) => state === 'D'));
      const removing = node.removePod(pod, 120_000);
      removing.catch(() => {});
      onTestFinished(async () => {
        volume.thaw();
        await removing.catch(() => {});
      });
      await watch.until('the volume, and what thaws it', (_, { findings }) => {
        const one = findings.find(({ id: rule, severity }) => rule === 'frozen-filesystem' && severity === 'critical');
        expect(one?.remedies.map(({ command }) => command)).toContain(`fsfreeze -u ${volume.path}`);
        return one;
      });
      await watch.until('the container', (_, verdicts) => {
        const stuck = findingOf(verdicts, 'unkillable-container');
        expect(stuck?.subjects.containers).toEqual([id]);
        expect(JSON.stringify(stuck?.remedies)).toContain('Restarting containerd does not help');
        return stuck;
      });
      volume.thaw();
      await removing;
      await watch.until('nothing to be stuck', (model) => model.containers?.stuck === 0);
    });

    test('a shim whose bundle was removed while containerd was away is found, and is gone when it is killed', async () => {
      const pod = await node.runPod('web-2');
      const id = await node.runContainer(pod, 'app', 'sleep 1000000');
      await watch.until('the container', (model) => hasContainer(model, id));
      const shim = await node.leakShim(pod, [id]);
      onTestFinished(() => tryKill(shim));
      const finding = await watch.until('the finding', (_, verdicts) => {
        const one = findingOf(verdicts, 'leaked-shim');
        expect(one).toMatchObject({ confidence: 'certain', subjects: { pids: [shim] } });
        return one;
      });
      expect(finding.remedies.map(({ command }) => command)).toContain(`kill -KILL ${shim}`);
      process.kill(shim, 'SIGKILL');
      await watch.until('it to be gone', (_, verdicts) => findingOf(verdicts, 'leaked-shim') === undefined);
      await node.removePod(pod);
    });
  });
});
