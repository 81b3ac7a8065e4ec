import { describe, expect, test } from 'vitest';
import { type Layout, layOut } from '../../../src/view/terminal/layout.ts';

const wanted = { daemons: 4, containers: 30, processes: 5, mounts: 8, disks: 6 };
const at = (columns: number, rows: number, change: Partial<Parameters<typeof layOut>[0]> = {}): Layout =>
  layOut({ columns, rows, footer: 1, findings: 2, zoomed: null, wanted, ...change });
const used = ({ findingsHeight, bands }: Layout): number =>
  findingsHeight + bands.reduce((sum, { height }) => sum + height, 0);

describe('the layout', () => {
  test('uses every line of every terminal that has room, and never one more', () => {
    for (let rows = 24; rows <= 120; rows++) {
      for (const columns of [60, 80, 109, 110, 200, 300]) {
        expect(used(at(columns, rows)), `${columns}x${rows}`).toBe(rows - 2);
      }
    }
    for (let rows = 5; rows < 24; rows++) expect(used(at(80, rows)), `80x${rows}`).toBeLessThanOrEqual(rows - 2);
  });

  test('puts panes beside each other on a wide terminal, as wide as the terminal', () => {
    const { bands } = at(120, 36);
    expect(bands.map(({ panes }) => panes.map(({ id }) => id))).toEqual([
      ['daemons', 'containers'],
      ['processes', 'mounts'],
      ['disks'],
    ]);
    for (const { panes } of bands) expect(panes.reduce((sum, { width }) => sum + width, 0)).toBe(120);
  });

  test('shows all five panes one below the other on 80 columns and 24 lines', () => {
    expect(at(80, 24).bands.map(({ panes }) => panes[0]?.id)).toEqual([
      'daemons',
      'containers',
      'processes',
      'mounts',
      'disks',
    ]);
    expect(at(80, 24).bare).toBe(true);
  });

  test('gives a zoomed pane all the room', () => {
    const { bands } = at(120, 36, { zoomed: 'mounts' });
    expect(bands).toEqual([{ height: 30, panes: [{ id: 'mounts', width: 120 }] }]);
  });

  test('gives the lines of the findings to a page that needs all', () => {
    expect(at(80, 24, { findingsHidden: true })).toMatchObject({ findingsHeight: 0 });
    expect(used(at(80, 24, { findingsHidden: true }))).toBe(22);
  });

  test('gives a long message its lines', () => {
    expect(used(at(80, 24, { footer: 3 }))).toBe(20);
  });
});
