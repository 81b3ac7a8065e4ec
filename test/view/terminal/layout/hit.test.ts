import { describe, expect, test } from 'vitest';
import type { ScreenProps } from '../../../../src/view/terminal/layout/arrangement.ts';
import { hitAt } from '../../../../src/view/terminal/layout/hit.ts';
import { type Hit, initialState, type ViewState } from '../../../../src/view/terminal/state/state.ts';
import { live, plainTheme, screenText, sizeOf } from '../../../support/render.tsx';
import * as scenes from '../../../support/scenes.ts';

const { model, verdicts } = scenes.followed(scenes.stopLeak);

interface Row {
  readonly text: string;
  /** What is hit in its columns. */
  readonly hits: readonly (Hit | null)[];
}

const drawn = new Map<string, readonly Row[]>();
/** Each row of the screen as it is at first, made once for all tests of that size. */
function rowsAt(size: string): readonly Row[] {
  const rows = drawn.get(size) ?? rowsOf(size);
  drawn.set(size, rows);
  return rows;
}

function rowsOf(size: string, change: Partial<ViewState> = {}): Row[] {
  const state = { ...initialState(), ...change };
  const props: ScreenProps = { model, verdicts, state, connection: live, theme: plainTheme, size: sizeOf(size) };
  const { columns } = sizeOf(size);
  return screenText(model, size, { state: change, verdicts })
    .split('\n')
    .slice(0, -1)
    .map((text, row, all) => {
      const eachOf = (step: number): (Hit | null)[] =>
        Array.from({ length: Math.ceil(columns / step) }, (_, place) => hitAt(props, place * step, row)).flatMap(
          (hit) => Array<Hit | null>(step).fill(hit),
        );
      // Each column of the last row and of the headings of a table. Of the others a dozen, to save time.
      const hits = eachOf(row === all.length - 1 ? 1 : Math.ceil(columns / 12));
      return { text, hits: hits.some((hit) => hit?.kind === 'pane' && hit.column !== null) ? eachOf(1) : hits };
    });
}

/** Where each heading begins and ends. */
function headingsIn(hits: Row['hits']): { readonly column: string; readonly from: number; readonly to: number }[] {
  const headings: { column: string; from: number; to: number }[] = [];
  for (const [at, hit] of hits.entries()) {
    const column = hit?.kind === 'pane' ? hit.column : null;
    if (column === null) continue;
    const last = headings.at(-1);
    if (last?.column === column && last.to === at) last.to++;
    else headings.push({ column, from: at, to: at + 1 });
  }
  return headings;
}

describe.each(['40x10', '80x24', '100x30', '120x36', '160x45', '200x60', '300x100'])('at %s', (size) => {
  test('a line of the findings is the finding that stands there', () => {
    // A title that is wrapped takes several lines.
    const seen = new Map<string, string>();
    for (const { text, hits } of rowsAt(size)) {
      const keys = hits.flatMap((hit) => (hit?.kind === 'findings' && hit.key !== null ? [hit.key] : []));
      for (const key of new Set(keys)) seen.set(key, `${seen.get(key) ?? ''}${text}`);
    }
    for (const [key, text] of seen) {
      const finding = verdicts.findings.find((one) => one.key === key);
      expect(text).toContain((finding?.title ?? '?').slice(0, 12));
    }
    expect(seen.size).toBeGreaterThan(0);
  });

  test('a line of a table is the row that stands there, and its heading the column', () => {
    for (const { text, hits } of rowsAt(size)) {
      for (const hit of hits) {
        if (hit?.kind !== 'pane') continue;
        if (hit.pane === 'processes' && hit.key !== null) expect(text).toContain(hit.key.split(' ')[0]);
      }
      for (const { column, from, to } of headingsIn(hits)) {
        const [first = ''] = titleOf(column).split(' ');
        expect(text.slice(from, to), column).toContain(first);
      }
    }
  });

  test('a hint of the last row is its key', () => {
    const { text = '', hits = [] } = rowsAt(size).at(-1) ?? {};
    const at = (word: string): Hit | null => hits[text.indexOf(word)] ?? null;
    expect(at('? help')).toEqual({ kind: 'hint', key: '?' });
    expect(at('q quit')).toEqual({ kind: 'hint', key: 'q' });
    expect(hits[0]).toBeNull();
  });

  test('nothing is outside of it', () => {
    expect(rowsAt(size)[0]?.hits.every((hit) => hit === null)).toBe(true);
    const { columns, rows: height } = sizeOf(size);
    const props: ScreenProps = {
      model,
      verdicts,
      connection: live,
      theme: plainTheme,
      size: sizeOf(size),
      state: initialState(),
    };
    for (const [column, row] of [
      [-1, 3],
      [columns, 3],
      [3, height],
      [3, -1],
      [9998, 9998],
    ] as const) {
      expect(hitAt(props, column, row)).toBeNull();
    }
  });
});

test('every row of a table can be hit, and every column of it', () => {
  const hits = rowsAt('200x60').flatMap((row) => row.hits);
  const keys = new Set(hits.map((hit) => (hit?.kind === 'pane' && hit.pane === 'processes' ? hit.key : null)));
  for (const { pid, starttime } of model.processes?.list ?? []) expect(keys).toContain(`${pid} ${starttime}`);
  const columns = new Set(hits.map((hit) => (hit?.kind === 'pane' && hit.pane === 'processes' ? hit.column : null)));
  for (const id of ['pid', 'state', 'for', 'comm', 'waits', 'container']) expect(columns).toContain(id);
});

test('the lines of a page are counted from its first, also where it scrolled', () => {
  const page = { kind: 'finding', key: verdicts.findings[0]?.key ?? '', chosen: 0, scroll: 4 } as const;
  const lines = rowsOf('80x24', { page }).flatMap(({ hits }) =>
    hits[10]?.kind === 'page' && hits[10].line !== null ? [hits[10].line] : [],
  );
  expect(lines[0]).toBe(4);
  expect(lines).toEqual(lines.map((_, index) => 4 + index));
});

/** Titles that are not the id of their column. */
function titleOf(id: string): string {
  const titles: Readonly<Record<string, string>> = { state: 'st', kill: 'sig', waits: 'waits' };
  return titles[id] ?? '';
}
