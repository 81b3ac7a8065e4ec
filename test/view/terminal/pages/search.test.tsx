import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ViewCommand } from '../../../../src/view/terminal/keys.ts';
import { layOutPage, type PageLayout } from '../../../../src/view/terminal/pages/page-layout.ts';
import { highlight, matchesIn } from '../../../../src/view/terminal/pages/search.ts';
import { containersPane } from '../../../../src/view/terminal/panes/containers.ts';
import { type Line, span } from '../../../../src/view/terminal/parts/line.ts';
import { reduceView } from '../../../../src/view/terminal/state/reduce.ts';
import { initialState, type OpenPage, type ViewState } from '../../../../src/view/terminal/state/state.ts';
import { pageText } from '../../../support/pages.tsx';
import * as scenes from '../../../support/scenes.ts';

const snapshot = (name: string, size: string): string => `../../../../snapshots/terminal/views/${name}.${size}.txt`;
const textOf = (line: Line): string => line.map(({ text }) => text).join('');

describe('the matches of a search', () => {
  const lines: Line[] = [[span('a Wait'), span('ing wait', 'dim')], [span('none')], [span('W.it')]];

  test('are found across tones, whatever the case', () => {
    expect(matchesIn(lines, 'WAIT').map(({ line, start }) => [line, start])).toEqual([
      [0, 2],
      [0, 10],
    ]);
    expect(matchesIn(lines, 'waiting')).toHaveLength(1);
    expect(matchesIn(lines, '')).toEqual([]);
  });

  test('are of the text itself, not of a pattern', () => {
    expect(matchesIn(lines, 'w.it').map(({ line }) => line)).toEqual([2]);
    expect(matchesIn([[span('a (b) [c] \\ ^$ x*')]], '(b) [c] \\ ^$ x*')).toHaveLength(1);
  });

  test('are marked without a change of the text, the current one apart', () => {
    const marked = highlight(lines, matchesIn(lines, 'wait'), 1);
    expect(marked.map(textOf)).toEqual(lines.map(textOf));
    expect(marked[0]?.filter(({ tone }) => tone === 'key').map(({ text }) => text)).toEqual(['Wait']);
    expect(marked[0]?.filter(({ tone }) => tone === 'selected').map(({ text }) => text)).toEqual(['wait']);
  });

  test('of any text in any lines are found and marked without harm', () => {
    const anyLines = fc.array(fc.array(fc.string({ unit: 'binary' }).map((text) => span(text))), { maxLength: 8 });
    fc.assert(
      fc.property(anyLines, fc.string({ unit: 'binary' }), (any, text) => {
        expect(highlight(any, matchesIn(any, text), 0).map(textOf)).toEqual(any.map(textOf));
      }),
    );
  });
});

describe('the search in a page', () => {
  const lines: Line[] = Array.from({ length: 100 }, (_, n) => [span(n % 10 === 5 ? `hit ${n}` : `line ${n}`)]);
  const pageLayout = (state: ViewState): PageLayout =>
    layOutPage(
      { title: '', lines },
      {
        scroll: state.page?.scroll ?? 0,
        search: state.search,
        typing: state.typing,
        room: 20,
        follows: state.page?.kind === 'log' && state.page.follows,
      },
    );
  const press = (state: ViewState, ...commands: ViewCommand[]): ViewState =>
    commands.reduce(
      (before, command) =>
        reduceView(before, {
          type: 'command',
          command,
          keys: [],
          pane: containersPane,
          pageRows: 18,
          pageLayout: pageLayout(before),
        }),
      state,
    );
  const type = (state: ViewState, text: string): ViewState => {
    const typed = reduceView(state, { type: 'typed', text });
    return reduceView(typed, { type: 'searched', pageLayout: pageLayout(typed) });
  };
  const enter = (state: ViewState, keep = true): ViewState => reduceView(state, { type: 'typing-ended', keep });
  const open = (page: OpenPage): ViewState => reduceView(initialState(), { type: 'page-opened', page });
  const help = open({ kind: 'help', scroll: 0 });
  const log = open({
    kind: 'log',
    containerId: null,
    daemon: null,
    all: false,
    follows: true,
    scroll: 0,
  });

  test('goes to the first match while it is typed, then to the next and the previous, round the ends', () => {
    const found = type(press(help, 'filter'), 'hit');
    expect(found).toMatchObject({ typing: true, search: { text: 'hit', current: 0 }, page: { scroll: 0 } });
    const kept = enter(found);
    expect(kept.typing).toBe(false);
    const third = press(kept, 'next-match', 'next-match');
    expect(third).toMatchObject({ search: { current: 2 }, page: { scroll: 15 } });
    expect(pageLayout(third).visible.map(textOf)).toContain('hit 25');
    expect(press(kept, 'previous-match')).toMatchObject({ search: { current: 9 }, page: { scroll: 80 } });
    expect(press(kept, 'previous-match', 'next-match').search?.current).toBe(0);
  });

  test('begins where the page is, and comes back when nothing matches', () => {
    const down = press(help, 'page-down', 'page-down', 'filter');
    expect(type(down, 'hit')).toMatchObject({ search: { current: 4 }, page: { scroll: 36 } });
    expect(type(type(down, 'hit 9'), 'x')).toMatchObject({ page: { scroll: 36 } });
  });

  test('is left by Escape, then the page is', () => {
    const kept = enter(type(press(help, 'filter'), 'hit'));
    const left = press(kept, 'back');
    expect(left).toMatchObject({ search: null, page: { kind: 'help' } });
    expect(press(left, 'back').page).toBeNull();
    expect(enter(type(press(help, 'filter'), 'hit'), false)).toMatchObject({ search: null, typing: false });
  });

  test('leaves the filter of the pane behind alone', () => {
    expect(type(press(help, 'filter'), 'hit').panes.containers.filter).toBe('');
  });

  test('of a log that follows its end stops following it, until the end is reached again', () => {
    const found = enter(type(press(log, 'filter'), 'hit 4'));
    expect(found.page).toMatchObject({ follows: false });
    expect(press(found, 'last').page).toMatchObject({ follows: true });
    expect(press(log, 'up').page).toMatchObject({ follows: false, scroll: 79 });
    expect(press(log, 'up', 'down').page).toMatchObject({ follows: true });
  });

  test('goes with the page', () => {
    const kept = enter(type(press(help, 'filter'), 'hit'));
    expect(reduceView(kept, { type: 'page-opened', page: null }).search).toBeNull();
    const typing = type(press(help, 'filter'), 'hit');
    expect(reduceView(typing, { type: 'page-opened', page: null })).toMatchObject({ search: null, typing: false });
  });

  test('moves from the end up at once, however far End was pressed', () => {
    expect(press(help, 'last', 'last', 'up').page).toMatchObject({ scroll: 79 });
  });
});

test.each(['60x20', '80x24', '120x20'])('a page that is searched says where, at %s', async (size) => {
  const page: OpenPage = { kind: 'help', scroll: 0 };
  const search = { text: 'the', current: 2, from: 0 };
  const text = pageText(page, scenes.modelOf(scenes.healthy), size, { search });
  expect(text).toMatch(/\/the 3 of \d+/);
  await expect(text).toMatchFileSnapshot(snapshot('search', size));
});

test('a search that finds nothing says so', () => {
  const search = { text: 'zzzz', current: 0, from: 0 };
  expect(
    pageText({ kind: 'help', scroll: 0 }, scenes.modelOf(scenes.healthy), '80x24', { search, typing: true }),
  ).toContain('/zzzz_ no match');
});
