import { expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { reportText } from '../../src/view/report/text.ts';
import { faultsWithConsequences } from '../corpus/root-causes.ts';
import { modelOf } from '../support/scenes.ts';

const [thirty] = faultsWithConsequences;
const model = modelOf(thirty?.scene() ?? []);
const verdicts = run(rules, model);

test('thirty containers on one frozen volume are one finding, with a line for each of the first', () => {
  const text = reportText(model, verdicts);
  expect(text).toContain('CRITICAL: /data (/dev/loop0) is frozen: 30 containers cannot exit');
  expect(text).toContain('    30 consequences:');
  expect(text.match(/└ CRITICAL: pod-\d+ cannot exit/g)).toHaveLength(8);
  expect(text).toContain('22 more: check --all');
});

test('with --all each is shown with its evidence', () => {
  const text = reportText(model, verdicts, { all: true });
  expect(text.match(/└ CRITICAL: pod-\d+ cannot exit/g)).toHaveLength(30);
});

test('what ends the cause is reported once in its tree, and in the JSON with each', () => {
  const text = reportText(model, verdicts, { all: true });
  const thaw = /^\s*(?:nsenter .*)?fsfreeze /;
  expect(
    verdicts.findings.filter(({ remedies }) => remedies.some(({ command }) => thaw.test(command ?? ''))).length,
  ).toBeGreaterThan(1);
  expect(text.split('\n').filter((line) => thaw.test(line))).toHaveLength(1);
});
