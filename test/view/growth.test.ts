import { describe, expect, test } from 'vitest';
import type { DaemonModel } from '../../src/model/daemons/daemons.ts';
import { beforeText, bytesPerMinute, fdGrowthText, perMinute, rssGrowthText } from '../../src/view/growth.ts';
import { healthy, modelOf } from '../support/scenes.ts';

describe('a growth', () => {
  test.each([
    [null, ''],
    [0, ''],
    [0.3, ''],
    [0.5, '+1/min'],
    [12.4, '+12/min'],
    [-3, '-3/min'],
    [12_000, '+12,000/min'],
  ])('of %j is %j', (growth, text) => {
    expect(perMinute(growth)).toBe(text);
  });

  test.each([
    [null, ''],
    [1000, ''],
    [34 * 1024 ** 2, '+34 MiB/min'],
    [-2 * 1024 ** 3, '-2 GiB/min'],
  ])('of %j bytes is %j', (growth, text) => {
    expect(bytesPerMinute(growth)).toBe(text);
  });
});

describe('what a figure was before', () => {
  test.each([
    [[54, 200, 660], '54→'],
    [[660, 200, 54], '660→'],
    [[60, 62, 64], ''],
    [[null, 3, null, 9, null], '3→'],
    [[0, 0], ''],
    [[], ''],
  ])('of %j is %j', (series, text) => {
    expect(beforeText(series, String, '→')).toBe(text);
  });
});

describe('the growth of a daemon', () => {
  const [dockerd] = modelOf(healthy).daemons as [DaemonModel];

  test('shows when a limit is reached', () => {
    const growing = { ...dockerd, fdGrowthPerMinute: 12, fdExhaustionSeconds: 11_400 };
    expect(fdGrowthText(growing)).toBe('+12/min, limit in 3h 10m');
    const swelling = { ...dockerd, rssBytesGrowthPerMinute: 34 * 1024 ** 2, rssExhaustionSeconds: 28_920 };
    expect(rssGrowthText(swelling)).toBe('+34 MiB/min, node full in 8h 2m');
  });

  test('gives none when it shrinks, or nothing limits it', () => {
    expect(fdGrowthText({ ...dockerd, fdGrowthPerMinute: -4, fdExhaustionSeconds: null })).toBe('-4/min');
    expect(fdGrowthText({ ...dockerd, fdGrowthPerMinute: 4, fdExhaustionSeconds: null })).toBe('+4/min');
  });

  test('is empty while it stands still', () => {
    expect(fdGrowthText(dockerd)).toBe('');
    expect(rssGrowthText(dockerd)).toBe('');
  });
});
