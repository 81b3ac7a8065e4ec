import { expect, test } from 'vitest';
import { fuseDaemonsOf } from '../../../src/collect/processes/fuse-daemons.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import type { FuseDaemon } from '../../../src/sample/processes.ts';
import * as make from '../../support/samples.ts';
import { Tree } from '../../support/world.ts';

const look = (tree: Tree, type: string): FuseDaemon[] => {
  const table = new ProcessTable(tree.world(), () => 0);
  table.scan();
  const volumes = [make.volume('/mnt/s3', { source: 's3fs', type, device: '0:57' })];
  return fuseDaemonsOf([make.blocked(7, { volumes })], table);
};

test('the program that has the name of the filesystem is its daemon', () => {
  const tree = new Tree().process(50, { comm: 's3fs' }).process(60, { comm: 's3fs-exporter' });
  expect(look(tree, 'fuse.s3fs')).toEqual([{ pid: 50, comm: 's3fs', state: 'S', type: 'fuse.s3fs' }]);
  expect(look(tree, 'ext4')).toEqual([]);
});

test('a long name is compared as far as the kernel keeps it', () => {
  const tree = new Tree().process(50, { comm: 'very-long-named' });
  expect(look(tree, 'fuse.very-long-named-fs')).toMatchObject([{ pid: 50 }]);
});
