import { describe, expect, test } from 'vitest';
import { parsePidStatus, parseSwitches } from '../../../../src/parse/proc/pid/status.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const running = `Name:\tdockerd
Umask:\t0022
State:\tS (sleeping)
Tgid:\t25893
Ngid:\t0
Pid:\t25893
PPid:\t1
FDSize:\t256
NSpid:\t25893
VmPeak:\t 1365128 kB
VmHWM:\t   81600 kB
VmRSS:\t   81316 kB
RssAnon:\t   38456 kB
Threads:\t9
SigQ:\t0/96365
SigPnd:\t0000000000000000
ShdPnd:\t0000000000000000
SigBlk:\tfffffffe3bfa3a00
SigIgn:\t0000000000000000
SigCgt:\tfffffffc3bfa3eff
`;
const zombie = `Name:\tsleep
State:\tZ (zombie)
Tgid:\t26268
Pid:\t26268
PPid:\t26244
NSpid:\t26268\t6
Threads:\t1
SigQ:\t0/96365
SigPnd:\t0000000000000000
ShdPnd:\t0000000000000000
`;
const kernelThread = 'Name:\tkworker/u8:0+flush-7:1\nState:\tD (disk sleep)\nTgid:\t15132\nKthread:\t1\nThreads:\t1\n';
// Linux 3.10 has no NSpid; HugetlbPages and the like come and go.
const old = `Name:\tdd\nState:\tD (disk sleep)\nVmRSS:\t     916 kB\nThreads:\t3\nSigQ:\t1/3896\n`;
const samples = [running, zombie, kernelThread, old];

const pending = (own: string, shared: string): string =>
  running.replace(/SigPnd:\t0+/, `SigPnd:\t${own}`).replace(/ShdPnd:\t0+/, `ShdPnd:\t${shared}`);

describe('the status of', () => {
  test('a daemon gives its memory in bytes, its threads and no signal', () => {
    expect(parsePidStatus(running)).toEqual({
      rssBytes: 81316 * 1024,
      threads: 9,
      killPending: false,
      nsPids: [25893],
    });
  });

  test.each([
    ['a zombie', zombie, [26268, 6]],
    ['a kernel thread', kernelThread, []],
  ])('%s has no memory, which is not the same as none used', (_, text, nsPids) => {
    expect(parsePidStatus(text)).toEqual({ rssBytes: null, threads: 1, killPending: false, nsPids });
  });

  test('an old kernel, with lines missing, gives the calm value for them', () => {
    expect(parsePidStatus(old)).toEqual({ rssBytes: 916 * 1024, threads: 3, killPending: false, nsPids: [] });
  });

  test('nothing at all gives the calm values', () => {
    expect(parsePidStatus('')).toEqual({ rssBytes: null, threads: 1, killPending: false, nsPids: [] });
  });

  test('a process in a namespace within a namespace gives its pid in each', () => {
    expect(parsePidStatus('NSpid:\t900\t57\t1\n').nsPids).toEqual([900, 57, 1]);
  });

  test('a comm that looks like a line of its own does not pretend memory', () => {
    expect(parsePidStatus('Name:\tVmRSS: 5 kB\nThreads:\t2\n')).toMatchObject({ rssBytes: null, threads: 2 });
  });
});

describe('SIGKILL is pending', () => {
  test.each([
    ['on the task alone', '0000000000000100', '0000000000000000'],
    ['on the process alone, as in a leader whose thread holds it up', '0000000000000000', '0000000000000100'],
    ['on both', '0000000000000100', '0000000000000100'],
    ['among others', '0000000000004100', '0000000000000000'],
    ['with a real-time signal beside it', 'ffffffff00000100', '0000000000000000'],
  ])('%s', (_, own, shared) => {
    expect(parsePidStatus(pending(own, shared)).killPending).toBe(true);
  });

  test.each([
    ['SIGTERM', '0000000000004000'],
    ['SIGUSR1, the bit after it', '0000000000000200'],
    ['SIGFPE, the bit before it', '0000000000000080'],
    ['SIGRTMAX', '8000000000000000'],
  ])('not when it is %s that waits', (_, mask) => {
    expect(parsePidStatus(pending(mask, mask)).killPending).toBe(false);
  });

  test('not when it is only blocked, ignored or caught', () => {
    expect(parsePidStatus('SigBlk:\t0000000000000100\nSigIgn:\t0000000000000100\n').killPending).toBe(false);
  });
});

test('any text gives a value', () => expectToBear(parsePidStatus, samples));

test('no text takes long', () => expectNoHang(parsePidStatus, [...samples, 'VmRSS:\t', 'VmRSS:\n', 'SigPnd:\t']));

describe('how often a task has left the CPU', () => {
  test('is the sum of both counts', () => {
    expect(parseSwitches('voluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t545\n')).toBe(695);
  });

  test('is unknown without either', () => {
    expect(parseSwitches('Name:\tdd\nvoluntary_ctxt_switches:\t150\n')).toBeNull();
    expect(parseSwitches('nonvoluntary_ctxt_switches:\t545\n')).toBeNull();
  });

  test('is read from any text', () => expectToBear(parseSwitches, samples));
});
