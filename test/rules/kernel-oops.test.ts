import { expect, test } from 'vitest';
import { foundInKernelLog } from '../support/kernel-log.ts';

test('the task of a fault follows it; that of a warning is another', () => {
  const task = (pid: number): string => `CPU: 2 PID: ${pid} Comm: runc Tainted: G            E   5.10.205 #1`;
  const finding = foundInKernelLog('kernel-oops', ['Oops: 0000 [#1] SMP', task(90_011), 'x', task(77)]);
  expect(finding).toMatchObject({
    title: 'The kernel had a fault (oops) in runc (pid 90011)',
    subjects: { pids: [90_011] },
  });
});
