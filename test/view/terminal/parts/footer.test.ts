import { expect, test } from 'vitest';
import { initialState } from '../../../../src/view/terminal/state/state.ts';
import { screenText } from '../../../support/render.tsx';
import * as scenes from '../../../support/scenes.ts';

const model = scenes.modelOf(scenes.stopLeak);

/** The last line of the screen with that pane in focus. */
function footerOf(focus: 'containers' | 'disks' | 'daemons'): string {
  const findingsPane = { ...initialState().findingsPane, focused: false };
  return screenText(model, '160x45', { state: { focus, findingsPane } }).trimEnd().split('\n').at(-1) ?? '';
}

test('an inspect is offered where a container is selected', () => {
  expect(footerOf('containers')).toContain('i inspect');
  expect(footerOf('disks')).not.toContain('i inspect');
  expect(footerOf('daemons')).not.toContain('i inspect');
  // Without a subject it shows all lines.
  expect(footerOf('disks')).toContain('l log');
});
