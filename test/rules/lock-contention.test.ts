import { expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { lockContention } from '../../src/rules/lock-contention.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import { looks } from '../corpus/case.ts';
import { dockerNode } from '../corpus/node.ts';
import { lockedLayers } from '../corpus/stacks.ts';
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
