import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { waitFor } from '../support/wait-for.ts';
import { Engine } from './engine.ts';
import { NodeWatch } from './node-watch.ts';
import { processes, processOf } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { run, succeed } from './run.ts';
import { Scratch } from './scratch.ts';

/** The mounts are read every ten seconds, and a leak is one when it stays: three readings, and a slow machine. */
const settledMountsMs = 45_000;
/** What libnetwork itself may still take away it does within a minute. */
const settledMs = 90_000;

let scratch: Scratch;
let engine: Engine;
let watch: NodeWatch | null = null;

afterEach(async () => {
  await watch?.close();
  watch = null;
});

const namespaceOf = (pid: number): string => /\d+/.exec(fs.readlinkSync(`/proc/${pid}/ns/mnt`))?.[0] ?? '';
const shimOf = async (container: string): Promise<number> => {
  const init = Number(await engine.docker('inspect', '--format={{.State.Pid}}', container));
  return processOf(init)?.ppid ?? 0;
};
const about = (findings: readonly Finding[], rule: string): Finding | undefined =>
  findings.find(({ id }) => id === rule);

describe('daemons in a mount namespace of their own, restarted in another one under live containers', () => {
  let before: string;
  let shims: number[];

  beforeAll(async () => {
    scratch = new Scratch();
    engine = await Engine.start(scratch, { ownMountNamespace: 'slave' });
    for (const name of ['one', 'two', 'three']) await engine.run(name, 'exec sleep 99999');
    before = namespaceOf(engine.dockerdPid);
    shims = await Promise.all(['one', 'two', 'three'].map(shimOf));
    await engine.restartDaemons();
  });

  afterAll(() => scratch?.close());

  test('are reported as split, with the shims left behind, both namespaces and the restart', async () => {
    watch = new NodeWatch(new Rtwatch(scratch, engine));

    const split = await watch.until(
      'the split to be found',
      (_, { findings }) => about(findings, 'split-mount-namespace'),
      settledMountsMs,
    );

    expect(split.subjects.pids).toEqual(expect.arrayContaining(shims));
    const words = [split.summary, ...split.evidence.map(({ text }) => text)].join('\n');
    expect(words).toContain(before);
    expect(words).toContain(namespaceOf(engine.dockerdPid));
  });

  test('leave network namespaces mounted where no process unmounts them, until the last old shim ends', async () => {
    watch = new NodeWatch(new Rtwatch(scratch, engine));
    await engine.docker('rm', '-f', 'one');
    const held = fs
      .readFileSync(`/proc/${shims[1]}/mountinfo`, 'utf8')
      .split('\n')
      .filter((line) => / - nsfs /.test(line));
    expect(held.length).toBeGreaterThan(0);

    const leaked = await watch.until(
      'the leak to be found',
      (_, { findings }) => about(findings, 'leaked-mount'),
      settledMs,
    );

    expect(leaked.severity).toBe('warning');
    expect(leaked.subjects.pids.some((pid) => shims.includes(pid))).toBe(true);
    expect(leaked.remedies.map(({ command }) => command).join('\n')).toMatch(/nsenter -t \d+ -m -- umount/);

    await engine.docker('rm', '-f', 'two', 'three');
    await waitFor('the old namespace to be gone', () => processes().every(({ pid }) => tryNamespace(pid) !== before));
    await watch.until('the leak to be gone', (_, { findings }) => !about(findings, 'leaked-mount'), settledMountsMs);
    await watch.until(
      'the split to be gone',
      (_, { findings }) => !about(findings, 'split-mount-namespace'),
      settledMountsMs,
    );
  }, 180_000);
});

describe('mounts of containers that somebody else holds', () => {
  beforeAll(async () => {
    scratch = new Scratch();
    engine = await Engine.start(scratch);
  });

  afterAll(() => scratch?.close());

  const layerDirOf = async (name: string): Promise<string> => {
    const merged = await engine.docker('inspect', '--format={{.GraphDriver.Data.MergedDir}}', name);
    return merged.replace(/\/merged$/, '');
  };

  test('a private copy beside the daemon blocks the removal: the path, the error and the way out are reported', async () => {
    const id = await engine.run('busy', 'exec sleep 99999');
    const copy = scratch.of('backup');
    fs.mkdirSync(copy);
    await succeed('mount', ['--rbind', '--make-rprivate', await layerDirOf('busy'), copy]);
    scratch.onClose(() => run('umount', ['-R', copy]));
    watch = new NodeWatch(new Rtwatch(scratch, engine));
    await expect(engine.docker('rm', '-f', 'busy')).rejects.toThrow('device or resource busy');

    const leaked = await watch.until(
      'the holder to be found',
      (_, { findings }) => {
        const finding = about(findings, 'leaked-mount');
        return finding?.subjects.containers.includes(id) === true && finding;
      },
      settledMountsMs,
    );

    expect(leaked.severity).toBe('critical');
    expect(leaked.subjects.mounts).toContain(`${copy}/merged`);
    expect(leaked.remedies.map(({ command }) => command).join('\n')).toContain(`umount ${copy}/merged`);

    await succeed('umount', ['-R', copy]);
    await engine.docker('rm', '-f', 'busy');
    await watch.until('nothing to be left', (_, { findings }) => !about(findings, 'leaked-mount'), settledMountsMs);
  }, 120_000);

  test('a copy in another namespace outlives its container: who holds it is named', async () => {
    const id = await engine.run('held', 'exec sleep 99999');
    const place = scratch.of('scan');
    fs.mkdirSync(place);
    const script = `mount --bind "$1/merged" "$2"; cd /; exec sleep 99998`;
    const args = ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', await layerDirOf('held'), place];
    const holder = spawn('unshare', args, { cwd: scratch.path, stdio: 'ignore' });
    await waitFor('the holder to hold it', () =>
      fs.readFileSync(`/proc/${holder.pid}/mountinfo`, 'utf8').includes(` ${place} `),
    );
    watch = new NodeWatch(new Rtwatch(scratch, engine));
    await watch.until('the container to be known', (model) => model.containers?.list.some((one) => one.id === id));
    await engine.docker('rm', '-f', 'held');

    const leaked = await watch.until(
      'the holder to be found',
      (_, { findings }) => about(findings, 'leaked-mount'),
      settledMountsMs,
    );

    expect(leaked.severity).toBe('warning');
    expect(leaked.subjects.pids).toContain(holder.pid);
    expect(leaked.subjects.mounts).toContain(place);

    holder.kill('SIGKILL');
    await watch.until('nothing to be left', (_, { findings }) => !about(findings, 'leaked-mount'), settledMountsMs);
  }, 180_000);
});

function tryNamespace(pid: number): string | null {
  try {
    return namespaceOf(pid);
  } catch {
    return null;
  }
}
