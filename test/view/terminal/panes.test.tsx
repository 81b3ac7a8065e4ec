import { describe, expect, test } from 'vitest';
import { paneIds } from '../../../src/view/terminal/panes/panes.ts';
import { paneText } from '../../support/render.tsx';
import * as scenes from '../../support/scenes.ts';

const cases = {
  healthy: scenes.healthy,
  'stop-leak': scenes.stopLeak,
  unanswered: scenes.unanswered,
  bare: scenes.bare,
  failing: scenes.failing,
  broken: scenes.broken,
  silent: scenes.silent,
  crowded: scenes.crowded,
  odd: scenes.odd,
  restarted: scenes.restarted,
  gone: scenes.gone,
};

describe.each(paneIds)('the pane of %s', (id) => {
  describe.each(Object.entries(cases))('on a node that is %s', (name, scene) => {
    const model = scenes.modelOf(scene);

    test.each(['60x10', '120x16'])('matches its snapshot at %s', async (size) => {
      await expect(paneText(id, model, size)).toMatchFileSnapshot(
        `../../../snapshots/terminal/${id}/${name}.${size}.txt`,
      );
    });

    test('matches its snapshot on a low screen, without sides', async () => {
      await expect(paneText(id, model, '80x4', true)).toMatchFileSnapshot(
        `../../../snapshots/terminal/${id}/${name}.80x4.txt`,
      );
    });

    test.each(['20x3', '33x5', '300x40'])('fits into %s', (size) => {
      paneText(id, model, size);
    });
  });
});

describe('the rows of a pane', () => {
  const model = scenes.modelOf(scenes.crowded);

  test('are those that match the filter in any column', async () => {
    await expect(paneText('containers', model, '60x10', false, { filter: 'WORKER-01' })).toMatchFileSnapshot(
      '../../../snapshots/terminal/containers/filtered.60x10.txt',
    );
  });

  test('say so when none matches', () => {
    expect(paneText('containers', model, '60x10', false, { filter: 'nobody' })).toContain('no row matches the filter');
  });

  test('are sorted by the chosen column, and reversed', () => {
    const first = (text: string): string | undefined => text.split('\n')[2];
    expect(first(paneText('containers', model, '60x10', false, { sortBy: 'name' }))).toContain('worker-000');
    expect(first(paneText('containers', model, '60x10', false, { sortBy: 'name', reversed: true }))).toContain(
      'worker-119',
    );
  });

  test('are shown around the chosen one', () => {
    const chosen = model.containers?.list.at(-1)?.id ?? '';
    const lines = paneText('containers', model, '60x10', false, { chosen }).split('\n');
    expect(lines.at(-3)).toMatch(/^│▸.*worker-119/);
  });
});
