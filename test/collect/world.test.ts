import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../../src/base/system-error.ts';
import { liveRoots, World } from '../../src/collect/world.ts';
import { Tree } from '../support/world.ts';

const open = (): { tree: Tree; world: World } => {
  const tree = new Tree().process(42, {}, { comm: 'app\n', 'ns/mnt': 'mnt:[4026531832]\n', 'fd/0': '/dev/null' });
  return { tree, world: tree.world() };
};

describe('a file', () => {
  test('is read whole, however long it is', () => {
    const { tree, world } = open();
    for (const length of [0, 65_535, 65_536, 65_537, 400_000]) {
      const text = 'é'.repeat(length);
      tree.write('proc/long', text);
      expect(world.readText(world.proc('long'))).toBe(text);
    }
    expect(world.readText(world.proc('42/comm'))).toBe('app\n');
  });

  test('is not read to its end when it is longer than any that a node has', () => {
    const { tree, world } = open();
    tree.write('proc/endless', '');
    fs.truncateSync(world.proc('endless'), 2 ** 40);
    expect(() => world.readText(world.proc('endless'))).toThrow(expect.objectContaining({ code: 'EFBIG' }));
    expect(world.tryText(world.proc('endless'))).toBeNull();
    expect(world.readText(world.proc('42/comm'))).toBe('app\n');
  });

  test('that is not there is reported by its code, or is null for a caller that only tries', () => {
    const { world } = open();
    expect(() => world.readText(world.proc('7/stat'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => world.readRecord(world.proc('7/stat'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(world.tryText(world.proc('7/stat'))).toBeNull();
  });

  test('that cannot be read leaves no descriptor behind', () => {
    const { world } = open();
    const before = fs.readdirSync('/dev/fd').length;
    for (let i = 0; i < 20; i++) expect(world.tryText(world.proc('42'))).toBeNull();
    expect(fs.readdirSync('/dev/fd')).toHaveLength(before);
  });
});

describe('a link', () => {
  test('gives its target, whether or not that is there', () => {
    const { tree, world } = open();
    fs.symlinkSync('net:[4026532190]', `${tree.roots.procfs}/42/ns/net`);
    expect(world.readLink(world.proc('42/ns/net'))).toBe('net:[4026532190]');
  });

  test('of a captured tree is a file that holds the target', () => {
    const { world } = open();
    expect(world.readLink(world.proc('42/ns/mnt'))).toBe('mnt:[4026531832]');
  });

  test('that is not there is null to who only tries', () => {
    const { world } = open();
    expect(world.tryLink(world.proc('42/exe'))).toBeNull();
    expect(() => world.readLink(world.proc('42/exe'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('a folder', () => {
  test('is listed, and is null to who tries when it is not there', () => {
    const { world } = open();
    expect(world.list(world.proc('42/fd'))).toEqual(['0']);
    expect(world.tryList(world.proc('7/fd'))).toBeNull();
    expect(world.trySize(world.proc('7/fd'))).toBeNull();
    expect(world.trySize(world.proc('42/fd'))).toBeTypeOf('number');
  });
});

describe('a path that hung before', () => {
  test('fails at once, with all that is below it, and nothing else does', () => {
    const { tree, world } = open();
    tree.process(421);
    world.avoided.push(world.proc('42'));
    const avoided = expect.objectContaining({ code: 'EAVOIDED' });
    expect(() => world.readText(world.proc('42/comm'))).toThrow(avoided);
    expect(() => world.readRecord(world.proc('42/stat'))).toThrow(avoided);
    expect(() => world.readLink(world.proc('42/ns/mnt'))).toThrow(avoided);
    expect(() => world.list(world.proc('42'))).toThrow(avoided);
    expect(world.trySize(world.proc('42/fd'))).toBeNull();
    expect(world.readRecord(world.proc('421/stat'))).toContain('421 (app)');
  });

  test('is not announced', () => {
    const { world } = open();
    const announced: string[] = [];
    world.onRiskyRead = (path) => announced.push(path);
    world.avoided.push(world.proc('42'));
    expect(world.tryText(world.proc('42/comm'), true)).toBeNull();
    expect(announced).toEqual([]);
  });
});

describe('a read is announced', () => {
  test('when it may block, before it begins', () => {
    const { world } = open();
    const announced: string[] = [];
    world.onRiskyRead = (path) => announced.push(path);
    world.readText(world.proc('42/comm'));
    world.tryText(world.proc('7/mountinfo'), true);
    expect(announced).toEqual([world.proc('7/mountinfo')]);
  });

  test('always, when all are to be', () => {
    const { world } = open();
    const announced: string[] = [];
    world.onRiskyRead = (path) => announced.push(path);
    world.announceAll = true;
    world.readRecord(world.proc('42/stat'));
    world.readLink(world.proc('42/ns/mnt'));
    world.list(world.proc('42/fd'));
    world.trySize(world.proc('42/fd'));
    expect(new Set(announced)).toEqual(new Set(['42/stat', '42/ns/mnt', '42/fd'].map((path) => world.proc(path))));
  });
});

test('only the running kernel’s own /proc is live', () => {
  expect(new World(liveRoots).live).toBe(true);
  expect(open().world.live).toBe(false);
});

test('the code of an error is returned, if it has one', () => {
  expect(codeOf(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe('EACCES');
  for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 5 }), { code: 'EACCES' }, null, 'x']) {
    expect(codeOf(other)).toBeNull();
  }
});
