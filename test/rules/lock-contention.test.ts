import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { lockContention } from '../../src/rules/lock-contention.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import { looks } from '../corpus/case.ts';
import { dockerNode } from '../corpus/node.ts';
import { explained, lockedLayers } from '../corpus/stacks.ts';
import { lockedWhole } from '../support/locked-daemon.ts';
import { modelOf } from '../support/scenes.ts';

const after = (seconds: number, stacks: readonly FoldedStack[]): readonly Finding[] =>
  run([lockContention], modelOf(looks(seconds, 2, (second) => dockerNode(second, { dockerdStacks: stacks })))).findings;

test('fifty waiters count at once, and are critical when they are there in the next poll too', () => {
  expect(after(2, lockedLayers(50))).toMatchObject([{ severity: 'warning', subjects: { daemons: ['dockerd'] } }]);
  expect(after(100, lockedLayers(50))).toMatchObject([{ severity: 'critical' }]);
});

test('a dozen count when they are there in two polls in a row, and fewer never', () => {
  expect(after(2, lockedLayers(12))).toEqual([]);
  expect(after(100, lockedLayers(12))).toMatchObject([{ severity: 'critical' }]);
  expect(after(100, lockedLayers(9))).toEqual([]);
});

test('the lock, its users and the probable holder with its wait are named', () => {
  const [finding] = after(100, lockedLayers(60));
  expect(finding?.title).toMatch(/60 goroutines wait for the lock of/);
  expect(finding?.summary).toContain('layer.(*layerStore).CreateRWLayer');
  expect(finding?.summary).toContain('unix.Unmount');
  expect(finding?.remedies.map(({ command }) => command)).toContain('rtwatch goroutines dockerd');
});

describe('the whole dump that is read for a pile-up', () => {
  /** It comes after the second folded read; 48 wait in it. */
  const judged = (seconds: number, waiters: (second: number) => number): readonly Finding[] =>
    run(
      [lockContention],
      modelOf(
        looks(seconds, 2, (second) => {
          const readings = dockerNode(second, { dockerdStacks: lockedLayers(waiters(second)) });
          return second === 62 ? explained(readings, lockedWhole(48)) : readings;
        }),
      ),
    ).findings;

  test('names the goroutine that holds the lock, where it waits and for how long', () => {
    const [finding] = judged(100, () => 48);
    expect(finding).toMatchObject({ severity: 'critical', confidence: 'certain' });
    expect(finding?.summary).toContain(
      'Goroutine 1908 holds it, in unix.Unmount below layer.(*layerStore).ReleaseRWLayer [syscall, 53m].',
    );
    expect(finding?.evidence).toContainEqual({
      source: 'dockerd goroutine?debug=2, 38s ago',
      text: '48 goroutines wait for Mutex 0xc000b10020',
    });
    expect(finding?.remedies.map(({ text }) => text)).toContain('End what the holder waits for: unix.Unmount.');
  });

  test('says its age when the holder can be another one by now', () => {
    expect(judged(240, () => 48)[0]?.summary).toContain('2m 58s ago: Goroutine 1908 holds it');
  });

  test('says how many of those that wait it explains', () => {
    const [finding] = judged(100, () => 140);
    expect(finding?.confidence).toBe('likely');
    expect(finding?.summary).toContain('48 of them wait for one lock. Goroutine 1908 holds it');
  });

  test('is forgotten with the pile-up: of a later one it says nothing', () => {
    expect(judged(200, (second) => (second < 120 ? 48 : 0))).toEqual([]);
    const [finding] = judged(400, (second) => (second < 120 || second >= 240 ? 48 : 0));
    expect(finding?.summary).toContain('probably');
    expect(finding?.summary).not.toContain('1908');
  });
});
