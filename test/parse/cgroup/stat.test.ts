import { expect, test } from 'vitest';
import { parseDescendants } from '../../../src/parse/cgroup/stat.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

/** As Linux 6.8 and later print it, with the groups of each controller. */
const text =
  'nr_descendants 104\nnr_subsys_cpuset 1\nnr_subsys_memory 108\nnr_dying_descendants 7\nnr_dying_subsys_memory 3\n';

test('groups that are there and groups that are dying', () => {
  expect(parseDescendants(text)).toEqual({ visible: 104, dying: 7 });
});

test.each(['', 'nr_descendants 1\n', 'nr_dying_descendants 1\n', 'nr_descendants x\nnr_dying_descendants 1\n'])(
  '%j is refused',
  (text) => {
    expect(() => parseDescendants(text)).toThrow('no nr_descendants in cgroup.stat');
  },
);

test('any text gives numbers or an error', () => expectToBear(parseDescendants, [text]));

test('no text takes long', () => expectNoHang(parseDescendants, [text, 'nr_descendants ']));
