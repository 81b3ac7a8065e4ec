import { describe, expect, test } from 'vitest';
import { LayerOwners } from '../../../src/collect/mounts/layer-owners.ts';
import { okValue } from '../../../src/sample/reading.ts';
import { Tree } from '../../support/world.ts';

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const database = 'var/lib/docker/image/overlay2/layerdb/mounts';

function nodeWith(...ids: string[]): Tree {
  const tree = new Tree();
  for (const id of ids) tree.write(`${database}/${id}/mount-id`, `layer-of-${id[0]}`);
  return tree;
}

function open(tree: Tree) {
  const clock = { at: 0 };
  const world = tree.world();
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path.slice(tree.rootfs.length + 1));
  const owners = new LayerOwners(world, () => clock.at);
  const look = (storages: string[] = [], layers: string[] = [], known: Parameters<LayerOwners['collect']>[2] = []) =>
    owners.collect(storages, new Set(layers), known);
  return { clock, world, risky, look };
}

const owner = (id: string) => ({ layer: `layer-of-${id[0]}`, containerId: id });

describe('the engine’s layer database', () => {
  test('gives each layer’s container, in announced reads', () => {
    const { look, risky } = open(nodeWith(a, b));
    expect(look()).toMatchObject({ status: 'ok', value: [owner(a), owner(b)] });
    expect(risky.toSorted()).toEqual([database, `${database}/${a}/mount-id`, `${database}/${b}/mount-id`]);
  });

  test('is found by where layers are mounted', () => {
    const tree = new Tree().write(`data/docker/image/overlay2/layerdb/mounts/${a}/mount-id`, 'layer-of-a');
    expect(okValue(open(tree).look(['/data/docker/overlay2']))).toEqual([owner(a)]);
  });

  test('is not read again while nothing is new', () => {
    const { look, risky } = open(nodeWith(a));
    look([], ['layer-of-a']);
    risky.length = 0;
    look([], ['layer-of-a', 'layer-of-a-init']);
    expect(risky).toEqual([]);
  });

  test('is listed again when a layer shows up that it did not have, once', () => {
    const tree = nodeWith(a);
    const { look, risky } = open(tree);
    look();
    tree.write(`${database}/${b}/mount-id`, 'layer-of-b');
    risky.length = 0;
    expect(okValue(look([], ['layer-of-b', 'of-nobody']))).toEqual([owner(a), owner(b)]);
    expect(risky).toEqual([database, `${database}/${b}/mount-id`]);
    look([], ['layer-of-b', 'of-nobody']);
    expect(risky).toHaveLength(2);
  });

  test('is listed again after a minute, and what was removed is remembered as gone', () => {
    const tree = nodeWith(a, b);
    const { look, clock } = open(tree);
    look();
    tree.remove(`${database}/${a}`);
    clock.at = 59_000;
    expect(okValue(look())).toEqual([owner(a), owner(b)]);
    clock.at = 60_000;
    expect(okValue(look())).toEqual([{ ...owner(a), gone: true }, owner(b)]);
  });

  test('is forgotten once nothing has mounted its layer for ten minutes', () => {
    const tree = nodeWith(a, b);
    const { look, clock } = open(tree);
    look();
    for (const id of [a, b]) tree.remove(`${database}/${id}`);
    const gone = [a, b].map((id) => ({ ...owner(id), gone: true }));
    clock.at = 60_000;
    expect(okValue(look([], ['layer-of-a']))).toEqual(gone);
    clock.at = 659_000;
    expect(okValue(look([], ['layer-of-a']))).toEqual(gone);
    clock.at = 660_000;
    expect(okValue(look([], ['layer-of-a']))).toEqual(gone.slice(0, 1));
    clock.at = 1_259_000;
    expect(okValue(look())).toEqual(gone.slice(0, 1));
    clock.at = 1_859_000;
    expect(okValue(look())).toEqual([]);
  });

  test('of a node whose containers come and go for a day stays small', () => {
    const tree = new Tree();
    const { look, clock } = open(tree);
    const most: number[] = [];
    for (let minute = 0; minute < 200; minute++) {
      const [now, before] = [minute, minute - 1].map((n) => `${database}/${n.toString(16).padStart(64, '0')}`);
      tree.write(`${now}/mount-id`, `layer-${minute}`);
      tree.remove(`${before}`);
      clock.at = minute * 60_000;
      most.push(okValue(look())?.length ?? 0);
    }
    expect(Math.max(...most)).toBe(11);
  });

  test('is read in pieces when it is large', () => {
    const ids = Array.from({ length: 700 }, (_, i) => i.toString(16).padStart(64, '0'));
    const tree = new Tree();
    for (const id of ids) tree.write(`${database}/${id}/mount-id`, `layer-${id}`);
    const { look } = open(tree);
    expect(okValue(look())).toHaveLength(500);
    expect(okValue(look())).toHaveLength(700);
  });

  test('may hold what is no container and no layer', () => {
    const tree = nodeWith(a).write(`${database}/tmp/mount-id`, 'x').write(`${database}/${c}/mount-id`, '../../etc');
    expect(okValue(open(tree).look())).toEqual([owner(a)]);
  });
});

describe('without the database', () => {
  test('there is none where no docker is', () => {
    expect(open(new Tree()).look()).toMatchObject({ status: 'absent' });
  });

  test('the containers’ own namespaces give theirs', () => {
    expect(okValue(open(new Tree()).look([], [], [owner(c)]))).toEqual([owner(c)]);
  });

  test('one that hung is skipped as a whole, and that is reported', () => {
    const { look, world, risky } = open(nodeWith(a, b));
    world.avoided.push(`${world.roots.rootfs}/${database}/${a}/mount-id`);
    expect(look()).toMatchObject({ status: 'failed', detail: expect.stringContaining('hung before') });
    expect(risky).toEqual([]);
  });
});

describe('the list of containers/storage', () => {
  const list = (...pairs: (readonly [string, string])[]): string =>
    JSON.stringify(pairs.map(([id, layer]) => ({ id, layer, names: ['x'] })));
  const storage = '/var/lib/containers/storage/overlay';
  const folder = 'var/lib/containers/storage/overlay-containers';

  test('gives each layer’s container, of both its files, in announced reads', () => {
    const tree = new Tree()
      .write(`${folder}/containers.json`, list([a, c]))
      .write(`${folder}/volatile-containers.json`, list([b, a]));
    const { look, risky } = open(tree);
    expect(okValue(look([storage]))).toEqual([
      { layer: c, containerId: a },
      { layer: a, containerId: b },
    ]);
    expect(risky).toEqual([`${folder}/containers.json`, `${folder}/volatile-containers.json`]);
  });

  test('keeps what was removed since', () => {
    const tree = new Tree().write(`${folder}/containers.json`, list([a, c]));
    const { clock, look } = open(tree);
    look([storage]);
    tree.write(`${folder}/containers.json`, list([b, a]));
    clock.at = 61_000;
    expect(okValue(look([storage]))).toEqual([
      { layer: c, containerId: a, gone: true },
      { layer: a, containerId: b },
    ]);
  });

  test('that cannot be read says nothing of what is gone', () => {
    const tree = new Tree().write(`${folder}/containers.json`, list([a, c]));
    const { clock, look, world } = open(tree);
    look([storage]);
    clock.at = 61_000;
    world.avoided.push(`${tree.rootfs}/${folder}/containers.json`);
    expect(okValue(look([storage]))).toEqual([{ layer: c, containerId: a }]);
  });
});
