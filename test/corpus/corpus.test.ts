import { describe, expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import type { Sample, SourceName } from '../../src/sample/sample.ts';
import { foreign, strange } from '../laws/number-shapes.ts';
import { modelOf } from '../support/scenes.ts';
import { cases, corpus } from './cases.ts';
import { judge, score } from './score.ts';

/** What the log says stands until the source is there that knows whether it is so still. */
const fromLogs = ['hung-task', 'filesystem-full'];

/** What is said as a fact of a node that has just been looked at. */
function alarmsOf(sample: Sample): string[] {
  return run(rules, modelOf([sample]))
    .findings.filter(({ id, severity, confidence }) => {
      return severity !== 'info' && confidence !== 'possible' && !fromLogs.includes(id);
    })
    .map(({ id, title }) => `${id}: ${title}`);
}

/** Answers come one after the other: for a moment some are there, and others are not. */
function halves(sample: Sample): (readonly [SourceName, Sample])[] {
  const names = Object.keys(sample.readings) as SourceName[];
  return names.flatMap((name) => {
    const { [name]: own, ...others } = sample.readings;
    return [
      [name, { ...sample, readings: others }] as const,
      [name, { ...sample, readings: { [name]: own } }] as const,
    ];
  });
}

// Once: most of what this costs is to make the states.
const judged = new Map(cases.map((one) => [one, judge(one, rules)]));

describe.each(Object.entries(corpus))('of %s', (_, some) => {
  test.each(some.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(judged.get(one)?.faults).toEqual([]);
  });
});

describe('over all states', () => {
  const scores = rules.map(({ id }) =>
    score(
      id,
      [...judged.values()].flatMap(({ outcomes }) => outcomes.get(id) ?? []),
    ),
  );

  test.each(scores.map((one) => [one.id, one] as const))('%s finds all that is so, and nothing else', (_, one) => {
    expect(one).toMatchObject({ precision: 1, recall: 1 });
  });

  test('each rule has a state in which it speaks and many in which it does not', () => {
    const untried = scores.filter(({ truePositives, trueNegatives }) => truePositives < 1 || trueNegatives < 20);
    expect(untried.map(({ id }) => id)).toEqual([]);
  });

  test('each number of the report is said one way', () => {
    expect([...judged].flatMap(([{ name }, { report }]) => strange(name, report, foreign))).toEqual([]);
  });

  test('no two states have the same name', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});

test('in a healthy state no source that has not answered yet, and none that is alone, makes an alarm', () => {
  const healthy = [...(corpus['healthy nodes'] ?? []), ...(corpus['near misses'] ?? [])].filter(
    ({ expected, mayAlso }) => expected.length === 0 && mayAlso === undefined,
  );
  // Most nodes have a source that says what it says of another: each state is judged once.
  const seen = new Set<string>();
  const isNew = (half: Sample): boolean => seen.size < seen.add(JSON.stringify(half)).size;
  const alarms = healthy.flatMap(({ name, scene }) =>
    scene()
      .slice(0, 1)
      .flatMap(halves)
      .filter(([, half]) => isNew(half))
      .flatMap(([source, half]) => alarmsOf(half).map((alarm) => `${name}, by ${source}: ${alarm}`)),
  );
  expect(alarms).toEqual([]);
});
