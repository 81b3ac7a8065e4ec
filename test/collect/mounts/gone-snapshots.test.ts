import { describe, expect, test } from 'vitest';
import { GoneSnapshots } from '../../../src/collect/mounts/gone-snapshots.ts';
import { Tree } from '../../support/world.ts';

const directory = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
const [seven, nine] = [`${directory}/7`, `${directory}/9`];

function open(tree: Tree) {
  const clock = { at: 0 };
  const world = tree.world();
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path.slice(tree.rootfs.length));
  const snapshots = new GoneSnapshots(world, () => clock.at);
  return { clock, world, risky, look: (...mounted: string[]) => snapshots.collect(new Set(mounted)) };
}

describe('snapshots that are mounted where no runtime mounts them', () => {
  test('are gone when their directory is, in one announced read', () => {
    const { look, risky } = open(new Tree().write(`${seven}/work/work`, ''));
    expect(look(seven, nine)).toEqual([nine]);
    expect(risky).toEqual([directory]);
  });

  test('are looked for again after a minute, or when there is another one', () => {
    const tree = new Tree().write(`${seven}/work/work`, '').write(`${nine}/work/work`, '');
    const { clock, look, risky } = open(tree);
    expect(look(seven)).toEqual([]);
    tree.remove(seven);
    expect(look(seven)).toEqual([]);
    expect(risky).toHaveLength(1);
    clock.at = 60_000;
    expect(look(seven)).toEqual([seven]);
    expect(look(seven, nine)).toEqual([seven]);
    expect(risky).toHaveLength(3);
  });

  test('are not looked for where there are none, nor again when they are gone', () => {
    const { clock, look, risky } = open(new Tree().write(`${seven}/work/work`, ''));
    expect(look()).toEqual([]);
    expect(look(nine)).toEqual([nine]);
    clock.at = 120_000;
    expect(look(nine)).toEqual([nine]);
    expect(risky).toHaveLength(1);
  });

  test('are not known to be gone where the directory cannot be listed, or hung before', () => {
    expect(open(new Tree()).look(nine)).toEqual([]);
    const { look, world } = open(new Tree().write(`${seven}/work/work`, ''));
    world.avoided.push(`${world.roots.rootfs}${directory}`);
    expect(look(nine)).toEqual([]);
  });
});
