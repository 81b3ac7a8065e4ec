import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ContainerModel } from '../../src/model/containers/container.ts';
import type { Model } from '../../src/model/model.ts';
import { parseDiskStatus } from '../../src/parse/cri/disk-status.ts';
import type { Verdicts } from '../../src/rules/engine/run.ts';
import { waitFor } from '../support/wait-for.ts';
import { containerds, criNode } from './cri-node.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { alarmsOf } from './machine.ts';
import { NodeWatch } from './node-watch.ts';
import { processesOfContainer } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

const containerOf = (model: Model, id: string): ContainerModel | undefined =>
  model.containers?.list.find((container) => container.id === id);
const findingOf = (verdicts: Verdicts, id: string): Verdicts['findings'][number] | undefined =>
  verdicts.findings.find((finding) => finding.id === id);
const runtimeOf = (model: Model) => model.cri?.runtimes[0];

describe.each(containerds)('a containerd %s', (_, { newer, isThere }) => {
  describe.skipIf(!isThere)('with pods', () => {
    const node = criNode(newer);
    let watch: NodeWatch;

    beforeEach(() => {
      watch = new NodeWatch(new Rtwatch(node.scratch, null), [
        '--cri',
        `unix://${node.socketPath}`,
        '--log',
        node.logFile,
      ]);
    });

    afterEach(() => watch.close());

    test('pods and containers have their names, and what comes and goes is seen, with nothing found', async () => {
      const pod = await node.runPod('web-0');
      const id = await node.runContainer(pod, 'app', 'sleep 1000000');
      await watch.until('the container to be listed', (model) => {
        const one = containerOf(model, id);
        // Its shim is seen first; then a list between its create and its start has it as created.
        expect(one).toMatchObject({
          from: 'engine',
          label: 'shop/web-0/app',
          pod: 'web-0',
          namespace: 'shop',
          image: 'docker.io/rtwatch-test/busybox:1',
          state: 'running',
          restarts: 0,
          stuck: false,
        });
        return one;
      });
      const other = await node.runContainer(pod, 'sidecar', 'sleep 1000000');
      await watch.until('the other', (model) => containerOf(model, other)?.state === 'running');
      await node.stopContainer(other, 60_000);
      await watch.until('its exit', (model) => containerOf(model, other)?.state === 'exited');
      await node.removePod(pod);
      await watch.until('its removal', (model) => containerOf(model, id) === undefined);
      const found = await watch.until('a judgement', (_, { findings }) => ({ list: findings }));
      expect(alarmsOf(found.list, [id, other])).toEqual([]);
    });

    test('a container whose volume is frozen does not stop: it is stuck, with the process and the mount, until the volume is thawed', async () => {
      const volume = await FrozenVolume.make(node.scratch);
      const pod = await node.runPod('db-0');
      const id = await node.runContainer(pod, 'writer', writeForEver, volume.path);
      await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
      await watch.until('the container', (model) => containerOf(model, id)?.stuck === false);
      await volume.freeze();
      await waitFor('a writer in D', () => processesOfContainer(id).some(({ state }) => state === 'D'));
      const stopping = node.stopContainer(id, 120_000);
      await watch.until('it to be stuck', (model) => {
        const container = containerOf(model, id);
        expect(container).toMatchObject({ stuck: true, label: 'shop/db-0/writer', blocker: { comm: 'dd' } });
        return container;
      });
      await watch.until('the finding', (_, verdicts) => findingOf(verdicts, 'unkillable-container'));
      volume.thaw();
      await stopping;
      await watch.until('nothing to be stuck', (model) => model.containers?.stuck === 0);
      await node.removePod(pod);
    });

    test('an update behind a stopped shim holds the status lock: the list hangs, the container is named, and SIGCONT heals', async () => {
      const pod = await node.runPod('api-0');
      const id = await node.runContainer(pod, 'app', 'sleep 1000000');
      const healthy = await node.runContainer(pod, 'healthy', 'sleep 1000000');
      await watch.until('both', (model) => containerOf(model, id) && containerOf(model, healthy));
      const shim = node.shimOf(pod);
      process.kill(shim, 'SIGSTOP');
      const updating = node.updateResources(id, 240_000);
      const finding = await watch.until('the holder', (_, verdicts) => {
        const one = findingOf(verdicts, 'container-status-lock');
        return one?.confidence === 'certain' && one;
      });
      expect(finding.title).toContain('shop/api-0/app');
      expect(finding.title).not.toContain('healthy');
      expect(finding.remedies[0]?.command).toBe(`kill -CONT ${shim}`);
      await watch.until('the runtime, whose list alone hangs', (model) => {
        expect(runtimeOf(model)).toMatchObject({
          ping: { status: 'ok' },
          sandboxList: { status: 'ok' },
          containerList: { status: 'pending' },
        });
        return true;
      });
      process.kill(shim, 'SIGCONT');
      await updating;
      await watch.until('the list', (model, verdicts) => {
        return (
          runtimeOf(model)?.containerList.status === 'ok' && findingOf(verdicts, 'container-status-lock') === undefined
        );
      });
      await node.removePod(pod);
    });

    test('the status file of a container says when it was started and how it ended', async () => {
      const pod = await node.runPod('old-0');
      const id = await node.runContainer(pod, 'app', 'sleep 1000000');
      expect(fs.existsSync(`${node.rootOf('containers', id)}/status`)).toBe(true);
      const text = fs.readFileSync(`${node.rootOf('containers', id)}/status`, 'utf8');
      expect(parseDiskStatus(id, text)).toMatchObject({ containerId: id, finishedAt: null, exitCode: null });
      expect(Math.abs(Date.now() - (parseDiskStatus(id, text)?.startedAt ?? 0))).toBeLessThan(60_000);
      await node.stopContainer(id, 60_000);
      const ended = parseDiskStatus(id, fs.readFileSync(`${node.rootOf('containers', id)}/status`, 'utf8'));
      expect(ended?.finishedAt).toBeGreaterThan(ended?.startedAt ?? Number.POSITIVE_INFINITY);
      expect(ended?.exitCode).toBeTypeOf('number');
      await node.removePod(pod);
    });

    test('a containerd that a signal stopped is found, and one that was killed and started again lists its pods', async () => {
      const pod = await node.runPod('web-1');
      const id = await node.runContainer(pod, 'app', 'sleep 1000000');
      await watch.until('the container', (model) => containerOf(model, id)?.state === 'running');
      process.kill(node.pid, 'SIGSTOP');
      const finding = await watch.until('the finding', (_, verdicts) => {
        const one = findingOf(verdicts, 'silent-daemon');
        expect(one).toMatchObject({ severity: 'critical', title: 'containerd does not answer: a signal stopped it' });
        return one;
      });
      expect(finding.remedies[0]?.command).toBe(`kill -CONT ${node.pid}`);
      process.kill(node.pid, 'SIGCONT');
      await watch.until('an answer', (_, verdicts) => findingOf(verdicts, 'silent-daemon') === undefined);
      const before = node.pid;
      await node.killContainerd();
      await node.startContainerd();
      expect(node.pid).not.toBe(before);
      await watch.until('the pods', (model) => {
        const runtime = runtimeOf(model);
        return runtime?.pid === node.pid && runtime.ping.status === 'ok' && containerOf(model, id)?.state === 'running';
      });
      await node.removePod(pod);
    });
  });
});
