import fs from 'node:fs';
import net from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DaemonsCollector } from '../../../src/collect/daemons/daemons.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { openGate } from '../../support/open-gate.ts';
import { statusText, Tree } from '../../support/world.ts';
import { holdTime, look } from '../stand-in.ts';

const runtime = (tree: Tree, pid: number, socket: string): Tree =>
  tree
    .process(pid, { comm: 'containerd', starttime: pid })
    .write(`proc/${pid}/net/unix`, `0: 00000002 00000000 00010000 0001 01 ${pid} ${socket}\n`)
    .write(`proc/${pid}/status`, statusText())
    .write(`proc/${pid}/limits`, 'Max open files   20000   20000   files\n')
    .write(`proc/${pid}/fd/9`, `socket:[${pid}]`);

function open(tree: Tree): () => Promise<string[]> {
  holdTime();
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  const socketPath = '/none.sock';
  const engine = { kind: 'unix' as const, url: `unix://${socketPath}`, socketPath };
  const collector = new DaemonsCollector(world, table, { gate: openGate, engine, pprof: new Map(), periodMs: 1000 });
  onTestFinished(() => collector.close());
  return async () => {
    table.scan();
    const { daemons } = await look(() => collector.collect());
    return daemons.map(({ name, process }) => `${name} ${process.status}`);
  };
}

test('a runtime that ended keeps its row, and loses it when its socket is gone as well for ten minutes', async () => {
  const tree = runtime(runtime(new Tree(), 10, '/run/containerd/containerd.sock'), 20, '/run/k3s/containerd.sock');
  const rows = open(tree);
  expect((await rows()).filter((row) => row.endsWith('ok'))).toHaveLength(2);
  const before = (await rows()).length;
  tree.remove('proc/20');
  expect(await rows()).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(599_000);
  expect(await rows()).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await rows()).toHaveLength(before - 1);
});

test('its socket is looked for below the root of the node, where /var/run is a link out of it', async () => {
  const tree = runtime(runtime(new Tree(), 10, '/run/containerd/containerd.sock'), 20, '/var/run/k3s/containerd.sock');
  fs.mkdirSync(`${tree.rootfs}/run/k3s`, { recursive: true });
  const server = net.createServer().listen(`${tree.rootfs}/run/k3s/containerd.sock`);
  onTestFinished(() => void server.close());
  const rows = open(tree);
  await rows();
  const before = (await rows()).length;
  tree.remove('proc/20');
  expect(await rows()).toHaveLength(before);
  await vi.advanceTimersByTimeAsync(601_000);
  expect(await rows()).toHaveLength(before);
});

test('a new runtime gets the row of one that ended when there is no other', async () => {
  const tree = runtime(new Tree(), 10, '/run/containerd/containerd.sock');
  for (let pid = 20; pid < 26; pid++) runtime(tree, pid, `/run/other-${pid}.sock`);
  const rows = open(tree);
  const before = (await rows()).length;
  tree.remove('proc/20');
  runtime(tree, 30, '/run/newer.sock');
  const after = await rows();
  expect(after).toHaveLength(before);
  expect(after.filter((row) => row.endsWith('ok'))).toHaveLength(7);
});
