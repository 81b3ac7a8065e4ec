import { describe, expect, test } from 'vitest';
import { Listening } from '../../../src/collect/daemons/listening.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { World } from '../../../src/collect/world.ts';
import { DiscreetWorld, Tree } from '../../support/world.ts';

const socket = (inode: number, path: string): string =>
  `ffff8881013a8000: 00000002 00000000 00010000 0001 01 ${inode} ${path}\n`;

/** containerd with these listening sockets. */
const containerd = (...paths: string[]): Tree => {
  const tree = new Tree().process(42, { comm: 'containerd' }, { 'fd/0': '/dev/null' });
  tree.write('proc/42/net/unix', paths.map((path, n) => socket(100 + n, path)).join(''));
  for (const n of paths.keys()) tree.write(`proc/42/fd/${n + 1}`, `socket:[${100 + n}]`);
  return tree;
};

function open(world: World) {
  const clock = { ms: 0 };
  const listening = new Listening(world, () => clock.ms);
  const of = (ageSeconds: number): boolean | null => {
    const table = new ProcessTable(world, () => 0);
    table.scan();
    const entry = table.entries.get(42);
    if (entry === undefined) throw new Error('the tree has no process 42');
    clock.ms += 60_000;
    return listening.of(entry, ageSeconds);
  };
  return { clock, of };
}

describe('a containerd', () => {
  test('that has its socket listens', () => {
    expect(open(containerd('/run/containerd/containerd.sock').world()).of(60)).toBe(true);
  });

  test('that has none, or only its debug socket, does not', () => {
    expect(open(containerd().world()).of(60)).toBe(false);
    expect(open(containerd('/run/containerd/debug.sock').world()).of(60)).toBe(false);
  });

  test('that was only just started is not asked yet', () => {
    expect(open(containerd().world()).of(5)).toBeNull();
  });

  test('whose descriptors may not be seen is unknown', () => {
    expect(open(containerd('/run/containerd/containerd.sock').remove('proc/42/fd').world()).of(60)).toBeNull();
    expect(open(containerd().remove('proc/42/net').world()).of(60)).toBeNull();
    // Listed, but not to be read: another user namespace, or root without CAP_SYS_PTRACE.
    expect(open(new DiscreetWorld(containerd().roots)).of(60)).toBeNull();
  });

  test('that comes up late listens from then on, and is not read again', () => {
    const tree = containerd();
    const { of } = open(tree.world());
    expect(of(60)).toBe(false);
    tree
      .write('proc/42/net/unix', socket(100, '/run/containerd/containerd.sock'))
      .write('proc/42/fd/1', 'socket:[100]');
    expect(of(120)).toBe(true);
    tree.remove('proc/42/fd');
    expect(of(180)).toBe(true);
  });
});
