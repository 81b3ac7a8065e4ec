import { throttle as original } from 'es-toolkit/compat';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { throttle } from '../../../src/app/ink/throttle.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Throttled {
  (word: string): void;
  flush(): void;
  cancel(): void;
}

/** What is called, and when. */
function watched(make: (call: (word: string) => void, waitMs?: number) => Throttled, waitMs?: number) {
  const calls: [word: string, at: number][] = [];
  const started = performance.now();
  const throttled = make((word: string) => void calls.push([word, performance.now() - started]), waitMs);
  return { calls, throttled };
}

describe('a throttled function', () => {
  test('is called at once, and leaves no timer behind', () => {
    const { calls, throttled } = watched(throttle, 50);
    throttled('first');
    expect(calls).toEqual([['first', 0]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is called once more for all that come soon after, with the newest of them', () => {
    const { calls, throttled } = watched(throttle, 50);
    for (const word of ['first', 'second', 'third']) {
      throttled(word);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1000);
    expect(calls).toEqual([
      ['first', 0],
      ['third', 50],
    ]);
    throttled('later');
    expect(calls.at(-1)).toEqual(['later', 1030]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is called in steps while calls go on coming', () => {
    const { calls, throttled } = watched(throttle, 50);
    for (let n = 0; n < 20; n++) {
      throttled(`${n}`);
      vi.advanceTimersByTime(10);
    }
    expect(calls.map(([, at]) => at)).toEqual([0, 50, 100, 150, 200]);
  });

  test('makes the call that waits when it is flushed, and forgets it when it is cancelled', () => {
    const { calls, throttled } = watched(throttle, 50);
    throttled('first');
    throttled('second');
    throttled.flush();
    throttled.flush();
    throttled('third');
    throttled.cancel();
    vi.advanceTimersByTime(1000);
    expect(calls.map(([word]) => word)).toEqual(['first', 'second']);
  });

  test.each([undefined, 50])(
    'draws what that of es-toolkit draws, in calls far apart and at the end of near ones (wait: %s)',
    (waitMs) => {
      const shown = [throttle, original].map((make) => {
        const { calls, throttled } = watched(make, waitMs);
        for (const [word, restMs] of [
          ['a', 200],
          ['b', 0],
          ['c', 5],
          ['d', 500],
          ['e', 60],
          ['f', 200],
        ] as const) {
          throttled(word);
          vi.advanceTimersByTime(restMs);
        }
        return calls.map(([word]) => word);
      });
      expect(shown[0]).toEqual(shown[1]);
    },
  );
});
