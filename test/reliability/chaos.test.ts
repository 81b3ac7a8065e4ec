import { expect, test } from 'vitest';
import { runChaos } from './chaos-run.ts';
import { Random } from './random.ts';

test('while all goes wrong for a while, the screen lives, answers, and leaves nothing behind', async () => {
  const report = await runChaos({
    forMs: 15_000,
    seed: 20_261_121,
    pids: 300,
    busy: 0,
    // Other tests run on the same cores, and so short a run tells nothing of memory: `npm run chaos` is for both.
    keyMs: 5000,
    judgeMemory: false,
  });
  expect(report.failures).toEqual([]);
  expect(report.keysMs.length).toBeGreaterThan(1);
  expect(report.counts.get('key')).toBeGreaterThan(5);
}, 90_000);

test('the same seed gives the same chance', () => {
  const of = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => random.between(0, 1000));
  };
  expect(of(7)).toEqual(of(7));
  expect(of(7)).not.toEqual(of(8));
  expect(new Set(of(7)).size).toBeGreaterThan(40);
});
