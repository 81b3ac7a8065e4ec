import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paneIds } from '../../../../src/view/terminal/panes/panes.ts';
import { parseSavedView, savedViewOf } from '../../../../src/view/terminal/state/saved-view.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';

test('what is kept is what the next start has', () => {
  const { panes } = initialState();
  const state = {
    ...initialState(),
    shown: ['disks', 'containers'] as const,
    panes: {
      ...panes,
      containers: { ...panes.containers, sortBy: 'cpu', reversed: true, filter: 'web' },
      processes: { ...panes.processes, tree: true },
    },
  };
  const next = initialState(parseSavedView(JSON.parse(JSON.stringify(savedViewOf(state)))) ?? undefined);
  expect(next).toMatchObject({ shown: state.shown, focus: 'containers', panes: { processes: { tree: true } } });
  expect(next.panes.containers).toMatchObject({ sortBy: 'cpu', reversed: true, filter: '', chosen: null });
});

test('names that this version does not know are left out', () => {
  const view = parseSavedView({
    panes: ['disks', 'pods', 'disks'],
    sort: { disks: { by: 'luck' }, pods: {} },
    tree: 1,
  });
  expect(view).toEqual({ panes: ['disks'], sort: { disks: { by: null, reversed: false } }, tree: false });
});

test('a file of another kind is none, and never an empty screen', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const view = parseSavedView(value);
      if (view === null) return;
      expect(view.panes.length).toBeGreaterThan(0);
      for (const id of view.panes) expect(paneIds).toContain(id);
    }),
  );
  expect(parseSavedView({ panes: [] })).toBeNull();
});
