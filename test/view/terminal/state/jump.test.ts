import { describe, expect, test } from 'vitest';
import { layOutPage } from '../../../../src/view/terminal/pages/page-layout.ts';
import { paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { linkSpan } from '../../../../src/view/terminal/parts/line.ts';
import { backFromJump, jumped } from '../../../../src/view/terminal/state/jump.ts';
import { reduceView } from '../../../../src/view/terminal/state/reduce.ts';
import { initialState, type ViewState } from '../../../../src/view/terminal/state/state.ts';

const finding = { kind: 'finding', key: 'frozen', chosen: 1, scroll: 3 } as const;
const start: ViewState = { ...initialState(), page: finding };
const toRow = { to: 'row', pane: 'containers', key: 'a9' } as const;

test('a jump opens the page of a row or of a finding over the open one, and back is the same place', () => {
  const there = jumped(start, toRow);
  expect(there.page).toMatchObject({ kind: 'details', pane: 'containers', key: 'a9' });
  const further = jumped(there, { to: 'finding', key: 'other' });
  expect(further.page).toMatchObject({ kind: 'finding', key: 'other' });
  expect(backFromJump(further)).toEqual(there);
  expect(backFromJump(backFromJump(further))).toEqual(start);
});

test('Esc undoes a jump too, so that the next way back is the one before it', () => {
  const there = jumped(jumped(start, toRow), { to: 'finding', key: 'other' });
  const closed = reduceView(there, { type: 'page-closed' });
  expect(closed).toEqual(jumped(start, toRow));
  expect(backFromJump(closed)).toEqual(start);
});

test('the way back is there after the reader went elsewhere', () => {
  const elsewhere: ViewState = { ...jumped(start, toRow), page: null, beneath: [], focus: 'disks' };
  expect(backFromJump(elsewhere)).toMatchObject({ page: finding, focus: start.focus });
});

test('without a jump there is nothing to go back to, and a command leads nowhere', () => {
  expect(backFromJump(start)).toMatchObject({ page: finding, message: { text: expect.stringContaining('nothing') } });
  expect(jumped(start, { to: 'command', text: 'true' })).toMatchObject({ page: finding, visited: [] });
});

test('only so many places are remembered', () => {
  let state = start;
  for (let n = 0; n < 50; n++) state = jumped(state, { to: 'finding', key: String(n) });
  expect(state.visited.length).toBeLessThanOrEqual(20);
});

describe('the arrows on a page with links', () => {
  const lines = ['a', 'b', 'c'].map((key) => [linkSpan(key, { to: 'finding', key })]);
  const move = (command: 'up' | 'down' | 'open', room: number, state: ViewState): ViewState => {
    const asked = { scroll: 0, follows: false, search: null, typing: false, room, chosen: 0 };
    const pageLayout = layOutPage({ title: 'x', lines }, asked);
    return reduceView(state, { type: 'command', command, keys: [], pane: paneOf('disks'), pageRows: room, pageLayout });
  };
  const page = { kind: 'details', pane: 'disks', key: 'vda', scroll: 0 } as const;

  test('select a link where the whole page is in sight, and Enter follows it', () => {
    const third = move('up', 5, { ...start, page });
    expect(third.page).toMatchObject({ chosen: -1, scroll: 0 });
    expect(move('open', 5, third).page).toMatchObject({ kind: 'finding', key: 'c' });
    expect(move('open', 5, move('down', 5, { ...start, page })).page).toMatchObject({ kind: 'finding', key: 'b' });
  });

  test('scroll where there is more', () => {
    expect(move('down', 2, { ...start, page }).page).toMatchObject({ scroll: 1 });
    expect(move('down', 2, { ...start, page }).page).not.toHaveProperty('chosen');
  });
});
