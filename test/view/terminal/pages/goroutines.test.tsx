import { describe, expect, test } from 'vitest';
import { compareDumps, withDeltas } from '../../../../src/model/goroutines/growth.ts';
import type { GoroutinesReport } from '../../../../src/view/report/goroutines.ts';
import type { ViewCommand } from '../../../../src/view/terminal/keys.ts';
import { visibleGroups } from '../../../../src/view/terminal/pages/goroutines.ts';
import { containersPane } from '../../../../src/view/terminal/panes/containers.ts';
import { reduceView } from '../../../../src/view/terminal/state/reduce.ts';
import { initialState, type ViewState } from '../../../../src/view/terminal/state/state.ts';
import { httpHeap, stopLeakDump } from '../../../support/goroutines.ts';
import { lockedReport } from '../../../support/locked-daemon.ts';
import { screenText } from '../../../support/render.tsx';
import * as scenes from '../../../support/scenes.ts';

const node = scenes.modelOf(scenes.stopLeak);
const snapshot = (name: string, size: string): string =>
  `../../../../snapshots/terminal/goroutines/${name}.${size}.txt`;
const before = stopLeakDump(60);
const after = stopLeakDump(760);
const grown: GoroutinesReport = {
  name: 'dockerd',
  report: withDeltas(before, after),
  growth: compareDumps(before, after, 2),
  note: null,
};

type Page = Extract<NonNullable<ViewState['page']>, { kind: 'goroutines' }>;
const page = (change: Partial<Page> = {}): Page => ({
  kind: 'goroutines',
  daemon: 'dockerd',
  answer: { status: 'ok', given: grown },
  chosen: 0,
  opened: false,
  byGrowth: false,
  filter: '',
  scroll: 0,
  ...change,
});
const shown = (change: Partial<Page>, size = '120x36'): string =>
  screenText(node, size, { state: { page: page(change) } });

describe('the page of goroutines', () => {
  test.each(['80x24', '120x36'])('shows known patterns, then the groups with their growth, at %s', async (size) => {
    await expect(shown({}, size)).toMatchFileSnapshot(snapshot('grown', size));
  });

  const locked = (waiters: number): Partial<Page> => ({
    answer: { status: 'ok', given: { name: 'dockerd', report: lockedReport(waiters), growth: null, note: null } },
  });

  test.each(['80x24', '120x36'])('names at its top who holds the lock that many wait for, at %s', async (size) => {
    const text = shown(locked(48), size);
    expect(text).toContain('Goroutine 1908 holds it');
    await expect(text).toMatchFileSnapshot(snapshot('locked', size));
  });

  test('speaks of no lock where none is waited for', async () => {
    const text = shown(locked(0));
    expect(text).not.toMatch(/ lock|holds/);
    await expect(text).toMatchFileSnapshot(snapshot('no-lock', '120x36'));
  });

  test('opens a group to its frames, and what they mean', async () => {
    await expect(shown({ opened: true, chosen: 1 })).toMatchFileSnapshot(snapshot('opened', '120x36'));
  });

  test('shows the groups that have a function of that name', () => {
    expect(shown({ filter: 'EVENTSTREAM' })).toContain('processEventStream');
    expect(shown({ filter: 'eventstream' })).not.toContain('State).Wait.func1');
    expect(shown({ filter: 'nothing like it' })).toContain('no group matches the filter');
  });

  test('sorts by growth when asked', () => {
    const deltas = visibleGroups(page({ byGrowth: true })).map(({ delta }) => delta ?? 0);
    expect(deltas).toEqual([...deltas].sort((a, b) => b - a));
  });

  test('says that it waits, and why there is nothing', () => {
    expect(shown({ answer: { status: 'pending' } })).toContain('reading from dockerd');
    const text = shown({ answer: { status: 'failed', detail: 'no debug endpoint (HTTP 404)' } });
    expect(text).toContain('no debug endpoint');
    expect(text).toContain('D dumps with SIGUSR1');
  });

  test('says when the dump is not whole', () => {
    const given = { ...grown, report: { ...grown.report, partial: true, error: 'line 12: cut off' } };
    expect(shown({ answer: { status: 'ok', given } })).toContain('incomplete: line 12: cut off');
  });

  test('keeps the chosen group in sight', () => {
    const last = visibleGroups(page()).length - 1;
    expect(shown({ chosen: last }, '80x14')).toMatch(/▸ +1 /);
  });
});

describe('the keys on the page of goroutines', () => {
  const press = (state: ViewState, ...commands: ViewCommand[]): ViewState =>
    commands.reduce(
      (state, command) => reduceView(state, { type: 'command', command, keys: [], pane: containersPane, pageRows: 5 }),
      state,
    );
  const open = { ...initialState(), page: page() };

  test('move within the groups, open one, and lead back step by step', () => {
    const state = press(open, 'down', 'down', 'up', 'last', 'open');
    expect(state.page).toMatchObject({ chosen: visibleGroups(page()).length - 1, opened: true });
    expect(press(state, 'back').page).toMatchObject({ opened: false });
    expect(press(state, 'back', 'back').page).toBeNull();
  });

  test('filter and sort the groups, not the pane behind', () => {
    const typing = reduceView(press(open, 'filter'), { type: 'typed', text: 'wait' });
    expect(typing).toMatchObject({ typing: true, page: { filter: 'wait' }, panes: { containers: { filter: '' } } });
    expect(press(open, 'sort').page).toMatchObject({ byGrowth: true });
    const kept = reduceView(typing, { type: 'typing-ended', keep: true });
    expect(press(kept, 'back').page).toMatchObject({ filter: '' });
  });
});

describe('the page of the heap', () => {
  test('names the connections that fill it, and the functions', async () => {
    const page = {
      kind: 'heap' as const,
      daemon: 'dockerd',
      answer: { status: 'ok' as const, heap: httpHeap(1500) },
      scroll: 0,
    };
    await expect(screenText(node, '120x36', { state: { page } })).toMatchFileSnapshot(snapshot('heap', '120x36'));
  });

  test('says that it waits, and why there is nothing', () => {
    const heap = (answer: object): string =>
      screenText(node, '80x24', {
        state: { page: { kind: 'heap', daemon: 'containerd', answer, scroll: 0 } as ViewState['page'] },
      });
    expect(heap({ status: 'pending' })).toContain('reading from containerd');
    expect(heap({ status: 'failed', detail: 'HTTP 404' })).toContain('HTTP 404');
  });
});

test('an action that costs something is asked about', async () => {
  const page = {
    kind: 'confirm' as const,
    purpose: 'signal-dump' as const,
    daemon: 'dockerd',
    question: ['SIGUSR1 goes to dockerd (pid 901).', 'It writes its stacks and goes on.'],
    pid: 901,
    scroll: 0 as const,
  };
  await expect(screenText(node, '80x24', { state: { page } })).toMatchFileSnapshot(snapshot('confirm', '80x24'));
});
