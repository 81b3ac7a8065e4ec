import fs from 'node:fs';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { SocketActivation } from '../../../src/collect/daemons/activation.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { World } from '../../../src/collect/world.ts';
import { DiscreetWorld, Tree } from '../../support/world.ts';

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listening = (inode: number, path: string): string => `0: 00000002 00000000 00010000 0001 01 ${inode} ${path}\n`;
const atDocker = listening(99, '/run/docker.sock');

/** A node whose pid 1 is systemd and has the socket (inode 99) as descriptor 42. */
async function node(path = '/run/docker.sock'): Promise<Tree> {
  const tree = new Tree();
  tree.process(1, { comm: 'systemd', starttime: 1 });
  tree.write('proc/1/net/unix', listening(99, path));
  tree.write('proc/1/fd/42', 'socket:[99]').write('proc/1/fd/4', 'anon_inode:[eventpoll]');
  await listen(tree, path);
  return waiting(tree, true);
}

async function listen(tree: Tree, path: string): Promise<void> {
  tree.write(`${path.slice(1, path.lastIndexOf('/'))}/.folder`, '');
  const server = net.createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(`${tree.rootfs}${path}`, resolve));
}

/** Whether systemd waits for connections to the socket, or has given it to a service. */
function waiting(tree: Tree, waits: boolean): Tree {
  const line = (fd: number): string => `tfd: ${String(fd).padStart(8)} events:       19 data: 5605c77296d0\n`;
  return tree.write('proc/1/fdinfo/4', `pos:\t0\nflags:\t02000002\n${line(9)}${waits ? line(42) : ''}`);
}

interface Asked {
  /** After another reading of the processes. */
  readonly ask: (path?: string) => string | null;
  /** Between two readings of the processes. */
  readonly askAtOnce: () => string | null;
}

function gateOf(tree: Tree, { named = false, scanned = true, world = new World(tree.roots) } = {}): Asked {
  const table = new ProcessTable(world, () => 0);
  const activation = new SocketActivation(world, table, { named });
  const askFor = (path: string): string | null => activation.gate(`${tree.rootfs}${path}`);
  const ask = (path = '/run/docker.sock'): string | null => {
    if (scanned) table.scan();
    return askFor(path);
  };
  return { ask, askAtOnce: () => askFor('/run/docker.sock') };
}

const notRunning = 'dockerd does not run; systemd starts it at the first request to /run/docker.sock';

test('a socket that systemd alone has is not connected to, and is again when dockerd has it as well', async () => {
  const tree = await node();
  const { ask } = gateOf(tree);
  expect(ask()).toBe(notRunning);
  tree.process(50, { comm: 'dockerd', ppid: 1 }, { 'fd/7': 'socket:[99]', 'fd/0': '/dev/null' });
  expect(ask()).toBeNull();
  tree.remove('proc/50');
  expect(ask()).toBe(notRunning);
});

test('nor is one that was named, but Podman’s: to name it is to ask for its service', async () => {
  expect(gateOf(await node(), { named: true }).ask()).toBe(notRunning);
  const podman = await node('/run/podman/podman.sock');
  expect(gateOf(podman).ask('/run/podman/podman.sock')).toBe(
    'Podman’s service does not run; systemd starts it at the first request to /run/podman/podman.sock',
  );
  expect(gateOf(podman, { named: true }).ask('/run/podman/podman.sock')).toBeNull();
});

test('a dockerd that has closed its socket is stopping: a connection would wait for the next one', async () => {
  const tree = waiting(await node(), false);
  const { ask } = gateOf(tree);
  tree.process(50, { comm: 'dockerd', ppid: 1 }, { 'fd/7': 'socket:[99]', 'fd/0': '/dev/null' });
  expect(ask()).toBeNull();
  tree.remove('proc/50/fd/7');
  expect(ask()).toBe('dockerd is stopping; a request to /run/docker.sock would start it again');
});

test('a dockerd that has exited since the processes were read has no socket', async () => {
  const tree = waiting(await node(), false);
  const { ask, askAtOnce } = gateOf(tree);
  tree.process(50, { comm: 'dockerd', ppid: 1 }, { 'fd/7': 'socket:[99]', 'fd/0': '/dev/null' });
  expect(ask()).toBeNull();
  // exit(2) closes what it has open before its parent hears of it.
  tree.remove('proc/50/fd/7').remove('proc/50/fd/0');
  expect(askAtOnce()).toBe('dockerd is stopping; a request to /run/docker.sock would start it again');
  waiting(tree.remove('proc/50'), true);
  expect(askAtOnce()).toBe(notRunning);
});

test('without a process the socket that dockerd had is its service’s, until systemd waits for connections again', async () => {
  const tree = waiting(await node(), false);
  const { ask } = gateOf(tree);
  tree.process(50, { comm: 'dockerd', ppid: 1 }, { 'fd/7': 'socket:[99]', 'fd/0': '/dev/null' });
  expect(ask()).toBeNull();
  tree.remove('proc/50');
  expect(ask()).toBe('dockerd is stopping or starting; a request to /run/docker.sock could start it again');
  waiting(tree, true);
  expect(ask()).toBe(notRunning);
  waiting(tree, false).process(60, { comm: 'dockerd', ppid: 1 }, { 'fd/3': 'socket:[99]' });
  expect(ask()).toBeNull();
});

test('a dockerd whose descriptors may not be seen is connected to', async () => {
  const tree = await node();
  tree.process(50, { comm: 'dockerd', ppid: 1 }, { 'fd/7': 'socket:[99]' });
  expect(gateOf(tree, { world: new DiscreetWorld(tree.roots) }).ask()).toBeNull();
});

test('a dockerd that listens itself is connected to, also beside a socket of systemd', async () => {
  const tree = await node();
  tree.write('proc/1/net/unix', `${atDocker}${listening(100, '/run/docker.sock')}`);
  tree.process(50, { comm: 'dockerd', ppid: 1 }, { 'fd/7': 'socket:[100]' });
  expect(gateOf(tree).ask()).toBeNull();
});

test('one in a container listens at a path of the same name, and does not count', async () => {
  const tree = await node();
  tree.write('proc/1/net/unix', `${atDocker}${listening(100, '/run/docker.sock')}`);
  tree.process(
    50,
    { comm: 'dockerd' },
    { 'fd/7': 'socket:[100]', 'fd/0': '/dev/null', status: 'NSpid:\t50\t1\n', cgroup: '0::/guest\n' },
  );
  expect(gateOf(tree).ask()).toBe(notRunning);
});

test('a socket that systemd has given to a service of another name is connected to', async () => {
  const tree = waiting(await node(), false);
  tree.process(50, { comm: 'socket-proxy', ppid: 1 }, { 'fd/3': 'socket:[99]' });
  expect(gateOf(tree).ask()).toBeNull();
});

test('without the table of processes the epoll of systemd decides', async () => {
  const tree = await node();
  tree.write('proc/1/comm', 'systemd\n');
  expect(gateOf(tree, { scanned: false }).ask()).toBe(notRunning);
  expect(gateOf(waiting(tree, false), { scanned: false }).ask()).toBeNull();
});

test('what nobody listens on, or another than systemd, or is on a node or in a container without it, is connected to', async () => {
  const tree = await node();
  expect(gateOf(tree).ask('/run/other.sock')).toBeNull();
  tree.remove('proc/1/fd/42');
  expect(gateOf(tree).ask()).toBeNull();
  const other = await node();
  other.process(1, { comm: 'process_api' });
  expect(gateOf(other).ask()).toBeNull();
});

test('the socket of a user’s systemd is not connected to either', async () => {
  const tree = await node('/run/user/1000/docker.sock');
  tree.remove('proc/1/fd/42').process(900, { comm: 'systemd', ppid: 1 });
  tree.write('proc/900/fd/30', 'socket:[99]');
  expect(gateOf(tree).ask('/run/user/1000/docker.sock')).toContain('dockerd does not run');
});

test('a link to the socket is the socket', async () => {
  const tree = await node('/run/podman/podman.sock');
  fs.symlinkSync(`${tree.rootfs}/run/podman/podman.sock`, `${tree.rootfs}/run/docker.sock`);
  expect(gateOf(tree).ask()).toContain('Podman’s service does not run');
});

test('without root a socket of a unit is not connected to where no engine is visible; that of a program is', async () => {
  const tree = await node();
  tree.remove('proc/1/fd');
  expect(gateOf(tree).ask()).toBeNull();
  tree.write('usr/lib/systemd/system/docker.socket', '[Socket]\nListenStream=/run/docker.sock\n');
  expect(gateOf(tree).ask()).toBe(
    'no dockerd process is visible; systemd starts it at the first request to /run/docker.sock',
  );
  tree.process(50, { comm: 'dockerd', ppid: 1 });
  expect(gateOf(tree).ask()).toBeNull();
  tree.remove('proc/50').remove('proc/1/stat').write('proc/1/comm', 'systemd\n');
  expect(gateOf(tree).ask()).toBeNull();
});
