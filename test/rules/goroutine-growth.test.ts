import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { goroutineGrowth } from '../../src/rules/goroutine-growth.ts';
import { looks } from '../corpus/case.ts';
import { dockerNode } from '../corpus/node.ts';
import { logFollowers, stopsThatWait, unknownLeak, waitingProbes } from '../corpus/stacks.ts';
import { modelOf } from '../support/scenes.ts';

const judge = (seconds: number, stacks: (second: number) => ReturnType<typeof unknownLeak>): readonly Finding[] =>
  run([goroutineGrowth], modelOf(looks(seconds, 10, (second) => dockerNode(second, { dockerdStacks: stacks(second) }))))
    .findings;

describe('a group of an unknown kind', () => {
  test('that grows in every poll is a leak, with what grows and by how much', () => {
    const [finding] = judge(300, (second) => unknownLeak(300 + second * 2));
    expect(finding).toMatchObject({ severity: 'warning', subjects: { daemons: ['dockerd'] } });
    expect(finding?.title).toContain('plugin.(*Session).wait');
    expect(finding?.summary).toMatch(/\d+ of this group came in the last \d+m/);
  });

  test('that stays, that comes and goes, or that grew for a minute only is none', () => {
    expect(judge(300, () => unknownLeak(900))).toEqual([]);
    expect(judge(300, (second) => unknownLeak(second % 60 < 30 ? 900 : 300))).toEqual([]);
    expect(judge(300, (second) => unknownLeak(300 + Math.min(second, 60) * 8))).toEqual([]);
  });

  test('of thousands is reported at once, as possible', () => {
    expect(judge(2, () => unknownLeak(6000))).toMatchObject([{ confidence: 'possible' }]);
    expect(judge(2, () => unknownLeak(4000))).toEqual([]);
  });
});

test('probes that wait are known by name, from a hundred on', () => {
  expect(judge(2, () => waitingProbes(300))[0]?.title).toContain('300');
  expect(judge(2, () => waitingProbes(40))).toEqual([]);
});

// Two agents follow the logs of two hundred containers on a healthy node.
test('clients that follow logs are many from five hundred on', () => {
  expect(judge(2, () => logFollowers(900))[0]?.title).toContain('900 clients that follow the log');
  expect(judge(2, () => logFollowers(400))).toEqual([]);
});

test('stops that wait have a rule of their own, however many they are', () => {
  expect(judge(300, (second) => stopsThatWait(3000 + second * 4))).toEqual([]);
});
