import { describe, expect, test } from 'vitest';
import type { Block, LayoutInput } from '../../../../src/view/terminal/layout/input.ts';
import { type Layout, layOut } from '../../../../src/view/terminal/layout/layout.ts';
import { paneIds } from '../../../../src/view/terminal/panes/panes.ts';

/** Rows of a node with a fault: five stuck containers of thirty, two tasks in D, a leaked mount. */
const wanted = { daemons: 4, containers: 31, processes: 3, mounts: 2, disks: 5 };
const urgent = new Set(['containers', 'processes']);
const sick: Omit<LayoutInput, 'columns' | 'rows'> = {
  below: 1,
  findings: 2,
  zoomed: null,
  page: 'none',
  charts: true,
  log: false,
  panes: paneIds,
  cause: () => ({ least: 8, all: 20 }),
  wholeFindings: () => 3,
  titleRows: () => 1,
  showsTitle: () => false,
  row: () => 12,
  pane: (id) => ({ rows: wanted[id], table: wanted[id] - 1, below: 0, attention: urgent.has(id) ? 'urgent' : 'calm' }),
};
const calm: typeof sick = {
  ...sick,
  findings: 0,
  cause: () => null,
  pane: (id) => ({
    ...(id === 'daemons' || id === 'disks' ? { rows: wanted[id], table: 2 } : { rows: 0, table: 0 }),
    below: 0,
    attention: 'calm',
  }),
};
const at = (size: string, change: Partial<LayoutInput> = {}): Layout => {
  const [columns = 0, rows = 0] = size.split('x').map(Number);
  return layOut({ columns, rows, ...sick, ...change });
};
/** `findings 4 | cause 10`: columns of blocks with their heights, a line for each band. */
const placed = ({ bands }: Layout): string[] =>
  bands.map(({ stacks }) =>
    stacks.map(({ places }) => places.map(({ block, height }) => `${block} ${height}`).join(' ')).join(' | '),
  );
const heightOf = ({ bands }: Layout, block: Block): number =>
  bands
    .flatMap(({ stacks }) => stacks.flatMap(({ places }) => places))
    .filter((place) => place.block === block)
    .reduce((sum, { height }) => sum + height, 0);

describe('the arrangement of a node with a fault', () => {
  test.each(['40x10', '80x24', '100x30', '120x36', '160x45', '200x60', '300x100'])('at %s', (size) => {
    expect(placed(at(size))).toMatchSnapshot();
  });

  test('opens the cause beside the panes from 160 columns on, below the findings on fewer', () => {
    expect(
      at('120x36')
        .bands.slice(0, 2)
        .map(({ stacks }) => stacks.map(({ places }) => places[0]?.block)),
    ).toEqual([['findings'], ['cause']]);
    expect(at('160x45').bands.map(({ stacks }) => stacks.map(({ places }) => places[0]?.block))).toEqual([
      ['findings', 'cause'],
    ]);
  });
});

describe('the selected row on a screen of 300x100', () => {
  const withRow = (rows: number, change: Partial<LayoutInput> = {}): string[] =>
    placed(at('300x100', { row: () => rows, pane: (id) => ({ ...sick.pane(id, 0), rows: 5, table: 4 }), ...change }));

  test('has a place beside the history where it is long, and the log lines about it below', () => {
    expect(withRow(44).at(-1)).toBe('row 72 | charts 72');
    expect(withRow(44, { log: true }).at(-1)).toBe('row 46 log 26 | charts 72');
  });

  test('stands below the cause where it is short: no column is left blank', () => {
    expect(withRow(9).at(-1)).toMatch(/^charts \d+$/);
  });
});

describe('the arrangement of a calm node', () => {
  test.each(['80x24', '100x30', '120x36', '160x45', '200x60', '300x100'])('at %s', (size) => {
    expect(placed(at(size, calm))).toMatchSnapshot();
  });

  test('draws the history beside a long list, in the rows that the other column does not need', () => {
    const pane: typeof sick.pane = (id, width) => (id === 'containers' ? sick : calm).pane(id, width);
    const [pairs = ''] = placed(at('120x36', { ...calm, pane })).filter((band) => band.includes('containers'));
    const [left = '', right = ''] = pairs.split(' | ');
    expect(left).toMatch(/^daemons \d+ .*charts \d+$/);
    expect(right).not.toContain('charts');
  });

  test('folds each pane without rows to one line, and draws the history in what is left', () => {
    const layout = at('120x36', calm);
    expect(heightOf(layout, 'processes')).toBe(1);
    expect(heightOf(layout, 'charts')).toBeGreaterThan(8);
  });
});

describe('the layout', () => {
  test('of any terminal fills it, and takes never a row or column more', () => {
    for (let rows = 5; rows <= 120; rows++) {
      for (const columns of [20, 40, 80, 109, 110, 159, 160, 239, 240, 300]) {
        for (const node of [sick, calm, { ...sick, panes: ['disks'] as const }]) {
          for (const page of ['none', 'open', 'whole'] as const) {
            const { bands, bare } = at(`${columns}x${rows}`, { ...node, page });
            const used = bands.reduce((sum, { height }) => sum + height, 0);
            expect(used, `${columns}x${rows}`).toBeLessThanOrEqual(rows - 2);
            if (rows >= 24 && node === sick) expect(used, `${columns}x${rows}`).toBe(rows - 2);
            for (const { height, stacks } of bands) {
              const widths = stacks.reduce((sum, { width }) => sum + width, 0) + (bare ? 2 : 0) * (stacks.length - 1);
              expect(widths).toBe(columns);
              for (const { places } of stacks) {
                expect(places.reduce((sum, place) => sum + place.height, 0)).toBeLessThanOrEqual(height);
              }
            }
          }
        }
      }
    }
  });

  test('keeps the findings and the way out on the lowest terminal, rather than the panes', () => {
    const layout = at('40x10');
    expect(heightOf(layout, 'findings')).toBeGreaterThanOrEqual(2);
    expect(heightOf(layout, 'cause')).toBeGreaterThanOrEqual(2);
  });

  test('shows every pane on 80 columns and 24 lines, the urgent ones open', () => {
    const layout = at('80x24');
    for (const id of ['daemons', 'containers', 'processes', 'mounts', 'disks'] as const)
      expect(heightOf(layout, id)).toBeGreaterThan(0);
    expect(heightOf(layout, 'containers')).toBeGreaterThanOrEqual(3);
  });

  test('shows all of the selected row where rows are left beside a cause, and nothing of it where few are', () => {
    expect(heightOf(at('300x100'), 'row')).toBe(14);
    expect(heightOf(at('300x100', { row: () => 0 }), 'row')).toBe(0);
    expect(heightOf(at('120x36'), 'row')).toBe(0);
  });

  test('has the panes in the order of the reader, and only those', () => {
    expect(placed(at('120x36', { panes: ['mounts', 'disks', 'daemons'] })).slice(2)).toEqual([
      expect.stringMatching(/^mounts \d+ \| disks \d+$/),
      expect.stringMatching(/^daemons \d+$/),
    ]);
    expect(placed(at('120x36', { panes: ['disks'] })).slice(2)).toEqual([expect.stringMatching(/^disks \d+$/)]);
    expect(
      placed(at('80x24', { panes: ['disks', 'containers'] }))
        .slice(2)
        .map((band) => band.split(' ')[0]),
    ).toEqual(['disks', 'containers']);
    expect(placed(at('300x100', { panes: ['mounts', 'containers'] }))).toEqual([
      expect.stringMatching(/^findings \d+ mounts \d+ containers \d+ \| cause \d+ row \d+ \| $/),
      expect.stringMatching(/^charts \d+$/),
    ]);
  });

  test('has processes and mounts below the finding where the containers fill a column of three', () => {
    const many = at('300x100', {
      pane: (id) => ({
        rows: id === 'containers' ? 90 : 6,
        table: 4,
        below: 0,
        attention: id === 'containers' ? 'urgent' : 'calm',
      }),
    });
    expect(placed(many)).toEqual([
      expect.stringMatching(
        /^findings \d+ containers \d+ \| cause \d+ processes 8 mounts 8 row \d+ \| daemons .* charts \d+$/,
      ),
    ]);
    expect(heightOf(many, 'containers')).toBeGreaterThan(90);
  });

  test('has the history in the column of three with the most free rows', () => {
    const many = at('300x100', {
      row: () => 0,
      pane: (id) => ({ rows: id === 'containers' ? 90 : 20, table: 4, below: 0, attention: 'calm' }),
    });
    const [columns = ''] = placed(many);
    expect(columns.split(' | ').map((column) => column.includes('charts'))).toEqual([false, false, true]);
    const heights = [...columns.matchAll(/(?<=charts )\d+/g)].map(Number);
    expect(heights).toEqual([98 - heightOf(many, 'daemons') - heightOf(many, 'disks')]);
  });

  test('gives a zoomed pane all the room below the findings', () => {
    expect(placed(at('120x36', { zoomed: 'mounts' }))).toEqual(['findings 3 mounts 31']);
  });

  test('gives a page the room below the findings, and the help all of it', () => {
    expect(placed(at('80x24', { page: 'open' }))).toEqual(['findings 3 page 19']);
    expect(placed(at('80x24', { page: 'whole' }))).toEqual(['page 22']);
  });
});
