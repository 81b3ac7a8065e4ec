import { expect, test } from 'vitest';
import { parseControllerCounts } from '../../../src/parse/cgroup/counts.ts';
import { capturedWorld } from '../../support/world.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const world = capturedWorld('kmem-bad');
const text = world.readText(world.proc('cgroups'));

test('each controller has its hierarchy and its number of groups', () => {
  const controllers = parseControllerCounts(text);
  expect(controllers.size).toBe(12);
  expect(controllers.get('memory')).toEqual({ hierarchy: 6, groups: 64_011 });
  expect(controllers.get('pids')).toEqual({ hierarchy: 7, groups: 130 });
});

test('the heading is no controller', () => {
  expect(parseControllerCounts('#subsys_name\thierarchy\tnum_cgroups\tenabled\n')).toEqual(new Map());
});

test('any text gives controllers', () => expectToBear(parseControllerCounts, [text]));

test('no text takes long', () => expectNoHang(parseControllerCounts, [text, 'a\t1\t', '\t']));
