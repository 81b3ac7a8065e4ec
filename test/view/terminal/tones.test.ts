import { describe, expect, test } from 'vitest';
import { type PaneId, paneOf } from '../../../src/view/terminal/panes/panes.ts';
import { styleOf, type Tone } from '../../../src/view/terminal/tones.ts';
import { modelOf, stopLeak } from '../../support/scenes.ts';

const tonesOf = (paneId: PaneId, columnId: string): Tone[] => {
  const pane = paneOf(paneId);
  const column = pane.columns.find(({ id }) => id === columnId);
  return (pane.rows(modelOf(stopLeak)) ?? []).map((row) => column?.tone?.(row) ?? 'plain');
};

describe('the tones', () => {
  test('without colour name no colour', () => {
    const tones: Tone[] = ['plain', 'dim', 'strong', 'title', 'critical', 'warning', 'good', 'selected', 'key'];
    for (const tone of tones) expect(styleOf(tone, false)).not.toHaveProperty('color');
    expect(styleOf('critical', true)).toEqual({ color: 'red', bold: true });
  });

  test('of the panes point at what is wrong', () => {
    expect(tonesOf('containers', 'state')).toEqual(['critical', 'critical', 'good', 'good']);
    expect(tonesOf('processes', 'state')).toEqual(['critical', 'critical', 'warning', 'warning']);
    expect(tonesOf('disks', 'util')).toEqual(['warning']);
    expect(tonesOf('daemons', 'goroutines')).toEqual(['strong', 'strong']);
  });
});
