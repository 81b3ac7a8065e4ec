import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Sampler, type Source } from '../../src/collect/sampler.ts';
import { Watchdog } from '../../src/collect/watchdog.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { Tree } from '../support/world.ts';
import { holdTime } from './stand-in.ts';

/** A watchdog whose clock and CPU the test drives, asked as a sampler asks it: once a tick, which is as long as it says. */
function open({ budgetPercent, startedAt = 0 }: { budgetPercent?: number; startedAt?: number } = {}) {
  let nowMs = startedAt;
  let cpuMs = 700;
  const watchdog = new Watchdog({ budgetPercent, now: () => nowMs, cpuMs: () => cpuMs });
  let factor = watchdog.measure();
  const changes: (readonly [seconds: number, factor: number])[] = [];
  return {
    watchdog,
    /** When it said something else, and what. */
    changes,
    /** Ticks for so long; each costs that much CPU, however far apart they are. */
    tick: (seconds: number, cpuMsPerTick: number) => {
      const until = nowMs + seconds * 1000;
      while (nowMs < until) {
        nowMs += 1000 * factor;
        cpuMs += cpuMsPerTick;
        const next = watchdog.measure();
        if (next !== factor) changes.push([Math.round((nowMs - startedAt) / 1000), next]);
        factor = next;
      }
      return factor;
    },
  };
}

describe('the looks come', () => {
  test('as often as configured while they cost less than the budget', () => {
    const { tick } = open();
    expect(tick(600, 29)).toBe(1);
  });

  test('half as often when they cost more than 3 % of a core over a minute', () => {
    const { tick, changes } = open();
    tick(200, 32);
    expect(changes).toEqual([[67, 2]]);
  });

  test('less often the sooner, the more they cost', () => {
    const first = (cpuMsPerTick: number): number | undefined => {
      const { tick, changes } = open();
      tick(120, cpuMsPerTick);
      return changes[0]?.[0];
    };
    // The minute's budget of 1,800 ms is used up after so long, from the tenth second on.
    expect([76, 300, 900].map(first)).toEqual([34, 17, 13]);
  });

  test('at a quarter of the pace on a node whose looks cost 7.6 % of a core', () => {
    const { tick, changes } = open();
    expect(tick(1800, 76)).toBe(4);
    expect(changes.map(([, factor]) => factor)).toEqual([2, 4]);
  });

  test('eight times as far apart at most, however much they cost', () => {
    const { tick, changes } = open();
    expect(tick(600, 2000)).toBe(8);
    expect(changes.map(([, factor]) => factor)).toEqual([2, 4, 8]);
  });

  test('as often as before in steps, each after a whole minute below half the budget', () => {
    const { tick, changes } = open();
    tick(60, 2000);
    changes.length = 0;
    expect(tick(400, 5)).toBe(1);
    expect(changes.map(([, factor]) => factor)).toEqual([4, 2, 1]);
    const [first = 0, second = 0, third = 0] = changes.map(([seconds]) => seconds);
    expect(second - first).toBeGreaterThanOrEqual(60);
    expect(third - second).toBeGreaterThanOrEqual(60);
  });

  test('no more often while they cost less than the budget, but more than half of it', () => {
    const { tick } = open();
    tick(60, 76);
    expect(tick(3600, 76)).toBe(4);
  });
});

describe('it never acts', () => {
  test('in the first ten seconds, nor for what was used in them', () => {
    const { tick } = open({ startedAt: 5_000_000 });
    expect(tick(9, 3000)).toBe(1);
    expect(tick(300, 10)).toBe(1);
  });

  test('for one burst that a minute can hold', () => {
    const { tick } = open();
    tick(30, 5);
    expect(tick(1, 1000)).toBe(1);
    expect(tick(300, 5)).toBe(1);
  });

  test('when all of a core may be used', () => {
    expect(open({ budgetPercent: 100 }).tick(600, 5000)).toBe(1);
  });
});

test('another budget is kept as well', () => {
  expect(open({ budgetPercent: 10 }).tick(600, 76)).toBe(1);
  expect(open({ budgetPercent: 0.5 }).tick(600, 10)).toBe(2);
});

test('ticks that are further apart than the minute are judged by what they cost all the same', () => {
  let nowMs = 0;
  let cpuMs = 0;
  const watchdog = new Watchdog({ now: () => nowMs, cpuMs: () => cpuMs });
  const look = (seconds: number, usedMs: number): number => {
    nowMs += seconds * 1000;
    cpuMs += usedMs;
    return watchdog.measure();
  };
  look(600, 0);
  expect(look(600, 10_000)).toBe(1);
  expect(look(600, 20_000)).toBe(2);
});

describe('a sampler that is slowed', () => {
  function start(sources: readonly Source[], factors: readonly number[]) {
    holdTime();
    const lines: Sample[] = [];
    let ticks = 0;
    const watchdog = new Watchdog({ now: () => 0, cpuMs: () => 0 });
    vi.spyOn(watchdog, 'measure').mockImplementation(() => factors[Math.min(ticks++, factors.length - 1)] ?? 1);
    const sampler = new Sampler(sources, new Tree().world(), {
      intervalMs: 1000,
      now: () => 1_795_243_287_000,
      write: (sample) => lines.push(sample),
      watchdog,
    });
    onTestFinished(() => sampler.stop());
    sampler.start();
    return { lines, sampler };
  }

  const counted = (name: 'processes' | 'mounts', periodMs: number) => {
    const at: number[] = [];
    const started = { at: Number.NaN };
    const collect = () => {
      if (Number.isNaN(started.at)) started.at = performance.now();
      at.push(Math.round((performance.now() - started.at) / 1000));
      return ok({}, 0);
    };
    return { at, source: { name, periodMs, collect } as unknown as Source };
  };

  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  test('makes every period longer, and is back when it may', async () => {
    const quick = counted('processes', 0);
    const slow = counted('mounts', 10_000);
    start([quick.source, slow.source], [1, 1, ...Array<number>(11).fill(4), 1]);
    await pass(60_000);
    expect(quick.at.slice(0, 6)).toEqual([0, 1, 2, 6, 10, 14]);
    expect(slow.at.slice(0, 2)).toEqual([0, 38]);
    expect(quick.at.slice(12, 16)).toEqual([42, 46, 47, 48]);
    expect(slow.at.slice(1)).toEqual([38, 48, 58]);
  });

  test('says so in every line, with what it goes by', async () => {
    const { lines } = start([counted('processes', 0).source], [1, 2]);
    await pass(1100);
    expect(lines[0]?.sampler).not.toHaveProperty('slowed');
    expect(lines.at(-1)?.sampler.slowed).toEqual({ factor: 2, intervalMs: 2000, budgetPercent: 3 });
  });

  test('still says every second that it lives, or its parent would kill it', async () => {
    const { lines } = start([counted('processes', 0).source], [8]);
    await pass(30);
    lines.length = 0;
    await pass(7000);
    expect(lines.length).toBeGreaterThanOrEqual(6);
  });

  test('leaves no timer behind', async () => {
    const { sampler } = start([counted('processes', 0).source], [8]);
    await pass(3000);
    sampler.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
