import { describe, expect, test } from 'vitest';
import { OtherDaemons } from '../../../src/collect/daemons/others.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { LiveWorld } from '../../support/live-world.ts';
import { Tree } from '../../support/world.ts';

const othersOf = (tree: Tree, ...watched: number[]) => {
  const world = new LiveWorld({ ...tree.roots, rootfs: '/' });
  const table = new ProcessTable(world, () => 0);
  table.scan();
  return new OtherDaemons(world, table).collect(new Set(watched));
};

const twoDockerds = (): Tree =>
  new Tree().process(10, { comm: 'dockerd' }).process(20, { comm: 'dockerd', starttime: 9 });

describe('a second dockerd', () => {
  test('is reported with the socket that it listens on', () => {
    const tree = twoDockerds()
      .write(
        'proc/20/net/unix',
        '0: 00000002 00000000 00010000 0001 01 77 /run/b/docker.sock\n1: 00000002 00000000 00010000 0001 01 78 /run/b/metrics.sock\n',
      )
      .write('proc/20/fd/9', 'socket:[77]')
      .write('proc/20/fd/10', 'socket:[78]');
    expect(othersOf(tree, 10)).toEqual([{ name: 'dockerd', pid: 20, sockets: ['unix:///run/b/docker.sock'] }]);
  });

  test.each([
    ['dockerd\0-H\0unix:///run/b.sock\0--host=tcp://127.0.0.1:2375\0', ['unix:///run/b.sock', 'tcp://127.0.0.1:2375']],
    ['dockerd\0-H\0fd://\0--containerd=/run/c.sock\0', ['unix:///var/run/docker.sock']],
    ['dockerd\0', ['unix:///var/run/docker.sock']],
  ])('is told by its command line where its descriptors may not be read: %j', (cmdline, sockets) => {
    expect(othersOf(twoDockerds().write('proc/20/cmdline', cmdline), 10)).toMatchObject([{ pid: 20, sockets }]);
  });

  test('in a container is reached through its root', () => {
    const tree = twoDockerds()
      .write('proc/20/cmdline', 'dockerd\0')
      .write('proc/20/cgroup', `0::/system.slice/docker-${'a1'.repeat(32)}.scope\n`);
    expect(othersOf(tree, 10)[0]?.sockets).toEqual([`unix://${tree.roots.procfs}/20/root/var/run/docker.sock`]);
  });

  test('that is blocked is not asked for its command line, which could hang', () => {
    const tree = twoDockerds().process(20, { comm: 'dockerd', state: 'D' }).write('proc/20/cmdline', 'dockerd\0');
    expect(othersOf(tree, 10)).toMatchObject([{ pid: 20, sockets: [] }]);
  });
});

test.each([
  ['containerd\0--address\0/run/k3s/containerd.sock\0', 'unix:///run/k3s/containerd.sock'],
  ['containerd\0', 'unix:///run/containerd/containerd.sock'],
])('another containerd is told by its command line %j', (cmdline, socket) => {
  const tree = new Tree().process(30, { comm: 'containerd' }).write('proc/30/cmdline', cmdline);
  expect(othersOf(tree)).toEqual([{ name: 'containerd', pid: 30, sockets: [socket] }]);
});

test('a containerd is reported by its configuration', () => {
  const tree = new Tree().process(30, { comm: 'containerd' });
  const config = `${tree.rootfs}/config.toml`;
  tree
    .write(
      'config.toml',
      'address = "/no"\n[grpc]\n  uid = 0\n  address = "/run/mine.sock"\n[debug]\n  address = "/d"\n',
    )
    .write('proc/30/cmdline', `containerd\0--config\0${config}\0`);
  expect(othersOf(tree)[0]?.sockets).toEqual(['unix:///run/mine.sock']);
});

test('a containerd whose configuration cannot be read may listen anywhere', () => {
  const tree = new Tree().process(30, { comm: 'containerd' });
  tree.write('proc/30/cmdline', `containerd\0--config\0${tree.rootfs}/gone.toml\0`);
  expect(othersOf(tree)).toEqual([{ name: 'containerd', pid: 30, sockets: [] }]);
});

test('the ones that are watched are not reported again, and none is none', () => {
  expect(othersOf(twoDockerds(), 10, 20)).toEqual([]);
  expect(othersOf(new Tree())).toEqual([]);
});

test('a containerd in a container is not believed where its configuration is: that would be a file of the node', () => {
  const tree = new Tree().process(30, { comm: 'containerd' });
  tree
    .write('config.toml', '[grpc]\naddress = "/run/of-the-node.sock"\n')
    .write('proc/30/cgroup', `0::/docker/${'a1'.repeat(32)}\n`)
    .write('proc/30/cmdline', `containerd\0--config\0${tree.rootfs}/config.toml\0`);
  const socket = `unix://${tree.roots.procfs}/30/root/run/containerd/containerd.sock`;
  expect(othersOf(tree)).toEqual([{ name: 'containerd', pid: 30, sockets: [socket] }]);
});

test.each(['/dev/zero', '/proc/kmsg', '/proc/kcore'])('%s is not read as a configuration', (file) => {
  const tree = new Tree().process(30, { comm: 'containerd' }).write('proc/30/cmdline', `containerd\0-c\0${file}\0`);
  expect(othersOf(tree)[0]?.sockets).toEqual(file === '/proc/kmsg' ? ['unix:///run/containerd/containerd.sock'] : []);
});
