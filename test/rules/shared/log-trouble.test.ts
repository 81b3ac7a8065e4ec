import { expect, test } from 'vitest';
import type { LogsModel } from '../../../src/model/logs/logs.ts';
import { troubleOfBoot } from '../../../src/rules/shared/log-trouble.ts';

const at = Date.UTC(2026, 10, 21, 12);
const minuteMs = 60_000;
const upMs = 20 * minuteMs;

/** One oops, so long before the end of a log that ended so long ago. */
const oops = (agoMs: number, endedMs: number): LogsModel => ({
  origins: [],
  lines: [],
  omitted: 0,
  tallies: [
    {
      sign: 'kernel-oops',
      container: null,
      count: 1,
      firstAt: at - endedMs - agoMs,
      lastAt: at - endedMs - agoMs,
      lastMinute: 0,
      agoMs,
      group: 'node',
      meaning: 'an oops',
      severity: 'warning',
      rule: 'kernel-oops',
    },
  ],
});
const trouble = (logs: LogsModel) => troubleOfBoot(logs, ['kernel-oops'], 24 * 60 * minuteMs, { upMs, at });

test('what was before the boot of this node is over', () => {
  expect(trouble(oops(30 * minuteMs, 0))).toBeNull();
  expect(trouble(oops(10 * minuteMs, 0))).toMatchObject({ count: 1 });
});

test('a log that ended before this node was booted is of another node: its faults stand', () => {
  expect(trouble(oops(90 * minuteMs, 60 * minuteMs))).toMatchObject({ count: 1, firstAt: at - 150 * minuteMs });
});

test('a quiet log of this boot keeps its past to itself', () => {
  expect(trouble(oops(25 * minuteMs, 15 * minuteMs))).toBeNull();
});
