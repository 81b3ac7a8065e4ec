import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernelThreadFlag, type PidStat, parsePidStat } from '../../../../src/parse/proc/pid/stat.ts';
import { anyCharacter, expectNoHang, expectToBear } from '../../any-text.ts';

const tail =
  '4194560 2131 0 0 0 41 17 5 6 20 0 9 0 139682 2322432 316 18446744073709551615 4198400 5785993 0 0 0 0 0 0 0';
const dd =
  '28815 (dd) D 26190 26190 26190 0 -1 4194368 22 0 0 0 3 4 0 0 20 0 1 0 144223 3371008 215 18446744073709551615 4198400 ' +
  '5785993 140728262916752 0 0 256 0 0 66050 1 0 0 17 1 0 0 0 0 0 6141704 6178576 1075187712 140728262917918\n';
const zombie =
  '26268 (sleep) Z 26244 26244 26244 0 -1 4227084 62 0 0 0 0 0 0 0 20 0 1 0 139688 0 0 18446744073709551615 0 0 0 0 0 0 0 ' +
  '6 0 1 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0\n';
const kworker =
  '15132 (kworker/u8:0+flush-7:1) D 2 0 0 0 -1 69501024 0 0 0 0 0 51 0 0 20 0 1 0 315642 0 0 18446744073709551615 0 0 0\n';
const realTime =
  '17 (migration/0) S 2 0 0 0 -1 69238848 0 0 0 0 0 7 0 0 -100 0 1 0 3 0 0 18446744073709551615 0 0 0 0\n';
// Linux 2.6.32 ends with fewer columns.
const old =
  '1 (init) S 0 1 1 0 -1 4202752 9 8 7 6 5 4 3 2 20 0 1 0 1 19849216 390 18446744073709551615 1 1 0 0 0 0 0 0\n';
const samples = [dd, zombie, kworker, realTime, old];

describe('a stat line', () => {
  test('of a blocked process gives its identity, state and parent', () => {
    expect(parsePidStat(dd)).toEqual({
      pid: 28815,
      comm: 'dd',
      state: 'D',
      ppid: 26190,
      flags: 4194368,
      cpuTicks: 7,
      threads: 1,
      starttime: 144223,
      killPending: true,
    } satisfies PidStat);
  });

  test('adds user and system time, and leaves out that of children', () => {
    expect(parsePidStat(`7 (a) S 1 1 1 0 -1 ${tail}`)).toMatchObject({ cpuTicks: 58, threads: 9, starttime: 139682 });
  });

  test('of a zombie has no memory and still a parent', () => {
    expect(parsePidStat(zombie)).toMatchObject({ state: 'Z', ppid: 26244, starttime: 139688 });
  });

  test.each([
    ['a kernel worker', kworker, 'kworker/u8:0+flush-7:1'],
    ['a real-time kernel thread, whose priority is negative', realTime, 'migration/0'],
  ])('of %s has the flag of kernel threads', (_, text, comm) => {
    const stat = parsePidStat(text);
    expect(stat.comm).toBe(comm);
    expect(stat.flags & kernelThreadFlag).not.toBe(0);
  });

  test('of an old kernel, with fewer columns, is read all the same', () => {
    expect(parsePidStat(old)).toMatchObject({ pid: 1, comm: 'init', cpuTicks: 9, starttime: 1 });
  });

  test('of one that was not killed, or whose kill is another’s, has none pending', () => {
    expect(parsePidStat(zombie).killPending).toBe(false);
    expect(parsePidStat(old).killPending).toBe(false);
  });

  test.each([
    ['SIGKILL', 256, true],
    ['SIGTERM and SIGKILL', 0x4100, true],
    ['SIGTERM', 0x4000, false],
    ['SIGUSR1, the bit after it', 0x200, false],
    ['SIGBUS and the bits before it', 0xff, false],
  ])('with %s pending, which field 31 says, is %s', (_, mask, pending) => {
    expect(parsePidStat(dd.replace(' 0 0 256 0 0 ', ` 0 0 ${mask} 0 0 `)).killPending).toBe(pending);
  });

  test('does not take a blocked or caught signal for a pending one', () => {
    expect(parsePidStat(dd.replace(' 0 0 256 0 0 ', ' 256 256 0 256 256 ')).killPending).toBe(false);
  });

  test.each(['a b', 'a (b) c', ') S 1 (', '((sd-pam))', 'Web Content', '', ')', '\n', 'ねこ'])(
    'with the comm %j does not shift the fields',
    (comm) => {
      expect(parsePidStat(`42 (${comm}) R 1 1 1 0 -1 ${tail}`)).toMatchObject({
        pid: 42,
        comm,
        state: 'R',
        ppid: 1,
        threads: 9,
        starttime: 139682,
      });
    },
  );

  test.each([
    ['nothing, which a process leaves that ended meanwhile', ''],
    ['only a pid', '42'],
    ['an open parenthesis', '42 (dd'],
    ['no pid', '(dd) S 1 1 1 0 -1 1 0 0 0 0 0 0 0 0 0 0 1 0 1'],
    ['a word for a pid', `x (dd) S 1 1 1 0 -1 ${tail}`],
    ['a line that ends before the start time', '42 (dd) S 1 1 1 0 -1 4194560 2131 0 0 0 41 17 5 6 20 0 9'],
    ['a word among the numbers', `42 (dd) S 1 one 1 0 -1 ${tail}`],
  ])('that is %s is refused', (_, text) => {
    expect(() => parsePidStat(text)).toThrow(/stat line of a process/);
  });
});

test('what is printed as the kernel prints it is read back the same', () => {
  const number = fc.nat({ max: 2 ** 31 - 1 });
  const printed = fc.record({
    pid: fc.integer({ min: 1, max: 2 ** 22 }),
    comm: fc.string({ unit: anyCharacter, maxLength: 15 }),
    state: fc.constantFrom('R', 'S', 'D', 'T', 't', 'X', 'Z', 'P', 'I'),
    ppid: fc.nat({ max: 2 ** 22 }),
    tpgid: fc.constantFrom(-1, 0, 77),
    flags: fc.nat({ max: 2 ** 32 - 1 }),
    utime: number,
    stime: number,
    priority: fc.integer({ min: -100, max: 39 }),
    nice: fc.integer({ min: -20, max: 19 }),
    threads: fc.nat({ max: 100_000 }),
    starttime: fc.nat({ max: 2 ** 40 }),
    rest: fc.array(number, { maxLength: 30 }),
  });
  fc.assert(
    fc.property(printed, ({ pid, comm, state, ppid, tpgid, flags, utime, stime, priority, nice, ...last }) => {
      const { threads, starttime, rest } = last;
      const fields = [ppid, 1, 1, 34816, tpgid, flags, 5, 6, 7, 8, utime, stime, 3, 4, priority, nice, threads, 0];
      const text = `${pid} (${comm}) ${state} ${[...fields, starttime, ...rest].join(' ')}\n`;
      expect(parsePidStat(text)).toEqual({
        pid,
        comm,
        state,
        ppid,
        flags,
        cpuTicks: utime + stime,
        threads,
        starttime,
        killPending: ((rest[8] ?? 0) & 0x100) !== 0,
      });
    }),
    { numRuns: 1000 },
  );
});

test('any text gives a value or an error', () => expectToBear(parsePidStat, samples, 1000));

test('no text takes long', () => expectNoHang(parsePidStat, [...samples, '1 (', '1 (a) S ', '9']));
