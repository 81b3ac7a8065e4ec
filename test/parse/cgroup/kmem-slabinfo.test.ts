import { expect, test } from 'vitest';
import { countSlabCaches } from '../../../src/parse/cgroup/kmem-slabinfo.ts';
import { capturedWorld } from '../../support/world.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const world = capturedWorld('kmem-bad');
const text = world.readText(
  `${world.roots.sysfs}/fs/cgroup/memory/kubepods/burstable/podb41c2f7a-f6ab-11eb-9c3a-00163e0a1b2c/9b1c3d5e7f90a2b4c6d8eaf0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4/memory.kmem.slabinfo`,
);

test('the caches are counted without the two lines of heading', () => {
  expect(countSlabCaches(text)).toBe(20);
  expect(text.trim().split('\n')).toHaveLength(22);
});

test('an empty file, and one with a heading alone, have none', () => {
  expect(countSlabCaches('')).toBe(0);
  expect(countSlabCaches(text.split('\n').slice(0, 2).join('\n'))).toBe(0);
});

test('any text gives a number', () => expectToBear(countSlabCaches, [text]));

test('no text takes long', () => expectNoHang(countSlabCaches, [text, 'slabinfo - ', '#']));
