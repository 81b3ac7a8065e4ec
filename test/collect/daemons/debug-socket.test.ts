import { describe, expect, test } from 'vitest';
import { DebugClient } from '../../../src/collect/daemons/debug-client.ts';
import { findDebugSocket, listeningSockets } from '../../../src/collect/daemons/debug-socket.ts';
import { World } from '../../../src/collect/world.ts';
import { Tree } from '../../support/world.ts';

const socket = (inode: number, path: string, listens = true): string =>
  `ffff8881013a8000: 00000002 00000000 000${listens ? 1 : 0}0000 0001 01 ${inode} ${path}\n`;

const containerd = (...paths: string[]): Tree => {
  const tree = new Tree().process(42, { comm: 'containerd' }, { 'fd/0': '/dev/null', 'fd/1': 'pipe:[9]' });
  tree.write('proc/42/net/unix', paths.map((path, i) => socket(100 + i, path)).join(''));
  for (const i of paths.keys()) tree.write(`proc/42/fd/${i + 2}`, `socket:[${100 + i}]`);
  return tree;
};

/** The tree as if it were the node's own root. */
const atRoot = (tree: Tree): World => new World({ ...tree.roots, rootfs: '/' });

describe('the debug socket', () => {
  test.each(['/run/containerd/debug.sock', '/var/run/docker/containerd/containerd-debug.sock'])(
    'is found at %s',
    (path) => {
      const tree = containerd('/run/containerd/containerd.sock', path);
      expect(findDebugSocket(atRoot(tree), 42)).toBe(`unix://${path}`);
    },
  );

  test('is none when the daemon listens on others only', () => {
    expect(findDebugSocket(atRoot(containerd('/run/containerd/containerd.sock')), 42)).toBeNull();
  });

  test('is none of another process of the namespace', () => {
    const tree = containerd().write('proc/42/net/unix', socket(777, '/run/other/debug.sock'));
    expect(findDebugSocket(atRoot(tree), 42)).toBeNull();
  });

  test('is looked for below the node’s root', () => {
    const tree = containerd('/run/containerd/debug.sock');
    expect(findDebugSocket(tree.world(), 42)).toBe(`unix://${tree.rootfs}/run/containerd/debug.sock`);
  });

  test('is not looked for through /var/run, which would lead out of the node’s root', () => {
    const tree = containerd('/var/run/docker/containerd/containerd-debug.sock');
    expect(findDebugSocket(tree.world(), 42)).toBe(`unix://${tree.rootfs}/run/docker/containerd/containerd-debug.sock`);
  });

  test.each(['@/containerd/debug.sock', 'relative/debug.sock'])('that has no path to open, as %s, is none', (path) => {
    const url = findDebugSocket(atRoot(containerd(path)), 42);
    expect(url).toBeNull();
  });

  test('is always a URL that can be asked', () => {
    for (const path of ['/run/containerd/debug.sock', '/run/a b/debug.sock', '@/x/debug.sock']) {
      const url = findDebugSocket(atRoot(containerd(path)), 42);
      expect(() => (url === null ? null : DebugClient.forUrl(url))).not.toThrow();
    }
  });
});

describe('the sockets a process listens on', () => {
  test('are its descriptors that listen', () => {
    const tree = containerd('/run/a.sock', '/run/b.sock');
    tree.write('proc/42/net/unix', socket(100, '/run/a.sock') + socket(101, '/run/a.sock', false));
    expect(listeningSockets(tree.world(), 42)).toEqual(['/run/a.sock']);
  });

  test('are none when it is gone, or may not be asked', () => {
    expect(listeningSockets(new Tree().world(), 42)).toEqual([]);
    expect(listeningSockets(containerd('/run/a.sock').remove('proc/42/fd').world(), 42)).toEqual([]);
    expect(listeningSockets(containerd('/run/a.sock').remove('proc/42/net').world(), 42)).toEqual([]);
  });
});
