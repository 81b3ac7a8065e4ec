import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type IoWindowHistory, ioWindowOf, noIoWindow, reduceIoWindow } from '../../../src/model/disks/io-window.ts';
import { failed, ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';

/** A tenth of the time some task waits, and the disk ends ten writes a second of 20 ms each. */
const at = (seconds: number) =>
  ok(
    make.disks([make.disk('vda', { writes: seconds * 10, writeMs: seconds * 200, weightedMs: seconds * 200 })], {
      pressure: ok({ some: { avg10: 0, avg60: 0, totalMicros: seconds * 1e5 }, full: null }, 1),
    }),
    1,
  );
const over = (times: readonly number[]): IoWindowHistory =>
  times.reduce((history, seconds) => reduceIoWindow(history, at(seconds), seconds * 1000), noIoWindow);
const every = (seconds: number, count: number): number[] => Array.from({ length: count }, (_, n) => n * seconds);

test('there is no window before ten seconds, whatever the interval', () => {
  expect(ioWindowOf(noIoWindow)).toBeNull();
  expect(ioWindowOf(over(every(1, 10)))).toBeNull();
  expect(ioWindowOf(over(every(0.25, 40)))).toBeNull();
  expect(ioWindowOf(over([0]))).toBeNull();
});

test('it gives the share of time and the figures of each device', () => {
  const window = ioWindowOf(over(every(1, 31)));
  expect(window).toMatchObject({ somePercent: 10, fullPercent: null });
  expect(window?.rates.get('vda')).toMatchObject({ writesPerSec: 10, awaitMs: 20, queue: 0.2 });
});

test('it is bounded, and about ten seconds long, at every interval', () => {
  fc.assert(
    fc.property(fc.integer({ min: 250, max: 9000 }), (intervalMs) => {
      const history = over(every(intervalMs / 1000, 120));
      expect(history.length).toBeLessThan(24);
      const overMs = ioWindowOf(history)?.overMs ?? 0;
      expect(overMs).toBeGreaterThanOrEqual(10_000);
      expect(overMs).toBeLessThan(10_000 + Math.max(2000, intervalMs));
    }),
  );
});

test('a long interval is a window of its own', () => {
  expect(ioWindowOf(over([0, 60]))).toMatchObject({ overMs: 60_000, somePercent: 10 });
});

test('a failed reading begins it anew, and a reset counter gives nothing', () => {
  const broken = reduceIoWindow(over(every(1, 20)), failed('EIO'), 20_000);
  expect(ioWindowOf(reduceIoWindow(broken, at(21), 21_000))).toBeNull();
  const reset = reduceIoWindow(over(every(1, 20)), at(1), 21_000);
  expect(ioWindowOf(reset)).toMatchObject({ somePercent: null, rates: new Map() });
});
