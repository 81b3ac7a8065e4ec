import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepMatching, readFilter } from '../../../src/view/terminal/filter.ts';

const rows = [
  ['a9acd5210705', 'kube-system/fluentd-hjj42', 'stopping'],
  ['fef3e1fbee14', 'logging/shipper-0', 'removing'],
  ['1402aa', 'default/web-1', 'running'],
];
const kept = (text: string) => keepMatching(readFilter(text), rows, { cellsOf: (row) => row });
const names = (text: string) => kept(text).rows.map((row) => row[1]);

describe('words', () => {
  test('leave the rows that contain them, whatever the case and the order', () => {
    expect(names('WEB')).toEqual(['default/web-1']);
    expect(names('  running  web ')).toEqual(['default/web-1']);
    expect(names('web stopping')).toEqual([]);
    expect(names('ing')).toHaveLength(3);
  });

  test('that no row contains leave the rows with their letters in order', () => {
    expect(names('flntd')).toEqual(['kube-system/fluentd-hjj42']);
    expect(names('shp0 rmv')).toEqual(['logging/shipper-0']);
    expect(names('quiz')).toEqual([]);
  });

  test('hide rows that match by chance while another contains them', () => {
    // The letters of 42 are in 1402 too.
    expect(names('42')).toEqual(['kube-system/fluentd-hjj42']);
  });

  test('keep a good match before weak ones: letters that begin words', () => {
    expect(names('kfl')).toEqual(['kube-system/fluentd-hjj42']);
  });

  test('with ! before them hide the rows that contain them', () => {
    expect(names('!web')).toEqual(['kube-system/fluentd-hjj42', 'logging/shipper-0']);
    expect(names('ing !web !REMOVING')).toEqual(['kube-system/fluentd-hjj42']);
    expect(names('flntd !stopping')).toEqual([]);
    expect(names('!')).toHaveLength(3);
  });

  test('that begin with state: leave the rows in such a state, and none by their name', () => {
    const some = [
      ['web-stopping', 'running'],
      ['web-2', 'stopping', 'stuck'],
      ['db-1', 'running'],
    ];
    const inState = (text: string) =>
      keepMatching(readFilter(text), some, {
        cellsOf: (row) => row.slice(0, 2),
        statesOf: (row) => row.slice(1),
      }).rows.map((row) => row[0]);
    expect(inState('state:stopping')).toEqual(['web-2']);
    expect(inState('STATE:stu web')).toEqual(['web-2']);
    expect(inState('!state:stuck')).toEqual(['web-stopping', 'db-1']);
    expect(inState('state:running wbs')).toEqual(['web-stopping']);
    expect(inState('state:dead')).toEqual([]);
    expect(inState('state:')).toHaveLength(3);
    // Rows without states have words alone.
    expect(names('state:running')).toEqual([]);
  });

  test('are not characters of a pattern', () => {
    expect(names('a.')).toEqual([]);
    expect(kept('(').trouble).toBeNull();
    expect(names('/logging')).toEqual([]);
    expect(names('em/fl')).toEqual(['kube-system/fluentd-hjj42']);
  });
});

describe('a pattern between slashes', () => {
  test('is matched against each cell, whatever the case', () => {
    expect(names('/^(FEF|1402)/')).toEqual(['logging/shipper-0', 'default/web-1']);
    expect(names('/ing$/')).toHaveLength(3);
    expect(names('/42.*stopping/')).toEqual([]);
  });

  test('that cannot be read says why, and hides nothing', () => {
    expect(kept('/web(/')).toEqual({ rows, trouble: 'missing closing ): `web(`' });
    expect(kept('/(?=web)/').trouble).toContain('(?=');
    expect(kept('/a{1000}/')).toEqual({ rows, trouble: 'too many repeats' });
  });

  test.each(['(a+)+$', '(.*a){25}', '((((a*)*)*)*)*b', '(a|a?)+$', '.{0,99}x.{0,99}y'])(
    'ends also when it is hostile: %s',
    (source) => {
      const long = [[`${'a'.repeat(20_000)}!`]];
      expect(keepMatching(readFilter(`/${source}/`), long, { cellsOf: (row) => row }).rows.length).toBeLessThanOrEqual(
        1,
      );
    },
  );
});

test('whatever is typed, the rows that remain are rows, in their order', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `/${text}/`),
      ),
      (text) => {
        const { rows: left } = kept(text);
        expect(left).toEqual(rows.filter((row) => left.includes(row)));
      },
    ),
  );
});

test('a blank filter leaves all', () => {
  expect(kept('  ').rows).toBe(rows);
});
