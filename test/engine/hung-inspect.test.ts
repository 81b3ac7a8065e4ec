import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import { waitFor } from '../support/wait-for.ts';
import { engineNode } from './node.ts';
import { NodeWatch } from './node-watch.ts';
import { processes, processOf } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';

const node = engineNode();
let watch: NodeWatch | null = null;
let proxies = 0;

afterEach(async () => {
  await watch?.close();
  watch = null;
});

const containerIn = (model: Model, id: string) => model.containers?.list.find((container) => container.id === id);

test('an inspect that is never answered is reported for its container, and holds up nothing else', async () => {
  const held = await node.engine.run('held', 'exec sleep 99999');
  const others = await Promise.all(['one', 'two'].map((name) => node.engine.run(name, 'exec sleep 99999')));
  const proxy = await holdingProxy(`/containers/${held}/json`);
  watch = new NodeWatch(new Rtwatch(node.scratch, { host: `unix://${proxy.socketPath}` }));

  const inspect = await watch.until('the inspect to be overdue', (model) => {
    const evidence = containerIn(model, held)?.evidence.find(({ kind }) => kind === 'inspect-silent');
    return evidence ?? false;
  });

  expect(inspect.source).toContain(held.slice(0, 12));
  const model = await watch.until('the rest to go on', (now) => now);
  expect(model.containers?.list.map(({ id }) => id).sort()).toEqual([held, ...others].sort());
  for (const id of others) expect(containerIn(model, id)).toMatchObject({ stuck: false, evidence: [] });
  // One request at a time, however often it is due.
  expect(proxy.mostHeld()).toBe(1);
  const before = watch.taken;
  await watch.until('samples to go on', () => (watch?.taken ?? 0) > before + 3);
  await node.engine.docker('rm', '-f', 'held', 'one', 'two');
});

test('a container whose shim was stopped is reported with its shim, though the engine says running', async () => {
  const id = await node.engine.run('silent-shim', 'exec sleep 99999');
  const other = await node.engine.run('beside', 'exec sleep 99999');
  const init = Number(await node.engine.docker('inspect', '--format={{.State.Pid}}', id));
  const shim = processOf(init)?.ppid ?? 0;
  watch = new NodeWatch(node.rtwatch);
  await watch.until('both to be listed', (model) => containerIn(model, id) && containerIn(model, other));

  process.kill(shim, 'SIGSTOP');
  try {
    // Holds the container's lock in dockerd for as long as the shim does not answer.
    void node.engine.docker('kill', id).catch(() => {});
    await watch.until('the container to be stuck', (model) => {
      const container = containerIn(model, id);
      expect(container).toMatchObject({ stuck: true, shim: { pid: shim, state: 'T' } });
      return container;
    });

    const model = await watch.until('a poll', (now) => now);
    expect(containerIn(model, other)).toMatchObject({ stuck: false });
  } finally {
    process.kill(shim, 'SIGCONT');
  }
  await waitFor('the container to end', () => processes().every(({ pid }) => pid !== init));
  await watch.until('nothing to be stuck', (model) => model.containers?.stuck === 0);
});

/** A socket in front of the engine's; what it held at most of the questions that it never answers. */
async function holdingProxy(path: string): Promise<{ socketPath: string; mostHeld: () => number }> {
  // Another one for each try.
  const socketPath = node.scratch.of(`proxy-${proxies++}.sock`);
  const script = fileURLToPath(new URL('holding-proxy.ts', import.meta.url));
  const child = spawn(process.execPath, [script, socketPath, node.engine.socketPath, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await waitFor('the proxy to listen', () => said !== '');
  return { socketPath, mostHeld: () => Math.max(...said.split('\n').map(Number)) };
}
