import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CriCollector } from '../../../src/collect/cri/cri.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { ScriptedRuntime, scriptedContainer, scriptedSandbox } from '../../support/cri/server.ts';
import { waitFor } from '../../support/wait-for.ts';
import { DiscreetWorld, Tree } from '../../support/world.ts';

let runtime: ScriptedRuntime;

beforeEach(async () => {
  runtime = await ScriptedRuntime.start();
  runtime.sandboxes = [scriptedSandbox('s1')];
  runtime.containers = [scriptedContainer('a', 's1')];
});

afterEach(() => runtime.close());

/** A node on which processes listen on sockets, seen below another root. */
function listeners(
  ...found: readonly {
    readonly pid: number;
    readonly comm: string;
    readonly socket: string;
    readonly cgroup?: string;
  }[]
): Tree {
  const tree = new Tree();
  const lines = found.map(({ socket }, index) => `0: 00000002 00000000 00010000 0001 01 ${700 + index} ${socket}`);
  for (const [index, { pid, comm, cgroup }] of found.entries()) {
    tree.process(
      pid,
      { comm, starttime: pid },
      {
        'net/unix': `Num RefCount Protocol Flags Type St Inode Path\n${lines.join('\n')}\n`,
        cgroup: cgroup ?? '0::/system.slice/containerd.service\n',
        [`fd/${3 + index}`]: `socket:[${700 + index}]`,
      },
    );
  }
  return tree;
}

function collectorOf(tree: Tree, named: string[] = [], world = tree.world()): CriCollector {
  const table = new ProcessTable(world, () => 0);
  table.scan();
  return new CriCollector(world, table, { named, knownIds: () => [] });
}

test('a node without containerd and CRI-O is calm', async () => {
  expect(await collectorOf(new Tree()).collect()).toEqual({ status: 'absent', detail: 'no containerd and no CRI-O' });
});

test('a containerd whose descriptors this user may not see is not called absent', async () => {
  const tree = listeners({ pid: 10, comm: 'containerd', socket: '/run/containerd/containerd.sock' });
  expect(await collectorOf(tree, [], new DiscreetWorld(tree.roots)).collect()).toEqual({
    status: 'failed',
    detail: 'the sockets of containerd (pid 10): permission denied (run as root with CAP_SYS_PTRACE)',
  });
});

test('each containerd that listens is asked, by its socket and not by a path, and none that is in a container', async () => {
  const tree = listeners(
    { pid: 10, comm: 'containerd', socket: '/run/containerd/containerd.sock' },
    { pid: 11, comm: 'containerd', socket: '/run/k3s/containerd/containerd.sock' },
    { pid: 12, comm: 'crio', socket: '/var/run/crio/crio.sock' },
    { pid: 13, comm: 'containerd', socket: '/run/inner.sock', cgroup: `0::/docker/${'a'.repeat(64)}\n` },
    { pid: 14, comm: 'containerd', socket: '/run/containerd/debug.sock' },
  );
  const collector = collectorOf(tree);
  const reading = await collector.collect();
  collector.close();
  expect(reading.status === 'ok' && reading.value.runtimes.map(({ kind, pid, socket }) => [kind, pid, socket])).toEqual(
    [
      ['containerd', 10, 'unix:///run/containerd/containerd.sock'],
      ['containerd', 11, 'unix:///run/k3s/containerd/containerd.sock'],
      ['crio', 12, 'unix:///var/run/crio/crio.sock'],
    ],
  );
});

test('a socket that is named is used alone, whichever process listens', async () => {
  const tree = listeners({ pid: 10, comm: 'containerd', socket: '/run/containerd/containerd.sock' });
  const collector = collectorOf(tree, [runtime.url]);
  const reading = await waitFor('the pods', async () => {
    const one = await collector.collect();
    return one.status === 'ok' && one.value.runtimes.some(({ sandboxes }) => sandboxes.length > 0) && one;
  });
  collector.close();
  expect(reading).toMatchObject({
    status: 'ok',
    value: { runtimes: [{ kind: 'containerd', pid: null, ping: { status: 'ok' }, sandboxes: [{ id: 's1' }] }] },
  });
});

test('a socket that is named and not there is a fault', async () => {
  const collector = collectorOf(new Tree(), ['unix:///nowhere/containerd.sock']);
  expect(await collector.collect()).toEqual({
    status: 'failed',
    detail: 'no container runtime at unix:///nowhere/containerd.sock',
  });
  collector.close();
});

/** The usual socket of containerd below the root of a tree, with the scripted runtime behind it. */
function socketIn(tree: Tree, place = 'run/containerd/containerd.sock'): Tree {
  const file = path.join(tree.rootfs, place);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.symlinkSync(runtime.socketPath, file);
  return tree;
}

test('a containerd whose process is hidden is found by its usual socket, once it has answered', async () => {
  const collector = collectorOf(socketIn(new Tree().process(1, { comm: 'app' })));
  await waitFor('its lists', async () => {
    const reading = await collector.collect();
    return reading.status === 'ok' && reading.value.runtimes[0]?.containerList.status === 'ok';
  });
  const reading = await collector.collect();
  collector.close();
  expect(reading).toMatchObject({ status: 'ok', value: { runtimes: [{ kind: 'containerd', pid: null }] } });
});

test('a socket that is left over is no runtime', async () => {
  const tree = socketIn(new Tree());
  await runtime.close();
  const collector = collectorOf(tree);
  for (let look = 0; look < 3; look++)
    expect(await collector.collect()).toEqual({ status: 'absent', detail: 'no containerd and no CRI-O' });
  collector.close();
});

test('beside a process of a runtime no usual socket is tried: it is that one’s, or left over', async () => {
  const tree = socketIn(listeners({ pid: 12, comm: 'crio', socket: '/var/run/crio/crio.sock' }));
  const collector = collectorOf(tree);
  await collector.collect();
  const reading = await collector.collect();
  collector.close();
  expect(reading.status === 'ok' && reading.value.runtimes.map(({ kind }) => kind)).toEqual(['crio']);
});

test('a containerd that never answered is read from the disk, unless a thread of it waits for one', async () => {
  const id = 'a1'.repeat(32);
  const file = `var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/status`;
  const tree = socketIn(listeners({ pid: 10, comm: 'containerd', socket: '/run/containerd/containerd.sock' }));
  tree.write(file, JSON.stringify({ Version: 'v1', CreatedAt: 1.795e18, StartedAt: 1.795e18, FinishedAt: 0 }));
  runtime.stopped = true;
  const world = tree.world();
  const table = new ProcessTable(world, () => 0);
  table.scan();
  const collector = new CriCollector(world, table, { named: [], knownIds: () => [id] });
  const statuses = async (): Promise<unknown> => {
    const reading = await collector.collect();
    return reading.status === 'ok' ? reading.value.runtimes[0]?.diskStatuses : undefined;
  };
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    await collector.collect();
    await waitFor('the connection', () => runtime.calls.length > 0);
    vi.advanceTimersByTime(2000);
    expect(await statuses()).toBeUndefined();
    vi.advanceTimersByTime(2000);
    tree.process(10, { comm: 'containerd', state: 'D', starttime: 10 });
    table.scan();
    expect(await statuses()).toBeUndefined();
    tree.process(10, { comm: 'containerd', starttime: 10 });
    table.scan();
    expect(await statuses()).toMatchObject([{ containerId: id, finishedAt: null }]);
  } finally {
    vi.useRealTimers();
    collector.close();
  }
});
