import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { waitFor } from '../support/wait-for.ts';
import { Engine } from './engine.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { processes, processOf } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { run, succeed } from './run.ts';
import { Scratch } from './scratch.ts';

let watch: NodeWatch | null = null;

afterEach(async () => {
  await watch?.close();
  watch = null;
});

const namespaceOf = (pid: number): string => /\d+/.exec(fs.readlinkSync(`/proc/${pid}/ns/mnt`))?.[0] ?? '';
const shimOf = async (engine: Engine, container: string): Promise<number> => {
  const init = Number(await engine.docker('inspect', '--format={{.State.Pid}}', container));
  return processOf(init)?.ppid ?? 0;
};
const about = (findings: readonly Finding[], rule: string): Finding | undefined =>
  findings.find(({ id }) => id === rule);

test('daemons in a mount namespace of their own, restarted in another one, are reported as split, and leave mounts until the last old shim ends', async () => {
  const scratch = new Scratch();
  onTestFinished(() => scratch.close());
  const engine = await Engine.start(scratch, { ownMountNamespace: 'slave' });
  for (const name of ['one', 'two', 'three']) await engine.run(name, 'exec sleep 99999');
  const before = namespaceOf(engine.dockerdPid);
  const shims = await Promise.all(['one', 'two', 'three'].map((name) => shimOf(engine, name)));
  await engine.restartDaemons();
  watch = new NodeWatch(new Rtwatch(scratch, engine));

  // With the shims left behind, both namespaces and the restart.
  await watch.until('the split to be found', (_, { findings }) => {
    const split = about(findings, 'split-mount-namespace');
    expect(split?.subjects.pids).toEqual(expect.arrayContaining(shims));
    const words = [split?.summary, ...(split?.evidence ?? []).map(({ text }) => text)].join('\n');
    expect(words).toContain(before);
    expect(words).toContain(namespaceOf(engine.dockerdPid));
    return split;
  });

  // Network namespaces stay mounted where no process unmounts them.
  await engine.docker('rm', '-f', 'one');
  const held = fs
    .readFileSync(`/proc/${shims[1]}/mountinfo`, 'utf8')
    .split('\n')
    .filter((line) => / - nsfs /.test(line));
  expect(held.length).toBeGreaterThan(0);
  // What libnetwork itself may still take away it does within a minute.
  await watch.until(
    'the leak to be found',
    (_, { findings }) => {
      const leaked = about(findings, 'leaked-mount');
      expect(leaked?.severity).toBe('warning');
      expect(leaked?.subjects.pids.some((pid) => shims.includes(pid))).toBe(true);
      expect(leaked?.remedies.map(({ command }) => command).join('\n')).toMatch(/nsenter -t \d+ -m -- umount/);
      return leaked;
    },
    150_000,
  );

  await engine.docker('rm', '-f', 'two', 'three');
  await waitFor('the old namespace to be gone', () => processes().every(({ pid }) => tryNamespace(pid) !== before));
  await watch.until('the leak to be gone', (_, { findings }) => !about(findings, 'leaked-mount'));
  await watch.until('the split to be gone', (_, { findings }) => !about(findings, 'split-mount-namespace'));
}, 600_000);

describe('mounts of containers that somebody else holds', () => {
  const node = engineNode();

  const layerDirOf = async (name: string): Promise<string> => {
    const merged = await node.engine.docker('inspect', '--format={{.GraphDriver.Data.MergedDir}}', name);
    return merged.replace(/\/merged$/, '');
  };

  test('a private copy beside the daemon blocks the removal: the path, the error and the way out are reported', async () => {
    const id = await node.engine.run('busy', 'exec sleep 99999');
    const copy = fs.mkdtempSync(node.scratch.of('backup-'));
    await succeed('mount', ['--rbind', '--make-rprivate', await layerDirOf('busy'), copy]);
    onTestFinished(async () => void (await run('umount', ['-R', copy])));
    watch = new NodeWatch(node.rtwatch);
    await expect(node.engine.docker('rm', '-f', 'busy')).rejects.toThrow('device or resource busy');

    await watch.until('the holder to be found', (_, { findings }) => {
      const leaked = about(findings, 'leaked-mount');
      expect(leaked).toMatchObject({ severity: 'critical' });
      expect(leaked?.subjects.containers).toContain(id);
      expect(leaked?.subjects.mounts).toContain(`${copy}/merged`);
      expect(leaked?.remedies.map(({ command }) => command).join('\n')).toContain(`umount ${copy}/merged`);
      return leaked;
    });

    await succeed('umount', ['-R', copy]);
    await node.engine.docker('rm', '-f', 'busy');
    await watch.until('nothing to be left', (_, { findings }) => !about(findings, 'leaked-mount'));
  });

  test('a copy in another namespace outlives its container: who holds it is named', async () => {
    const id = await node.engine.run('held', 'exec sleep 99999');
    const place = fs.mkdtempSync(node.scratch.of('scan-'));
    const script = `mount --bind "$1/merged" "$2"; cd /; exec sleep 99998`;
    const args = ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', await layerDirOf('held'), place];
    const holder = spawn('unshare', args, { cwd: node.scratch.path, stdio: 'ignore' });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await waitFor('the holder to hold it', () =>
      fs.readFileSync(`/proc/${holder.pid}/mountinfo`, 'utf8').includes(` ${place} `),
    );
    watch = new NodeWatch(node.rtwatch);
    await watch.until('the container to be known', (model) => model.containers?.list.some((one) => one.id === id));
    await node.engine.docker('rm', '-f', 'held');

    await watch.until('the holder to be found', (_, { findings }) => {
      const leaked = about(findings, 'leaked-mount');
      expect(leaked?.severity).toBe('warning');
      expect(leaked?.subjects.pids).toContain(holder.pid);
      expect(leaked?.subjects.mounts).toContain(place);
      return leaked;
    });

    holder.kill('SIGKILL');
    await watch.until('nothing to be left', (_, { findings }) => !about(findings, 'leaked-mount'));
  });
});

function tryNamespace(pid: number): string | null {
  try {
    return namespaceOf(pid);
  } catch {
    return null;
  }
}
