import { expect, test } from 'vitest';
import { zoneOf } from '../../../../src/base/zone.ts';
import { ok } from '../../../../src/sample/reading.ts';
import { logPanelRows } from '../../../../src/view/terminal/parts/log-panel.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';
import type { Theme } from '../../../../src/view/terminal/theme/theme.ts';
import { plainTheme } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const textOf = (
  model: ReturnType<typeof scenes.modelOf>,
  { state = initialState(), theme = plainTheme, height = 12 } = {},
): string[] => {
  const shown = { model, verdicts: { findings: [], unknown: [] }, theme, state };
  return logPanelRows({ ...shown, width: 100, height, bare: false }).map((line) =>
    line.map(({ text }) => text).join(''),
  );
};

const withLines = (lines: number, container: string) =>
  scenes.modelOf([
    ...scenes.healthy,
    make.sampleAt(9, {
      logs: ok(
        make.logs({
          lines: Array.from({ length: lines }, (_, n) =>
            make.logLine(n, 'stop-force', { container, text: `try ${n}` }),
          ),
        }),
        1,
      ),
    }),
  ]);

test('shows the newest lines about the selected container, as many as have room', () => {
  const text = textOf(withLines(40, make.idOf('a1')));
  expect(text).toHaveLength(12);
  expect(text[0]).toContain('Log lines about web-1');
  expect(text.join('\n')).toContain('try 39');
  expect(text.join('\n')).not.toContain('try 29');
});

test('shows all lines where none is about it, and does not say that they are', () => {
  const text = textOf(withLines(3, make.idOf('ee')));
  expect(text[0]).toContain(' Log lines ─');
  expect(text.join('\n')).toContain('try 2');
});

test('what is remembered of a line follows its count and the zone', () => {
  const state = initialState();
  const line = make.logLine(3, 'stop-force');
  const modelOf = (...lines: (typeof line)[]) =>
    scenes.modelOf([...scenes.healthy, make.sampleAt(9, { logs: ok(make.logs({ lines }), 1) })]);
  const india: Theme = { ...plainTheme, zone: zoneOf(() => 330) };
  const frames = [
    { model: modelOf(line), theme: plainTheme },
    { model: modelOf(line, line), theme: plainTheme },
    { model: modelOf(line, line), theme: india },
  ];
  const texts = frames.map(({ model, theme }) => textOf(model, { state, theme }).join('\n'));
  expect(texts).toEqual(frames.map(({ model, theme }) => textOf(model, { theme }).join('\n')));
  expect(new Set(texts).size).toBe(3);
});
