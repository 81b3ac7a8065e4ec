import { describe, expect, test } from 'vitest';
import { paneIds } from '../../../../src/view/terminal/panes/panes.ts';
import { backFromJump } from '../../../../src/view/terminal/state/jump.ts';
import { focusBy, hidePane, movePane, showPane } from '../../../../src/view/terminal/state/pane-order.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';

const start = showPane(initialState(), 'containers');

describe('a pane', () => {
  test('is hidden, the focus goes to the next, and its number shows it again', () => {
    const hidden = hidePane(start);
    expect(hidden).toMatchObject({ shown: ['daemons', 'processes', 'mounts', 'disks'], focus: 'processes' });
    expect(hidden.message?.text).toContain('2 shows them again');
    expect(showPane(hidden, 'containers')).toMatchObject({
      shown: [...hidden.shown, 'containers'],
      focus: 'containers',
    });
  });

  test('is shown again by the way back of a jump that began in it', () => {
    const { focus, findingsPane, zoomed, page, beneath } = start;
    const away = { ...hidePane(start), visited: [{ focus, findingsPane, zoomed, page, beneath }] };
    const back = backFromJump(away);
    expect(back).toMatchObject({ focus: 'containers', visited: [] });
    expect(back.shown).toContain('containers');
  });

  test('that is the last one stays', () => {
    const last = paneIds.slice(1).reduce(hidePane, start);
    expect(last.shown).toHaveLength(1);
    expect(hidePane(last).shown).toEqual(last.shown);
    expect(hidePane(last).message?.text).toContain('stays');
  });

  test('moves among those that are shown, to both ends and not beyond', () => {
    expect(movePane(start, -1).shown[0]).toBe('containers');
    expect(movePane(movePane(start, -1), -1).shown[0]).toBe('containers');
    expect([1, 1, 1, 1].reduce(movePane, start).shown.at(-1)).toBe('containers');
    expect(new Set(movePane(start, 1).shown)).toEqual(new Set(paneIds));
  });

  test('has the focus in the order in which it stands', () => {
    const moved = movePane(start, 2);
    expect(moved.shown).toEqual(['daemons', 'processes', 'mounts', 'containers', 'disks']);
    expect(focusBy(moved, 1).focus).toBe('disks');
    expect(focusBy(focusBy(moved, 1), 1).findingsPane.focused).toBe(true);
    expect(focusBy(focusBy(focusBy(moved, 1), 1), 1).focus).toBe('daemons');
    expect(focusBy(moved, -1).focus).toBe('mounts');
  });
});
