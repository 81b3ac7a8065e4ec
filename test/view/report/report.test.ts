import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/rules/rules.ts';
import { run } from '../../../src/rules/run.ts';
import { reportJson } from '../../../src/view/report/json.ts';
import { overall } from '../../../src/view/report/overall.ts';
import { reportText } from '../../../src/view/report/text.ts';
import { idOf } from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const given = (scene: scenes.Scene) => {
  const model = scenes.modelOf(scene);
  return [model, run(rules, model)] as const;
};

describe.each([
  ['healthy', scenes.healthy],
  ['stop-leak', scenes.stopLeak],
  ['bare', scenes.bare],
  ['failing', scenes.failing],
  ['odd', scenes.odd],
] as const)('the report of a node that is %s', (name, scene) => {
  test('reads as before', async () => {
    const text = reportText(...given(scene));
    expect(text).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/mu);
    await expect(text).toMatchFileSnapshot(`../../../snapshots/report/${name}.txt`);
  });

  test('has the same JSON as before', async () => {
    const json = JSON.stringify(reportJson(...given(scene), false), null, 2);
    await expect(`${json}\n`).toMatchFileSnapshot(`../../../snapshots/report/${name}.json`);
  });
});

describe('the JSON', () => {
  test('tells of the stuck containers, or of all', () => {
    const names = (all: boolean) =>
      (reportJson(...given(scenes.stopLeak), all) as { containers: { id: string }[] }).containers.map(({ id }) => id);
    expect(names(false)).toEqual([idOf('a9'), idOf('fe')]);
    expect(names(true)).toHaveLength(4);
  });
});

describe('the verdict', () => {
  test('is the worst that was found, and unknown when nothing could be told', () => {
    expect(overall(...given(scenes.healthy))).toBe('ok');
    expect(overall(...given(scenes.bare))).toBe('ok');
    expect(overall(...given(scenes.odd))).toBe('warning');
    expect(overall(...given(scenes.stopLeak))).toBe('critical');
    expect(overall(...given(scenes.broken))).toBe('unknown');
    expect(overall(...given(scenes.unanswered))).toBe('unknown');
  });
});
