import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLastRanSeconds } from '../../../../src/parse/proc/pid/sched.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const rule = '-------------------------------------------------------------------';
const recent = `dd (28815, #threads: 1)
${rule}
se.exec_start                                :       1442251.123456
se.vruntime                                  :        182310.502031
se.sum_exec_runtime                          :             3.264881
se.nr_migrations                             :                    2
nr_switches                                  :                   41
nr_voluntary_switches                        :                   39
policy                                       :                    0
prio                                         :                  120
clock-delta                                  :                   36
`;
const old = `sh (4711, #threads: 1)
${rule}
se.exec_start                      :     500120.000001
se.vruntime                        :        91.502031
`;
const group = `sh (4711, #threads: 1)\n${rule}\nse.statistics.exec_max  : 5.0\nse.exec_start : 12\nnr_switches : 3\n`;

test('the time a task last ran is reported in seconds', () => {
  expect(parseLastRanSeconds(recent)).toBe(1442.251123456);
});

test('a time of 0 says nothing: it is no task that has not run since boot', () => {
  expect(parseLastRanSeconds('se.exec_start                                :             0.000000\n')).toBeNull();
});

test.each([
  ['an older kernel, whose columns are narrower', old, 500.120000001],
  ['a kernel that prints a whole number', group, 0.012],
])('of %s too', (_, text, seconds) => {
  expect(parseLastRanSeconds(text)).toBe(seconds);
});

test('a comm that looks like the line is not mistaken for it', () => {
  expect(parseLastRanSeconds(`x se.exec_start : 9 (1, #threads: 1)\n${rule}\nse.exec_start  :  77.0\n`)).toBe(0.077);
});

test('a kernel without the line gives null', () => {
  expect(parseLastRanSeconds('')).toBeNull();
  expect(parseLastRanSeconds(`sh (1, #threads: 1)\n${rule}\nse.vruntime : 91.502031\n`)).toBeNull();
});

test('what the kernel prints is read back to the microsecond', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), fc.nat({ max: 999_999 }), (ms, fraction) => {
      const text = recent.replace('1442251.123456', `${ms}.${String(fraction).padStart(6, '0')}`);
      expect(parseLastRanSeconds(text)).toBeCloseTo(ms / 1000 + fraction / 1e9, 5);
    }),
  );
});

test('any text gives a number or null', () => expectToBear(parseLastRanSeconds, [recent, old, group]));

test('no text takes long', () =>
  expectNoHang(parseLastRanSeconds, [recent, 'se.exec_start', 'se.exec_start\n', ':\n']));
