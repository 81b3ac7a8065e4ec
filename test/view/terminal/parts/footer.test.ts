import { expect, test } from 'vitest';
import type { Verdicts } from '../../../../src/rules/engine/run.ts';
import type { OpenPage } from '../../../../src/view/terminal/state/page.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';
import { screenText } from '../../../support/render.tsx';
import { idOf } from '../../../support/samples.ts';
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

test('Enter is offered on the page of a row that a finding names, and on no other', () => {
  const { verdicts } = scenes.followed(scenes.stopLeak);
  const page: OpenPage = { kind: 'details', pane: 'containers', key: idOf('a9'), scroll: 0 };
  const footer = (findings: Verdicts['findings']): string => {
    const text = screenText(model, '160x45', { verdicts: { ...verdicts, findings }, state: { page } });
    return text.trimEnd().split('\n').at(-1) ?? '';
  };
  expect(footer(verdicts.findings)).toContain('Enter open · Esc back');
  expect(footer([])).toMatch(/^ Esc back/);
});
