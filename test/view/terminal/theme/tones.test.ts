import { describe, expect, test } from 'vitest';
import { type PaneId, paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { edgesOf, styleOf, type Tone } from '../../../../src/view/terminal/theme/tones.ts';
import { modelOf, stopLeak } from '../../../support/scenes.ts';

const tonesOf = (paneId: PaneId, columnId: string): Tone[] => {
  const pane = paneOf(paneId);
  const column = pane.columns.find(({ id }) => id === columnId);
  return (pane.rows(modelOf(stopLeak)) ?? []).map((row) => column?.tone?.(row) ?? 'plain');
};

describe('the tones', () => {
  test('without colour name no colour', () => {
    const tones: Tone[] = ['plain', 'dim', 'strong', 'title', 'critical', 'warning', 'good', 'selected', 'key'];
    for (const tone of tones) expect(styleOf(tone, 'none')).not.toHaveProperty('color');
    expect(styleOf('critical', '16')).toEqual({ color: 1, bold: true });
    expect(edgesOf('critical', '16')).toEqual({ before: '\u001b[31m\u001b[1m', after: '\u001b[22m\u001b[39m' });
    expect(edgesOf('warning', 'light').before).toBe('\u001b[38;5;130m');
  });

  test.each(['16', 'dark', 'light', 'colour-blind'] as const)(
    'of %s tell apart what is critical, a warning and good',
    (palette) => {
      const tones = ['critical', 'warning', 'good', 'plain'] as const;
      expect(new Set(tones.map((tone) => edgesOf(tone, palette).before)).size).toBe(4);
      expect(styleOf('critical', palette)).toHaveProperty('bold', true);
    },
  );

  test('of the panes point at what is wrong', () => {
    expect(tonesOf('containers', 'state')).toEqual(['critical', 'critical', 'good', 'good']);
    expect(tonesOf('processes', 'state')).toEqual(['critical', 'critical', 'warning', 'warning']);
    expect(tonesOf('disks', 'util')).toEqual(['warning']);
    expect(tonesOf('daemons', 'goroutines')).toEqual(['strong', 'strong']);
  });
});
