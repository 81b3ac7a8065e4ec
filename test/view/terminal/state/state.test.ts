import { describe, expect, test } from 'vitest';
import type { Verdicts } from '../../../../src/rules/engine/run.ts';
import type { ViewCommand } from '../../../../src/view/terminal/keys.ts';
import { containersPane } from '../../../../src/view/terminal/panes/containers.ts';
import { reduceView } from '../../../../src/view/terminal/state/reduce.ts';
import { settledFocus } from '../../../../src/view/terminal/state/selection.ts';
import { chosenKey, initialState, type ViewEvent, type ViewState } from '../../../../src/view/terminal/state/state.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];
const press = (state: ViewState, ...commands: ViewCommand[]): ViewState =>
  commands.reduce(
    (before, command) => reduceView(before, { type: 'command', command, keys, pane: containersPane, pageRows: 3 }),
    state,
  );
const start = initialState();
const happen = (state: ViewState, ...events: ViewEvent[]): ViewState => events.reduce(reduceView, state);

describe('moving', () => {
  const chosen = (...commands: ViewCommand[]): string | null => chosenKey(press(start, ...commands), keys);

  test('goes by rows and pages, and stops at both ends', () => {
    expect(chosen()).toBe('a');
    expect(chosen('down')).toBe('b');
    expect(chosen('up')).toBe('a');
    expect(chosen('page-down')).toBe('d');
    expect(chosen('page-down', 'page-down')).toBe('e');
    expect(chosen('last', 'page-up')).toBe('b');
    expect(chosen('last', 'first')).toBe('a');
  });

  test('stays with the row while others come and go, and falls back to the first when it has gone', () => {
    const state = press(start, 'down', 'down');
    expect(chosenKey(state, ['x', 'c', 'a'])).toBe('c');
    expect(chosenKey(state, ['x', 'y'])).toBe('x');
    expect(chosenKey(state, [])).toBeNull();
  });

  test('is remembered for each pane by itself', () => {
    const state = press(start, 'down', 'focus-3', 'down', 'down', 'focus-2');
    expect(state.panes.containers.chosen).toBe('b');
    expect(state.panes.processes.chosen).toBe('c');
  });
});

describe('the focus', () => {
  test('goes round in both directions', () => {
    expect(press(start, 'focus-5', 'focus-next').findingsPane.focused).toBe(true);
    expect(press(start, 'focus-5', 'focus-next', 'focus-next')).toMatchObject({
      focus: 'daemons',
      findingsPane: { focused: false },
    });
    expect(press(start, 'focus-1', 'focus-previous').findingsPane.focused).toBe(true);
    expect(press(start, 'focus-1', 'focus-previous', 'focus-previous').focus).toBe('disks');
  });

  test('is on the containers at first, and on the findings as soon as something is wrong', () => {
    expect(start).toMatchObject({ focus: 'containers', findingsPane: { focused: null } });
    const verdicts = (severity: 'critical' | 'info') => ({ findings: [{ severity }] }) as unknown as Verdicts;
    expect(settledFocus(verdicts('critical'), start)).toBe(true);
    expect(settledFocus(verdicts('info'), start)).toBe(false);
    const chosen = happen(start, { type: 'focus-settled', focused: false });
    expect(settledFocus(verdicts('critical'), chosen)).toBe(false);
  });

  test('leaves a page for a pane, but not a question', () => {
    expect(press(start, 'open', 'focus-3')).toMatchObject({ page: null, beneath: [], focus: 'processes' });
    const page = { kind: 'confirm', purpose: 'dump', daemon: 'dockerd', question: [], pid: null, scroll: 0 } as const;
    expect(press({ ...start, page }, 'focus-3').page).toBe(page);
  });
});

describe('the findings pane', () => {
  test('takes the keys while it has the focus, and gives the pane its own back', () => {
    const state = press(start, 'down', 'focus-0', 'down', 'down');
    expect(state).toMatchObject({
      findingsPane: { focused: true, chosen: 'c' },
      panes: { containers: { chosen: 'b' } },
    });
    expect(chosenKey(state, keys)).toBe('c');
    expect(chosenKey(press(state, 'back'), keys)).toBe('b');
    expect(press(state, 'focus-3')).toMatchObject({
      focus: 'processes',
      findingsPane: { focused: false, chosen: 'c' },
    });
  });

  test('opens the chosen finding', () => {
    expect(press(start, 'focus-0', 'down', 'open').page).toEqual({
      kind: 'finding',
      key: 'b',
      chosen: 0,
      scroll: 0,
    });
    const none = reduceView(press(start, 'focus-0'), {
      type: 'command',
      command: 'open',
      keys: [],
      pane: containersPane,
      pageRows: 3,
    });
    expect(none.page).toBeNull();
  });

  test('has nothing to sort or zoom', () => {
    const state = press(start, 'focus-0');
    for (const command of ['sort', 'reverse', 'zoom', 'hide'] as const) {
      expect(press(state, command)).toEqual({ ...state, message: expect.objectContaining({ tone: 'plain' }) });
    }
  });

  test('is left for the pane that had the focus, zoomed or not', () => {
    expect(press(start, 'zoom', 'focus-0', 'back')).toMatchObject({ zoomed: true, findingsPane: { focused: false } });
  });
});

describe('the filter', () => {
  test('is typed, kept by Enter and dropped by Escape', () => {
    const typing = happen(press(start, 'filter'), { type: 'typed', text: 'web🧊' }, { type: 'erased' });
    expect(typing.typing).toBe(true);
    expect(typing.panes.containers.filter).toBe('web');
    const kept = happen(typing, { type: 'typing-ended', keep: true });
    expect(kept).toMatchObject({ typing: false, panes: { containers: { filter: 'web' } } });
    expect(press(kept, 'back').panes.containers.filter).toBe('');
    expect(happen(typing, { type: 'typing-ended', keep: false }).panes.containers.filter).toBe('');
  });
});

describe('the filter of the findings', () => {
  const typed = happen(press(start, 'focus-0', 'down', 'filter'), { type: 'typed', text: 'nfs' });

  test('is typed while they have the focus, and leaves those of the panes alone', () => {
    expect(typed).toMatchObject({ typing: true, findingsPane: { filter: 'nfs', chosen: null } });
    expect(typed.panes).toEqual(start.panes);
  });

  test('is kept by Enter; Escape drops it first, and then leaves the findings', () => {
    const kept = happen(typed, { type: 'typing-ended', keep: true });
    expect(kept).toMatchObject({ typing: false, findingsPane: { filter: 'nfs', focused: true } });
    const dropped = press(kept, 'back');
    expect(dropped.findingsPane).toMatchObject({ filter: '', focused: true });
    expect(press(dropped, 'back').findingsPane).toMatchObject({ focused: false });
  });

  test('stays while the reader is in a pane, which has its own', () => {
    const kept = happen(typed, { type: 'typing-ended', keep: true });
    const there = happen(press(kept, 'focus-3', 'filter'), { type: 'typed', text: 'dd' });
    expect(there).toMatchObject({ findingsPane: { filter: 'nfs' }, panes: { processes: { filter: 'dd' } } });
  });
});

describe('sorting', () => {
  test('shows the letters first, then goes through the columns that can be sorted by, and back to the order of attention', () => {
    const seen = [start];
    for (let i = 0; i < 13; i++) seen.push(press(seen.at(-1) ?? start, 'sort'));
    expect(seen.map(({ panes }) => panes.containers.sortBy)).toEqual([
      ...[null, null, 'name', 'state', 'for', 'cpu', 'memory', 'limit', 'io', 'oom', 'pids', 'restarts', 'log', null],
    ]);
    expect(press(start, 'reverse').panes.containers.reversed).toBe(true);
  });
});

describe('a page over the panes', () => {
  test('is opened, scrolled and left', () => {
    const help = press(start, 'help', 'down', 'page-down', 'up');
    expect(help.page).toEqual({ kind: 'help', over: 'panes', scroll: 3 });
    expect(press(help, 'first').page).toMatchObject({ scroll: 0 });
    expect(press(help, 'back').page).toBeNull();
    expect(press(help, 'help').page).toBeNull();
  });

  test('says where the keys of panes work, and changes nothing', () => {
    const help = press(start, 'help');
    for (const command of ['tree', 'hide', 'zoom', 'reverse', 'move-up', 'move-down'] as const) {
      const text = expect.stringMatching(/^[zSHT()] works on the panes: Esc goes back/);
      expect(press(help, command)).toEqual({ ...help, message: { text, tone: 'plain' } });
    }
    expect(press(help, 'sort').message?.text).toBe('s sorts panes and the list of goroutines');
    expect(press(help, 'reveal').message?.text).toBe('e works on the page of an inspect (i)');
  });

  test('opens on the chosen row, and not where there is none', () => {
    expect(press(start, 'down', 'open').page).toEqual({ kind: 'details', pane: 'containers', key: 'b', scroll: 0 });
    const none = reduceView(start, { type: 'command', command: 'open', keys: [], pane: containersPane, pageRows: 3 });
    expect(none.page).toBeNull();
  });

  test('of an inspect takes the answer to its own question only, and shows values only when asked', () => {
    const page = {
      kind: 'inspect' as const,
      containerId: 'x',
      answer: { status: 'pending' as const },
      revealed: false,
      scroll: 0,
    };
    const open = happen(start, { type: 'page-opened', page });
    expect(happen(open, { type: 'inspected', containerId: 'y', answer: { status: 'ok', json: '{}' } })).toBe(open);
    expect(
      happen(open, { type: 'inspected', containerId: 'x', answer: { status: 'ok', json: '{}' } }).page,
    ).toMatchObject({ answer: { json: '{}' } });
    expect(press(open, 'reveal').page).toMatchObject({ revealed: true });
  });

  test('opens over another one, and leads back to it', () => {
    const log = { kind: 'log' as const, containerId: 'b', daemon: null, all: false, follows: true, scroll: 0 };
    const details = press(start, 'down', 'open', 'down');
    const over = reduceView(details, { type: 'page-stacked', page: log });
    expect(over.page).toEqual(log);
    expect(press(over, 'back').page).toEqual(details.page);
    expect(press(over, 'back', 'back').page).toBeNull();
    expect(press(over, 'help', 'help').page).toEqual(log);
  });

  test('is left for no more pages than one can go back, also for help', () => {
    const log = { kind: 'log' as const, containerId: 'b', daemon: null, all: false, follows: true, scroll: 0 };
    let many = press(start, 'down', 'open');
    for (let count = 0; count < 20; count++) many = reduceView(many, { type: 'page-stacked', page: log });
    expect(press(many, 'help').beneath).toHaveLength(many.beneath.length);
  });

  test('of an inspect takes its answer also while another one is over it', () => {
    const page = { kind: 'inspect' as const, containerId: 'x', revealed: false, scroll: 0 };
    const asked = happen(start, { type: 'page-opened', page: { ...page, answer: { status: 'pending' } } });
    const over = happen(press(asked, 'help'), {
      type: 'inspected',
      containerId: 'x',
      answer: { status: 'ok', json: '{}' },
    });
    expect(press(over, 'help').page).toMatchObject({ kind: 'inspect', answer: { json: '{}' } });
  });

  test('of a finding chooses a command, and scrolls as others do', () => {
    const open = press(start, 'focus-0', 'open', 'focus-next', 'down');
    expect(open.page).toMatchObject({ chosen: 1, scroll: 1 });
    expect(press(open, 'focus-previous').page).toMatchObject({ chosen: 0 });
  });

  test('of a log turns to all lines and back', () => {
    const page = {
      kind: 'log' as const,
      containerId: 'b',
      daemon: null,
      all: false,
      follows: false,
      scroll: 9,
    };
    const open = happen(start, { type: 'page-opened', page });
    expect(press(open, 'log').page).toMatchObject({ all: true, follows: true });
    expect(press(open, 'log', 'log').page).toMatchObject({ all: false });
  });

  test('of a choice moves within the choices', () => {
    const open = happen(start, {
      type: 'page-opened',
      page: { kind: 'daemon-choice', purpose: 'dump', daemons: ['dockerd', 'containerd'], chosen: 0, scroll: 0 },
    });
    expect(press(open, 'down', 'down', 'down').page).toMatchObject({ chosen: 1 });
    expect(press(open, 'up').page).toMatchObject({ chosen: 0 });
  });
});

test('a message stays until the next key', () => {
  const said = happen(start, { type: 'message', message: { text: 'done', tone: 'good' } });
  expect(press(said, 'down').message).toBeNull();
});
