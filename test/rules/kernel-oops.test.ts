import { expect, test } from 'vitest';
import { ok } from '../../src/sample/reading.ts';
import { foundInKernelLog, foundInLines } from '../support/kernel-log.ts';
import { host, noon } from '../support/samples.ts';

test('the task of a fault follows it; that of a warning is another', () => {
  const task = (pid: number): string => `CPU: 2 PID: ${pid} Comm: runc Tainted: G            E   5.10.205 #1`;
  const finding = foundInKernelLog('kernel-oops', ['Oops: 0000 [#1] SMP', task(90_011), 'x', task(77)]);
  expect(finding).toMatchObject({
    title: 'The kernel had a fault (oops) in runc (pid 90011)',
    subjects: { pids: [90_011] },
  });
});

test('a fault of an earlier boot does not count, nor does its task', () => {
  const lines: Parameters<typeof foundInLines>[1] = [
    [4000, 'kernel', 'Oops: 0000 [#1] SMP'],
    [4000, 'kernel', 'CPU: 2 PID: 4242 Comm: old Not tainted 5.10.205 #1'],
    [300, 'kernel', 'Oops: 0000 [#1] SMP'],
    [300, 'kernel', 'CPU: 2 PID: 77 Comm: runc Not tainted 5.10.205 #1'],
  ];
  const finding = foundInLines('kernel-oops', lines, { readings: { host: ok(host({ uptimeSeconds: 3600 }), 3) } });
  expect(finding.title).toBe('The kernel had a fault (oops) in runc (pid 77)');
  expect(finding.since).toBeGreaterThanOrEqual(noon - 3600 * 1000);
});

test('the function of a fault is named, that of a warning after it is not', () => {
  const old = foundInKernelLog('kernel-oops', ['IP: check_cfs_rq_runtime+0x12/0x50', 'Oops: 0000 [#1] SMP NOPTI'], 0);
  expect(old.summary).toContain('It happened in check_cfs_rq_runtime().');
  const later = foundInLines('kernel-oops', [
    [60, 'kernel', 'Oops: 0000 [#1] SMP'],
    [20, 'kernel', 'RIP: 0010:skb_warn_bad_offload+0x4d1/0x8b0'],
  ]);
  expect(later.summary).not.toContain('It happened');
});

test('damage that the kernel found before a fault names the process, and gives way to a fault', () => {
  const bad = 'BUG: Bad page map in process docker-runc  pte:00010000 pmd:8fb898067';
  const found = foundInKernelLog('kernel-oops', [bad]);
  expect(found).toMatchObject({
    severity: 'warning',
    title: 'The kernel found its own data corrupt in a process of docker-runc: bad memory, or a fault of the kernel',
  });
  expect(foundInKernelLog('kernel-oops', [bad, 'Oops: 0000 [#1] SMP']).title).toContain('oops');
});

test('of a report that is cut off, its first line is enough; a whole one counts once', () => {
  const bad = 'BUG: unable to handle kernel paging request at ffffea0003d85248';
  const place = 'IP: [<ffffffff81116e22>] unmap_single_vma+0x2d9/0x6b8';
  const cut = foundInKernelLog('kernel-oops', [bad, place], 0);
  expect(cut.summary).toMatch(/It happened in unmap_single_vma\(\)\. 1 line of the logs says so/);
  const whole = foundInKernelLog('kernel-oops', [bad, place, 'Oops: 0000 [#1] SMP'], 0);
  expect(whole.summary).toContain('1 line of the logs says so');
});

test('the task of an old report is named, also where only its end is there', () => {
  const process = 'Process docker (pid: 1262, threadinfo ffff88003cb6c000, task ffff88003d5a4080)';
  const finding = foundInKernelLog(
    'kernel-oops',
    ['RIP: 0010:[<ffffffff812943e0>]  [<ffffffff812943e0>] list_del+0x10/0xa0', process],
    0,
  );
  expect(finding.title).toBe('The kernel had a fault (oops) in docker (pid 1262)');
  expect(finding.summary).toContain('list_del()');
});

test('a fault while no process ran blames none: the node panics', () => {
  const finding = foundInKernelLog(
    'kernel-oops',
    [
      'IP: [<ffffffffa02cd03c>] nf_nat_redirect_ipv4+0x3c/0xc0 [nf_nat_redirect]',
      'Oops: 0000 [#2] SMP',
      'CPU: 1 PID: 0 Comm: swapper/1 Tainted: G      D         4.2.2 #2',
    ],
    0,
  );
  expect(finding.title).toBe('The kernel had a fault (oops) while no process ran, probably in an interrupt');
  expect(finding.summary).toContain('It was on CPU 1. It happened in nf_nat_redirect_ipv4().');
  expect(finding.subjects.pids).toEqual([]);
});
