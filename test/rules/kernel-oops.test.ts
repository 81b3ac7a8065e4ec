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
