import fs from 'node:fs';
import { expect, test } from 'vitest';
import { ContainerLogs, type LogFile } from '../../../src/collect/filesystems/container-logs.ts';
import { Tree } from '../../support/world.ts';

const root = '/var/lib/docker/containers';
const fileOf = (id: string): LogFile => ({ id, root, path: `${root}/${id}/${id}-json.log` });
const mountinfo = (type: string, more = 'rw'): string => `36 25 8:1 / / rw shared:1 - ${type} /dev/sda1 ${more}\n`;

const opened = (files: readonly LogFile[] = [fileOf('a'), fileOf('b')]) => {
  const tree = new Tree();
  const world = tree.world();
  const state = { blocked: false, files };
  const logs = new ContainerLogs(world, { files: () => state.files, isBlocked: () => state.blocked });
  const write = (name: string, text: string): Tree => tree.write(`${root.slice(1)}/${name}`, text);
  return { logs, world, state, write, read: (type = 'ext4', more = 'rw') => logs.read(mountinfo(type, more)) };
};

test('the file that is written and the rotated ones of it are counted together, those of others are not', () => {
  const { write, read } = opened();
  write('a/a-json.log', 'x'.repeat(10));
  write('a/a-json.log.1', 'x'.repeat(100));
  write('a/a-json.log.2.gz', 'x'.repeat(1000));
  write('a/config.v2.json', 'x'.repeat(5));
  write('b/b-json.log', '');
  expect(read()).toEqual([
    { id: 'a', bytes: 1110 },
    { id: 'b', bytes: 0 },
  ]);
});

test('a rotation is seen in the next poll, and a list without news is the same object', () => {
  const { write, read, world } = opened([fileOf('a')]);
  write('a/a-json.log', 'x'.repeat(10));
  const first = read();
  expect(read()).toBe(first);
  const place = `${world.roots.rootfs}${root}/a/a-json.log`;
  fs.renameSync(place, `${place}.1`);
  write('a/a-json.log', 'x');
  expect(read()).toEqual([{ id: 'a', bytes: 11 }]);
});

test('a container without such a file has no size, with the reason', () => {
  expect(opened([fileOf('a')]).read()).toEqual([{ id: 'a', bytes: null, because: 'no such file' }]);
});

test('nothing is read where a read can hang, or after an error of the filesystem', () => {
  const { write, read, world } = opened([fileOf('a')]);
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path);
  write('a/a-json.log', 'x');
  expect(read('nfs4')).toEqual([{ id: 'a', bytes: null, because: 'stat(2) can hang on nfs4' }]);
  expect(read('ext4', 'rw,shutdown')).toMatchObject([
    { bytes: null, because: 'its filesystem stopped after an error' },
  ]);
  expect(risky).toEqual([]);
});

test('the folder of all logs is announced once, and not read again after it hung', () => {
  const { write, read, world } = opened();
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path);
  write('a/a-json.log', 'x');
  write('b/b-json.log', 'x');
  read();
  expect(risky).toEqual([`${world.roots.rootfs}${root}`]);
  world.avoided.push(`${world.roots.rootfs}${root}`);
  expect(read()).toEqual(['a', 'b'].map((id) => ({ id, bytes: null, because: `a read of ${root} hung` })));
});

test('while a daemon that writes logs waits in D, nothing is read and what was known stays', () => {
  const { write, read, state, world } = opened([fileOf('a')]);
  write('a/a-json.log', 'x');
  read();
  const risky: string[] = [];
  world.onRiskyRead = (path) => risky.push(path);
  write('a/a-json.log', 'xx');
  write('b/b-json.log', 'x');
  state.blocked = true;
  state.files = [fileOf('a'), fileOf('b')];
  expect(read()).toEqual([
    { id: 'a', bytes: 1 },
    { id: 'b', bytes: null, because: 'not read while its engine waits for a disk' },
  ]);
  expect(risky).toEqual([]);
});

test('of very many containers each has its turn', () => {
  const files = Array.from({ length: 1500 }, (_, index) => fileOf(`c${index}`));
  const { write, read } = opened(files);
  write('c0/c0-json.log', 'x');
  write('c1400/c1400-json.log', 'xx');
  const first = read();
  expect([first[0], first[1400]]).toEqual([
    { id: 'c0', bytes: 1 },
    { id: 'c1400', bytes: null, because: 'not read yet' },
  ]);
  const second = read();
  expect([second[0]?.bytes, second[1400]?.bytes]).toEqual([1, 2]);
});
