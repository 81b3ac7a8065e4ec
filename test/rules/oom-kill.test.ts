import { expect, test } from 'vitest';
import { foundInKernelLog, foundInLines } from '../support/kernel-log.ts';

const killed = (comm: string): string => `Out of memory: Killed process 994 (${comm}) total-vm:907784kB`;

test('a daemon that the kernel names is critical, another process of the node a warning', () => {
  expect(foundInKernelLog('oom-kill', [killed('containerd')])).toMatchObject({
    severity: 'critical',
    title: 'The OOM killer killed a process of containerd',
    subjects: { daemons: ['containerd'] },
  });
  expect(foundInKernelLog('oom-kill', [killed('containerd-shim')])).toMatchObject({ severity: 'warning' });
});

test('a unit that systemd saw killed a second before the kernel’s line belongs to it', () => {
  expect(
    foundInLines('oom-kill', [
      [101, 'systemd[1]', 'docker.service: Main process exited, code=killed, status=9/KILL'],
      [100, 'kernel', killed('java')],
    ]),
  ).toMatchObject({ severity: 'critical', title: expect.stringContaining('docker.service was killed') });
  expect(
    foundInLines('oom-kill', [
      [160, 'systemd[1]', 'docker.service: Main process exited, code=killed, status=9/KILL'],
      [100, 'kernel', killed('java')],
    ]).severity,
  ).toBe('warning');
});
