import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { waitFor } from '../support/wait-for.ts';
import { hasNewer } from './engine.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { alarmsOf } from './machine.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { killPending, processesOfContainer } from './proc.ts';
import type { Report } from './rtwatch.ts';
import { run, succeed } from './run.ts';

const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';

const commandsOf = (finding: Finding | undefined): string =>
  (finding?.remedies ?? []).map(({ command }) => command).join();
/** Also one that is no mount any more. */
const unmount = async (place: string): Promise<void> => void (await run('umount', [place]));

/** `prepare-newer` says why they are not there, and fails where CI=true. */
describe.skipIf(!hasNewer).each([
  ['with its own image store', false],
  ['with the image store of containerd', true],
] as const)('a newer Docker, %s', (_, containerdImageStore) => {
  const node = engineNode({ newer: true, containerdImageStore });

  test('is a node where containers run and nothing is found', async () => {
    const id = await node.engine.run('idle', 'exec sleep 99999');
    const look = ({ daemons, containers, findings }: Report): boolean => {
      expect(daemons.find(({ name }) => name === 'dockerd')?.version).toMatch(/^(?:2[89]|[3-9]\d)\./);
      expect(daemons.find(({ name }) => name === 'containerd')?.version).toMatch(/^2\./);
      expect(containers.map(({ id, name, state }) => ({ id, name, state }))).toEqual([
        { id, name: 'idle', state: 'running' },
      ]);
      expect(alarmsOf(findings, [id])).toEqual([]);
      return true;
    };
    await node.rtwatch.checkUntil('the node', look, '--all', ...node.engine.ownLogs);
    await node.engine.docker('rm', '-f', 'idle');
  });

  test('has a container that cannot exit named with its mount, and resolved after the thaw', async () => {
    const volume = await FrozenVolume.make(node.scratch);
    const id = await node.engine.run('writer', writeForEver, [`--volume=${volume.path}:/data`]);
    await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
    const watch = new NodeWatch(node.rtwatch);
    onTestFinished(() => watch.close());
    await watch.until('the container', (model) => model.containers?.list.some((one) => one.id === id));
    await volume.freeze();
    const stopping = node.engine.stop('writer', 3000);
    await waitFor('SIGKILL to be delivered to a process in D', () =>
      processesOfContainer(id).find(({ pid, state }) => state === 'D' && killPending(pid)),
    );
    await watch.until('the finding', (_, { findings }) => {
      const found = findings.find(({ id, severity }) => id === 'frozen-filesystem' && severity === 'critical');
      expect(found?.remedies.map(({ command }) => command)).toContain(`fsfreeze -u ${volume.path}`);
      expect(found?.title).toContain('writer');
      return found;
    });
    await watch.remembered();
    volume.thaw();
    await stopping;
    // dockerd may sit out the ten seconds it gives a SIGKILL before it looks again.
    await watch.until('the finding to resolve', (_, { resolved = [] }) =>
      resolved.some(({ id }) => id === 'frozen-filesystem'),
    );
    await node.engine.docker('rm', '-f', 'writer');
  });

  test.runIf(containerdImageStore)('has a copy of a removed container’s root filesystem found as a leak', async () => {
    const id = await node.engine.run('batch', 'exec sleep 99999');
    const copy = fs.mkdtempSync(node.scratch.of('copy-'));
    await succeed('mount', ['--bind', node.scratch.of(`docker/rootfs/overlayfs/${id}`), copy]);
    onTestFinished(() => unmount(copy));
    const watch = new NodeWatch(node.rtwatch);
    onTestFinished(() => watch.close());
    await watch.until('the container, and its mount', (model) => {
      const isListed = model.containers?.list.some((one) => one.id === id) === true;
      return isListed && model.mounts !== null;
    });
    await node.engine.docker('rm', '-f', 'batch');
    await watch.until('the leak', (_, { findings }) => {
      const found = findings.find(({ id }) => id === 'leaked-mount');
      expect(found?.subjects).toMatchObject({ containers: [id] });
      expect(commandsOf(found)).toContain(`umount ${copy}`);
      return found;
    });
    await succeed('umount', [copy]);
    await watch.until('it to be resolved', (_, { findings }) => findings.every(({ id }) => id !== 'leaked-mount'));
  });

  test.runIf(containerdImageStore)(
    'has a copy found whose container was removed before rtwatch came, and none of those that are there',
    async () => {
      const copies = await Promise.all(
        ['earlier', 'running', 'exited'].map(async (name) => {
          const id = await node.engine.run(name, 'exec sleep 99999');
          const copy = fs.mkdtempSync(node.scratch.of(`copy-of-${name}-`));
          await succeed('mount', ['--bind', node.scratch.of(`docker/rootfs/overlayfs/${id}`), copy]);
          onTestFinished(() => unmount(copy));
          return copy;
        }),
      );
      await node.engine.docker('rm', '-f', 'earlier');
      await node.engine.stop('exited', 60_000);
      const watch = new NodeWatch(node.rtwatch);
      onTestFinished(() => watch.close());
      const found = await watch.until('the leak', (_, { findings }) => {
        const one = findings.find(({ id }) => id === 'leaked-mount');
        expect(commandsOf(one)).toContain(`umount ${copies[0]}`);
        return one;
      });
      for (const other of copies.slice(1)) expect(commandsOf(found)).not.toContain(other);
      for (const copy of copies) await unmount(copy);
      await node.engine.docker('rm', '-f', 'running', 'exited');
    },
  );

  test('whose containerd is stopped is not called healthy, and well again when it goes on', async () => {
    await node.engine.run('idle', 'exec sleep 99999');
    const watch = new NodeWatch(node.rtwatch);
    onTestFinished(() => watch.close());
    await watch.until('the container', (model) => model.containers?.list.some(({ name }) => name === 'idle'));
    process.kill(node.engine.containerdPid, 'SIGSTOP');
    // On failure the engine's `heal` lets it go on.
    await watch.until('the finding', (_, { findings }) => {
      const found = findings.find(
        ({ id, subjects }) => id === 'silent-daemon' && subjects.daemons.includes('containerd'),
      );
      expect(found?.severity).toBe('critical');
      expect(commandsOf(found)).toContain(`kill -CONT ${node.engine.containerdPid}`);
      return found;
    });
    process.kill(node.engine.containerdPid, 'SIGCONT');
    await watch.until('it to be resolved', (_, { findings }) => findings.every(({ id }) => id !== 'silent-daemon'));
    await node.engine.docker('rm', '-f', 'idle');
  });
});
