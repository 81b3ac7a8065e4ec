import { describe, expect, test } from 'vitest';
import type { Model } from '../../../../src/model/model.ts';
import { absent, failed, ok, pending } from '../../../../src/sample/reading.ts';
import { type PaneId, paneIds, paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { paneFrame } from '../../../../src/view/terminal/parts/pane-frame.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';
import { paneText, plainTheme } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

/** The tones of what a pane shows in its rows and notes. */
function tonesOf(id: PaneId, model: Model): Set<string> {
  const { lines } = paneFrame({
    pane: paneOf(id),
    number: paneIds.indexOf(id) + 1,
    state: initialState().panes[id],
    model,
    verdicts: { findings: [], unknown: [] },
    focused: false,
    typing: false,
    width: 120,
    height: 16,
    bare: false,
    theme: plainTheme,
  });
  const spans = lines.flatMap(({ line }) => line.filter(({ text }) => text.trim() !== ''));
  return new Set(spans.map(({ tone = 'plain' }) => tone));
}

describe('rows that are old', () => {
  test.each(['containers', 'processes', 'mounts', 'disks'] as const)('of %s are dim, but for what is wrong', (id) => {
    const tones = tonesOf(id, scenes.modelOf(scenes.failing));
    expect([...tones].filter((tone) => tone !== 'critical' && tone !== 'warning')).toEqual(['dim']);
    expect(tonesOf(id, scenes.modelOf(scenes.stopLeak))).toContain('plain');
  });

  test('keep what is wrong in its tone', () => {
    const later = make.sampleAt(600, { containers: failed('connect ECONNREFUSED') });
    const tones = tonesOf('containers', scenes.modelOf([...scenes.stopLeak, later]));
    expect(tones).toContain('dim');
    expect(tones).toContain('critical');
    expect(tones).not.toContain('plain');
  });

  test('say their age before all else in the title, where not all has room', () => {
    expect(paneText('mounts', scenes.modelOf(scenes.failing), '60x10')).toContain('─ 35s old, failed · container mou');
  });
});

describe('containers of a CRI runtime', () => {
  const listed = (...runtimes: Parameters<typeof make.cri>[0][]): string => {
    const cri = { runtimes: runtimes.flatMap((runtime) => make.cri(runtime).runtimes) };
    const reading = { containers: absent('no container engine'), cri: ok(cri, 1) };
    return paneText('containers', scenes.modelOf([make.sampleAt(0, reading)]), '80x10');
  };
  const hung = { containerList: pending(45_000, 'no answer yet') };

  test('that does not answer are said to be old', () => {
    expect(listed(hung)).toContain('45s old, no answer');
    expect(listed({})).not.toContain('old');
  });

  test('of which another one answers are not', () => {
    expect(listed(hung, { socket: 'unix:///run/other.sock' })).not.toContain('old');
  });
});

test('a filter stands in the title before what has no room beside it', () => {
  const state = { filter: 'state:running', sortBy: 'name', reversed: true };
  const [title] = paneText('containers', scenes.modelOf(scenes.stopLeak), '60x10', false, state).split('\n');
  expect(title).toContain('─ /state:running · by name reversed · ');
});

test('notes without room are counted, with the keys that show them', () => {
  const others = [1, 2].map((pid) => ({ name: 'dockerd' as const, pid, sockets: ['unix:///run/other.sock'] }));
  const daemons = ok({ ...make.daemons(), others }, 1);
  const model = scenes.modelOf([make.sampleAt(0, { daemons })]);
  const frame = (height: number, change: { focused?: boolean; zoomed?: boolean } = {}) =>
    paneFrame({
      pane: paneOf('daemons'),
      number: 1,
      state: initialState().panes.daemons,
      model,
      verdicts: { findings: [], unknown: [] },
      focused: false,
      typing: false,
      width: 120,
      height,
      bare: true,
      theme: plainTheme,
      ...change,
    });
  const summary = (...given: Parameters<typeof frame>): string =>
    (frame(...given).summary ?? []).map(({ text }) => text).join('');
  expect(summary(12)).toBe('');
  expect(summary(5)).toBe('2 notes (1 z)');
  expect(summary(5, { focused: true })).toBe('2 notes (z)');
  expect(summary(5, { focused: true, zoomed: true })).toBe('2 notes');
});
