import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { countsOf, npdLine, statusLine } from '../../../src/view/report/status-line.ts';
import * as scenes from '../../support/scenes.ts';

const given = (scene: scenes.Scene) => {
  const model = scenes.modelOf(scene);
  return [model, run(rules, model)] as const;
};

describe('the first line of a report', () => {
  test('counts what was found and names the worst', () => {
    const [model, verdicts] = given(scenes.stopLeak);
    const { critical, warning } = countsOf(model, verdicts);
    expect(critical).toBeGreaterThan(0);
    const start = [`CRITICAL ${critical}`, ...(warning > 0 ? [`WARNING ${warning}`] : [])].join(', ');
    expect(statusLine(model, verdicts)).toBe(`${start}: ${verdicts.findings[0]?.title}`);
  });

  test('of a healthy node is OK', () => {
    expect(statusLine(...given(scenes.healthy))).toMatch(/^OK: nothing found/);
  });

  test('of a node whose sources fail says why it is unknown', () => {
    expect(statusLine(...given(scenes.unanswered))).toBe('UNKNOWN: no source of this node answers');
  });

  test('fits the message of a node condition', () => {
    const [model, verdicts] = given(scenes.stopLeak);
    expect(Buffer.byteLength(npdLine(model, verdicts))).toBeLessThanOrEqual(80);
    expect(npdLine(model, verdicts)).toMatch(/^CRITICAL \d.{60,}…$/);
  });

  test('fits it in bytes, whatever the names of containers are made of', () => {
    const [model, verdicts] = given(scenes.stopLeak);
    const [first, ...others] = verdicts.findings;
    if (first === undefined) throw new Error('no finding');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 20, maxLength: 200 }), (title) => {
        const line = npdLine(model, { ...verdicts, findings: [{ ...first, title }, ...others] });
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(80);
        expect(line).not.toContain('\ufffd');
        expect(line).toMatch(/^CRITICAL \d/);
      }),
      { numRuns: 25 },
    );
  });
});
