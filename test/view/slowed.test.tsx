import { describe, expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { reportJson } from '../../src/view/report/json.ts';
import { reportText } from '../../src/view/report/text.ts';
import { screenText } from '../support/render.tsx';
import * as scenes from '../support/scenes.ts';

const slowed = { factor: 4, intervalMs: 4000, budgetPercent: 3 };
const scene: scenes.Scene = scenes.healthy.map((sample) => ({ ...sample, sampler: { ...sample.sampler, slowed } }));
const model = scenes.modelOf(scene);

describe('a sampler that looks less often to keep within its budget', () => {
  test.each(['60x24', '80x24', '120x36'])(
    'is told of at the top of a screen of %s, with what it does instead',
    (size) => {
      const [first = ''] = screenText(model, size).split('\n');
      expect(first).toContain('live 4s (own CPU over 3%)');
    },
  );

  test('is shown in the report', () => {
    const verdicts = run(rules, model);
    expect(reportText(model, verdicts)).toContain(
      'rtwatch samples every 4s instead of 1s: its own CPU use exceeded 3% of a core (--cpu-budget)',
    );
    expect(reportJson(model, verdicts, false)).toMatchObject({ slowed });
  });
});

test('one that polls as often as configured is not', () => {
  const calm = scenes.modelOf(scenes.healthy);
  const verdicts = run(rules, calm);
  expect(screenText(calm, '120x36')).toContain('live 1s');
  expect(reportText(calm, verdicts)).not.toContain('--cpu-budget');
  expect(reportJson(calm, verdicts, false)).toMatchObject({ slowed: null });
});
