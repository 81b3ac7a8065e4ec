import { expect, test } from 'vitest';
import { parseProcStat } from '../../../src/parse/proc/stat.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

const recent = `cpu  27621 0 13862 249948 723 0 145 50 0 0
cpu0 12965 0 6648 126382 111 0 38 24 0 0
cpu1 14656 0 7213 123565 611 0 107 26 0 0
intr 1981860 0 0 0
ctxt 4238062
btime 1795241845
processes 32404
procs_running 1
procs_blocked 2
softirq 410217 0 52368 10
`;
const old = 'cpu  1 2 3 4\ncpu0 1 2 3 4\nintr 5\nctxt 6\nbtime 1300000000\nprocesses 7\n';

test('processors, boot time and blocked tasks are reported', () => {
  expect(parseProcStat(recent)).toMatchObject({ cpus: 2, bootTime: 1795241845, procsBlocked: 2 });
});

test('a line that is missing gives null', () => {
  expect(parseProcStat(old)).toEqual({ cpus: 1, bootTime: 1300000000, procsBlocked: null, cpu: null });
  expect(parseProcStat('')).toEqual({ cpus: 0, bootTime: null, procsBlocked: null, cpu: null });
});

test('the time of all processors is reported, and how much of it they waited for I/O', () => {
  expect(parseProcStat(recent).cpu).toEqual({ ioWait: 723, total: 27621 + 13862 + 249948 + 723 + 145 + 50 });
});

test('time given to guests is in the user time already', () => {
  expect(parseProcStat('cpu  100 0 0 0 7 0 0 0 90 5\n').cpu).toEqual({ ioWait: 7, total: 107 });
});

test('processors with two digits are counted, those switched off are not', () => {
  const cpus = Array.from({ length: 12 }, (_, i) => (i === 3 ? '' : `cpu${i} 1 0 1 1\n`)).join('');
  expect(parseProcStat(`cpu  1 0 1 1\n${cpus}`).cpus).toBe(11);
});

test('any text gives a value', () => expectToBear(parseProcStat, [recent, old]));

test('no text takes long', () => expectNoHang(parseProcStat, [recent, 'cpu0 ', 'cpu0 1\n', 'cpu1']));
