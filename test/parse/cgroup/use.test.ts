import { describe, expect, test } from 'vitest';
import { parseCpuMicros, parseGroupNumber, parseOomKills } from '../../../src/parse/cgroup/use.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

describe('a number of a control group', () => {
  test.each([
    ['536870912\n', 536_870_912],
    ['0\n', 0],
    ['max\n', null],
    // No limit on v1, with pages of 4 KiB and of 64 KiB.
    ['9223372036854771712\n', null],
    ['9223372036854710272\n', null],
    ['', null],
    ['-1\n', null],
    ['12 34\n', null],
  ])('%j is %s', (text, number) => {
    expect(parseGroupNumber(text)).toBe(number);
  });
});

test('CPU time is the first line of cpu.stat', () => {
  expect(parseCpuMicros('usage_usec 1730255\nuser_usec 900000\nsystem_usec 830255\nnr_periods 0\n')).toBe(1_730_255);
  expect(parseCpuMicros('nr_periods 0\n')).toBeNull();
});

test('kills of the OOM killer are not kills of its whole group', () => {
  expect(parseOomKills('low 0\nhigh 0\nmax 41\noom 3\noom_kill 2\noom_group_kill 1\n')).toBe(2);
  expect(parseOomKills('oom_kill_disable 0\nunder_oom 0\noom_kill 5\n')).toBe(5);
  expect(parseOomKills('oom_kill_disable 0\nunder_oom 0\n')).toBeNull();
});

test.each([parseGroupNumber, parseCpuMicros, parseOomKills])('%o bears any text', (parse) => {
  expectToBear(parse, ['usage_usec 1\n', 'oom_kill 1\n', 'max\n']);
  expectNoHang(parse, ['oom_kill 1\n', '1']);
});
